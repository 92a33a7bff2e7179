using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using CliWrap;

namespace EduPro.LocalHosting;

internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

/// <summary>A command with what its end needs: the signal it stops on, and as whom it runs when we are root.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>What the kernel sends when this process is gone; a service holds nothing that a kill could break.</summary>
    public string OrphanSignal { get; init; } = "TERM";
    public string? User { get; init; }
}

internal sealed record RunningProcess(int Id, Task<int> Exited, CancellationTokenSource Killing)
{
    public void Signal(Signal signal)
    {
        if (OperatingSystem.IsWindows())
            Kill();
        else if (!Exited.IsCompleted)
            _ = ProcessLauncher.SendSignal(Id, (int)signal);
    }

    public void Kill() => Killing.Cancel();
}

/// <summary>
/// Starts processes that do not outlive this one, on Unix not even its SIGKILL. Linux: the kernel's parent-death signal
/// (setpriv) in a session of their own (setsid), so that a terminal's Ctrl+C reaches only us and the order of
/// stopping is ours. Other Unix: a shell that reads our pipe and kills what we told it when the pipe ends. Windows has
/// no such tie yet: what a killed AppHost leaves there must be ended by hand.
/// </summary>
internal static partial class ProcessLauncher
{
    private static readonly Lazy<bool> HasSetpriv = new(() =>
        OperatingSystem.IsLinux() && Executables.Find("setpriv") is not null && Executables.Find("setsid") is not null
    );
    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Lazy<Thread> Spawner = new(StartSpawner);
    private static readonly Lazy<Watchdog> Guard = new(() => new Watchdog());

    public static async Task<RunningProcess> StartAsync(ProcessSpec spec, Action<string> line)
    {
        var killing = new CancellationTokenSource();
        var command = Wrap(spec)
            .WithEnvironmentVariables(spec.Environment)
            .WithWorkingDirectory(spec.WorkingDirectory ?? Directory.GetCurrentDirectory())
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line))
            .WithValidation(CommandResultValidation.None);
        var started = await OnSpawnerThread(() => command.ExecuteAsync(killing.Token));
        if (!HasSetpriv.Value)
            Guard.Value.Watch(started.ProcessId);
        return new(started.ProcessId, ExitCodeAsync(started, killing), killing);
    }

    /// <summary>Runs a command to its end and answers its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        ProcessSpec spec,
        CancellationToken ct,
        Action<string>? line = null
    )
    {
        var output = new ConcurrentQueue<string>();
        var process = await StartAsync(
            spec,
            text =>
            {
                output.Enqueue(text);
                line?.Invoke(text);
            }
        );
        await using var registration = ct.Register(process.Kill);
        var exitCode = await process.Exited;
        ct.ThrowIfCancellationRequested();
        return (exitCode, string.Join('\n', output));
    }

    public static int SendSignal(int id, int signal) => Kill(id, signal);

    public static void Release()
    {
        if (Guard.IsValueCreated)
            Guard.Value.Dispose();
    }

    private static Command Wrap(ProcessSpec spec)
    {
        if (!HasSetpriv.Value)
            return Cli.Wrap(spec.FileName).WithArguments(spec.Arguments);
        string[] user = spec.User is null
            ? []
            : [$"--reuid={spec.User}", $"--regid={Executables.GroupOf(spec.User)}", "--clear-groups", "--reset-env"];
        return Cli.Wrap("setsid")
            .WithArguments([
                "setpriv",
                .. user,
                $"--pdeathsig={spec.OrphanSignal}",
                "--",
                spec.FileName,
                .. spec.Arguments,
            ]);
    }

    private static async Task<int> ExitCodeAsync(CommandTask<CommandResult> command, CancellationTokenSource killing)
    {
        try
        {
            return (await command).ExitCode;
        }
        catch (OperationCanceledException) when (killing.IsCancellationRequested)
        {
            return 128 + 9;
        }
    }

    // The parent-death signal fires when the thread that forked ends, and pool threads come and go.
    private static Task<T> OnSpawnerThread<T>(Func<T> start)
    {
        _ = Spawner.Value;
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                result.SetResult(start());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }

    private static Thread StartSpawner()
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
                action();
        })
        {
            IsBackground = true,
            Name = "spawner",
        };
        thread.Start();
        return thread;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int id, int signal);
}
