using System.Runtime.InteropServices;

namespace EduPro.LocalHosting;

/// <summary>The stack of one AppHost, as plain processes of this machine.</summary>
public sealed class DistributedApplication : IAsyncDisposable, IDisposable
{
    internal DistributedApplication(LocalStack stack) => Stack = stack;

    internal LocalStack Stack { get; }

    /// <summary>Says when a resource has become healthy.</summary>
    public ResourceNotificationService ResourceNotifications => Stack.Notifications;

    /// <summary>Has the <see cref="ResourceLoggerService"/>.</summary>
    public IServiceProvider Services => Stack.Services;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        new DistributedApplicationBuilder(args);

    /// <summary>Starts everything and returns; <see cref="ResourceNotifications"/> tell what is healthy when.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => Stack.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => Stack.StopAsync();

    /// <summary>Runs until Ctrl+C, SIGTERM or a part that cannot start; the exit code tells which.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        using var orphaned = ParentWatch.Start(stopping);
        try
        {
            await Stack.StartAsync(stopping.Token);
            await Stack.WhenAllHealthyAsync(stopping.Token);
            await Stack.ShowUrlsAsync();
            await Stack.WhenBrokenAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { }
        catch (DistributedApplicationException e)
        {
            Stack.Console.Error(e.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            await Stack.StopAsync();
        }
    }

    public void Dispose() => Stack.StopAsync().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync() => await Stack.StopAsync();
}
