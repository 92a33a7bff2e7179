using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EduPro.Tests.Support;

/// <summary>
/// One of our services as a process of a test's own, with settings of its own, so that nobody else misses it when it
/// is stopped or killed. Disposing kills it.
/// </summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    /// <summary>The program that fills a school for a first look.</summary>
    public const string Demo = "EduPro.Demo";

    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly string name;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(string name, IReadOnlyDictionary<string, string?> settings, string environment)
    {
        this.name = name;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, name + ".dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["DOTNET_ENVIRONMENT"] = environment;
        // The memory that the AppHost lets it take.
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        process = Orphans.Watch(Process.Start(start)!);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens, once it is <see cref="Started"/>.</summary>
    public Uri Address { get; private set; } = new("about:blank");

    public int Id => process.Id;

    /// <summary>Bytes that it holds in memory now.</summary>
    public long Memory => Now.WorkingSet64;

    /// <summary>Files, sockets and the like that it has open now.</summary>
    public int Handles => Now.HandleCount;

    public int Threads => Now.Threads.Count;

    private Process Now
    {
        get
        {
            process.Refresh();
            return process;
        }
    }

    /// <summary>What it has written so far.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>The API on the stack's servers, as far as <paramref name="settings"/> name no others.</summary>
    public static Task<ServiceProcess> Api(Stack stack, params (string Key, string Value)[] settings) =>
        Started("EduPro.Api", stack, settings);

    /// <summary>A worker, as <see cref="Api"/>.</summary>
    public static Task<ServiceProcess> Worker(Stack stack, params (string Key, string Value)[] settings) =>
        Started("EduPro.Worker", stack, settings);

    /// <summary>Starts a service with these settings alone, and waits for nothing.</summary>
    /// <param name="name">The name of its project.</param>
    public static ServiceProcess Start(
        string name,
        IReadOnlyDictionary<string, string?> settings,
        string environment = "Development"
    ) => new(name, settings, environment);

    private static async Task<ServiceProcess> Started(
        string name,
        Stack stack,
        IEnumerable<(string Key, string Value)> settings
    )
    {
        var all = new Dictionary<string, string?>();
        foreach (var resource in new[] { "edupro", "cache", "blobs", "mail" })
            all["ConnectionStrings:" + resource] = await stack.ConnectionString(resource);
        using (var vdocipher = stack.ClientOf("vdocipher"))
            all["VdoCipher:BaseUrl"] = new Uri(vdocipher.BaseAddress!, "/api").AbsoluteUri;
        all["VdoCipher:ApiSecret"] = "vdocipher-emulator";
        foreach (var (key, value) in settings)
            all[key] = value;
        var service = Start(name, all);
        var ended = service.process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(service.address.Task, ended, Task.Delay(Patience, TestContext.Current.CancellationToken));
        Assert.True(service.address.Task.IsCompletedSuccessfully, $"{name} did not start.\n{service.Output}");
        service.Address = await service.address.Task;
        return service;
    }

    /// <summary>A caller of this process with an address and no account of its own.</summary>
    public Caller Stranger(Stack stack) => new(stack, Address);

    /// <summary>The same person as a caller of this process.</summary>
    public Caller As(Caller somebody)
    {
        var caller = Stranger(somebody.Stack);
        (caller.Id, caller.Username, caller.Access) = (somebody.Id, somebody.Username, somebody.Access);
        return caller;
    }

    /// <summary>What it has written so far at the levels Error and Critical, each with the line that follows.</summary>
    public IEnumerable<string> Failures => Failure().Matches(Output).Select(match => match.Value);

    /// <summary>Waits for its end; the exit code.</summary>
    public async Task<int> Ended()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Asks it to end, as whoever runs it in production does (SIGTERM).</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL where there are signals.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        Orphans.Ended(process);
        process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        // The demo tells its own users their passwords; it is no service.
        if (name != Demo)
            RunLog.Wrote(name, line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
    }

    [GeneratedRegex(@"^\S+ (fail|crit): .*\n?.*", RegexOptions.Multiline)]
    private static partial Regex Failure();
}
