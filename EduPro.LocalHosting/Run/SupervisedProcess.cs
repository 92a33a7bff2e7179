using System.Diagnostics;

namespace EduPro.LocalHosting;

/// <summary>One process of the stack: its lines go to the console, its crash is answered by a restart.</summary>
internal sealed class SupervisedProcess(
    IResource resource,
    ProcessSpec spec,
    StackConsole console,
    ResourceNotificationService notifications,
    bool restart,
    CancellationToken stopping
)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(60);

    private Task loop = Task.CompletedTask;
    private RunningProcess? running;

    public IResource Resource => resource;

    /// <summary>The exit code of the first run that ended while the stack was up.</summary>
    public TaskCompletionSource<int> FirstExit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Start() => loop = Task.Run(RunAsync, CancellationToken.None);

    public async Task StopAsync(CancellationToken deadline)
    {
        running?.Signal(spec.StopSignal);
        try
        {
            await loop.WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            console.Error($"{resource.Name} did not stop in time and is killed.");
            running?.Kill();
            await loop;
        }
    }

    private async Task RunAsync()
    {
        var pause = TimeSpan.FromSeconds(1);
        while (!stopping.IsCancellationRequested)
        {
            var since = Stopwatch.StartNew();
            int exitCode;
            try
            {
                running = await ProcessLauncher.StartAsync(spec, line => console.Line(resource.Name, line));
                Started(running.Id);
                exitCode = await running.Exited;
            }
            catch (Exception e)
            {
                FirstExit.TrySetException(
                    new DistributedApplicationException(
                        $"{resource.Name}: {spec.FileName} does not run: {e.Message}",
                        e
                    )
                );
                return;
            }
            if (stopping.IsCancellationRequested)
                return;
            // Who ends well has done what there was to do.
            var again = restart && exitCode != 0;
            Ended(exitCode, again);
            FirstExit.TrySetResult(exitCode);
            if (!again)
                return;
            if (since.Elapsed > Stable)
                pause = TimeSpan.FromSeconds(1);
            console.Error(
                $"{resource.Name} ended with exit code {exitCode}; it starts again in {pause.TotalSeconds} s."
            );
            try
            {
                await Task.Delay(pause, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private void Started(int id) =>
        notifications.Update(
            resource,
            status =>
            {
                var again = status.State == ResourceState.Restarting;
                return status with
                {
                    State = again ? ResourceState.Running : status.State,
                    Restarts = again ? status.Restarts + 1 : 0,
                    Since = TimeProvider.System.GetUtcNow(),
                    ProcessId = id,
                };
            }
        );

    private void Ended(int exitCode, bool again) =>
        notifications.Update(
            resource,
            status =>
                status with
                {
                    State =
                        again ? ResourceState.Restarting
                        : exitCode == 0 ? ResourceState.Finished
                        : ResourceState.Failed,
                    Health = null,
                    Note = exitCode == 0 ? null : $"ended with exit code {exitCode}",
                    Since = null,
                    ProcessId = null,
                }
        );
}
