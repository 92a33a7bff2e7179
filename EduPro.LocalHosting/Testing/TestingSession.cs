using System.Reflection;

namespace EduPro.LocalHosting;

/// <summary>Runs an AppHost's own entry point up to its Build(), and takes the builder from there.</summary>
internal sealed class TestingSession(Assembly appHost, string[] args)
{
    public static AsyncLocal<TestingSession?> Current { get; } = new();

    private DistributedApplicationBuilder? builder;

    public Assembly AppHost => appHost;
    public string[] Args => args;

    public Exception HandOver(DistributedApplicationBuilder built)
    {
        builder = built;
        return new StoppedAtBuildException();
    }

    public async Task<DistributedApplicationBuilder> RunAsync(CancellationToken ct)
    {
        await Task.Run(
            () =>
            {
                Current.Value = this;
                try
                {
                    var main = appHost.EntryPoint!;
                    _ = main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
                }
                catch (TargetInvocationException e) when (e.InnerException is StoppedAtBuildException) { }
            },
            ct
        );
        return builder ?? throw new DistributedApplicationException("The AppHost ended before its Build().");
    }

    private sealed class StoppedAtBuildException : Exception;
}
