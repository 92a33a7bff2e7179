using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace EduPro.Tests.Support;

/// <summary>Takes the telemetry that services send over OTLP (HTTP and protobuf), message by message.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtlpCollector(WebApplication app) => this.app = app;

    /// <summary>What a service has to be told so that it sends everything here.</summary>
    public IEnumerable<(string Key, string Value)> Settings =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", app.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    /// <param name="heard">Gets each message, one at a time.</param>
    public static async Task<OtlpCollector> Start(Action<ReadOnlySpan<byte>> heard)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder
            .WebHost.UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var one = new Lock();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lock (one)
                heard(body.GetBuffer().AsSpan(0, (int)body.Length));
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
