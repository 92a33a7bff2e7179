using System.Diagnostics;

namespace EduPro.Tests.Support;

internal static class Patience
{
    /// <summary>Waits until it is so; fails after a minute.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "It did not happen in time.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="Until(Func{Task{bool}})"/>
    public static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));
}
