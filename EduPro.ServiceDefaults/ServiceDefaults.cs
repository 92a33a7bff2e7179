using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EduPro.ServiceDefaults;

/// <summary>What every EduPro service has: telemetry, health, service discovery, resilient HTTP clients, a clock.</summary>
public static class ServiceDefaults
{
    /// <summary>The name of EduPro's own meters and activity sources.</summary>
    public const string TelemetryName = "EduPro";

    private static readonly Dictionary<string, string?> LogLevels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Azure"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Warning",
        ["Logging:LogLevel:System.Net.Http"] = "Warning",
    };

    /// <summary>
    /// Adds OpenTelemetry (exported over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; requests printed when
    /// <c>RequestLines:Prefix</c> is), health checks, service discovery, the standard resilience handler on HTTP
    /// clients, <see cref="TimeProvider.System"/>, and log levels that any other source of configuration overrides.
    /// </summary>
    public static void AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(TelemetryName)
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
            );
        if (builder.IsTraced())
            telemetry.WithTracing(tracing =>
                tracing
                    .AddSource(TelemetryName, builder.Environment.ApplicationName)
                    .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
                    .AddHttpClientInstrumentation()
            );
        if (builder.IsExported())
            telemetry.UseOtlpExporter();
        if (builder.RequestLinesPrefix() is { Length: > 0 } prefix)
            telemetry.WithTracing(tracing => tracing.AddProcessor(new RequestLines(prefix)));

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        builder.Services.AddSingleton(TimeProvider.System);
    }

    /// <summary>
    /// Maps <c>/health</c> (ready: every check, each named in the answer; degraded answers 200, unhealthy 503) and
    /// <c>/alive</c> (the process answers).
    /// </summary>
    public static void MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteReport }).ShortCircuit();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") })
            .ShortCircuit();
    }

    /// <summary>Whether somebody takes traces: else nothing is recorded, in the database's client neither.</summary>
    internal static bool IsTraced(this IHostApplicationBuilder builder) =>
        builder.IsExported() || builder.RequestLinesPrefix() is { Length: > 0 };

    private static bool IsExported(this IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    private static string? RequestLinesPrefix(this IHostApplicationBuilder builder) =>
        builder.Configuration["RequestLines:Prefix"];

    private static bool IsProbe(PathString path) => path.Value is "/health" or "/alive";

    private static Task WriteReport(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("status", report.Status.ToString());
        writer.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
            writer.WriteString(name, entry.Status.ToString());
        writer.WriteEndObject();
        writer.WriteEndObject();
        return writer.FlushAsync();
    }
}
