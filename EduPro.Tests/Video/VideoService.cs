using System.Diagnostics.Metrics;
using EduPro.Media.VdoCipher;
using EduPro.VdoCipherEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EduPro.Tests.Video;

/// <summary>The emulator on a port of its own, and clients of it; both speak real HTTP.</summary>
internal sealed class VideoService : EmulatorControls, IAsyncDisposable
{
    public const string Secret = "the-right-secret";
    public const string HookSecret = "hook-secret";

    private readonly WebApplication emulator;
    private readonly List<IHost> hosts = [];

    private VideoService(WebApplication emulator, FakeTimeProvider clock)
        : base(new HttpClient { BaseAddress = new Uri(emulator.Urls.Single()) })
    {
        this.emulator = emulator;
        Clock = clock;
    }

    /// <summary>The emulator's clock.</summary>
    public FakeTimeProvider Clock { get; }

    public LogLines Log { get; } = new();

    /// <summary>The meters of the client that was made last.</summary>
    public IMeterFactory? Meters { get; private set; }

    public static async Task<VideoService> Start(params string[] args)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero));
        var emulator = Emulator.Create(
            [
                "--urls=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Warning",
                "--VdoCipher:ApiSecret=" + Secret,
                "--VdoCipher:HookSecret=" + HookSecret,
                .. args,
            ],
            clock
        );
        await emulator.StartAsync(TestContext.Current.CancellationToken);
        return new VideoService(emulator, clock);
    }

    /// <summary>A client of the emulator as a service would get it, with settings of its own.</summary>
    public VdoCipherClient Client(
        Action<VdoCipherOptions>? configure = null,
        TimeProvider? time = null,
        Action<IHostApplicationBuilder>? host = null
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["VdoCipher:BaseUrl"] = new Uri(Url, "/api").AbsoluteUri,
                ["VdoCipher:ApiSecret"] = Secret,
                ["VdoCipher:RetryDelay"] = "00:00:00.010",
            }
        );
        builder.Logging.AddProvider(Log);
        if (time is not null)
            builder.Services.AddSingleton(time);
        host?.Invoke(builder);
        builder.AddVdoCipher();
        if (configure is not null)
            builder.Services.Configure(configure);
        var built = builder.Build();
        hosts.Add(built);
        Meters = built.Services.GetRequiredService<IMeterFactory>();
        return built.Services.GetRequiredService<VdoCipherClient>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            host.Dispose();
        Dispose();
        await emulator.DisposeAsync();
    }
}

/// <summary>The lines that a log got, with their levels.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (lines)
            lines.Add($"{logLevel}: {formatter(state, exception)}");
    }

    public void Dispose() { }
}
