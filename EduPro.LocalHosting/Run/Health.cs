using System.Diagnostics;

namespace EduPro.LocalHosting;

/// <summary>Asks a server until it answers as it should.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <exception cref="DistributedApplicationException">It did not answer, or its process ended.</exception>
    public static async Task UntilAsync(
        Func<CancellationToken, Task> check,
        IResource resource,
        SupervisedProcess? process,
        LocalStack stack,
        CancellationToken ct
    )
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await check(ct);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                if (process?.FirstExit.Task is { IsFaulted: true } broken)
                    await broken;
                if (stack.Testing && process?.FirstExit.Task is { IsCompleted: true } ended)
                    throw new DistributedApplicationException($"{resource.Name} ended with exit code {await ended}.");
                if (since.Elapsed > Patience)
                    throw new DistributedApplicationException(
                        $"{resource.Name} is not healthy after {Patience.TotalSeconds} s: {e.Message}"
                    );
            }
            await Task.Delay(Between, ct);
        }
    }

    public static async Task HttpAsync(Uri url, int statusCode, CancellationToken ct)
    {
        using var response = await Http.GetAsync(url, ct);
        if ((int)response.StatusCode != statusCode)
            throw new HttpRequestException($"{url} answers {(int)response.StatusCode}");
    }
}
