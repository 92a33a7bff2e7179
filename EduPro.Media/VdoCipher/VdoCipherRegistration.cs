using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Telemetry;
using Polly.Timeout;

namespace EduPro.Media.VdoCipher;

/// <summary>How a service gets its <see cref="VdoCipherClient"/>.</summary>
public static class VdoCipherRegistration
{
    /// <summary>
    /// Adds <see cref="VdoCipherClient"/>, configured by the section <c>VdoCipher</c>. Starting without an API secret
    /// is allowed: then only the calls fail. Service discovery comes from the service's defaults.
    /// </summary>
    public static void AddVdoCipher(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder
            .Services.AddOptions<VdoCipherOptions>()
            .Bind(configuration.GetSection(VdoCipherOptions.Section))
            .Configure(options =>
            {
                if (string.IsNullOrWhiteSpace(configuration[VdoCipherOptions.Section + ":BaseUrl"]))
                    options.BaseUrl = DefaultUrl(configuration);
            })
            .PostConfigure(options => options.AllowHttp ??= builder.Environment.IsDevelopment())
            .Validate(
                options => options.BaseUrl is { IsAbsoluteUri: true, Query: "", UserInfo: "" },
                "VdoCipher:BaseUrl must be an absolute URL without a query."
            )
            .Validate(
                options =>
                    options.BaseUrl.Scheme == "https"
                    || (options.AllowHttp == true && options.BaseUrl.Scheme == "http"),
                "VdoCipher:BaseUrl must be HTTPS outside Development: the API secret travels with every request."
            )
            .Validate(
                options => options.ApiSecret.All(character => character is > ' ' and <= '~'),
                "VdoCipher:ApiSecret must be printable ASCII without blanks."
            )
            .ValidateOnStart();

        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<VdoCipherClient>();

        var api = AddClient(builder, VdoCipherClient.ApiClient)
            .ConfigureHttpClient(
                (services, client) =>
                {
                    var options = Options(services);
                    client.BaseAddress = new Uri(options.BaseUrl.AbsoluteUri.TrimEnd('/') + "/");
                    client.Timeout = options.TotalTimeout;
                }
            );
        api.AddResilienceHandler("vdocipher", (pipeline, context) => AddResilience(pipeline, context.ServiceProvider));
        api.AddHttpMessageHandler(() => new BoundedAnswers());
        AddClient(builder, VdoCipherClient.UploadClient)
            .ConfigureHttpClient((services, client) => client.Timeout = Options(services).UploadTimeout);
    }

    private static Uri DefaultUrl(IConfiguration configuration)
    {
        if (configuration["services:vdocipher:https:0"] is not null)
            return new Uri("https://vdocipher/api");
        return configuration["services:vdocipher:http:0"] is not null
            ? new Uri("http://vdocipher/api")
            : new VdoCipherOptions().BaseUrl;
    }

    /// <summary>
    /// A client that follows no redirects, keeps no cookies and unpacks nothing. The resilience that all clients get by
    /// default would repeat POSTs and cut uploads off, so it goes; the factory's log of every request goes too.
    /// </summary>
#pragma warning disable EXTEXP0001 // Removing resilience handlers is marked as experimental; nothing else undoes a default.
    private static IHttpClientBuilder AddClient(IHostApplicationBuilder builder, string name) =>
        builder
            .Services.AddHttpClient(name)
            .RemoveAllResilienceHandlers()
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(services => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = Options(services).Timeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                MaxResponseHeadersLength = 16,
            });
#pragma warning restore EXTEXP0001

    private static VdoCipherOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<VdoCipherOptions>>().Value;

    private static void AddResilience(
        ResiliencePipelineBuilder<HttpResponseMessage> pipeline,
        IServiceProvider services
    )
    {
        var options = Options(services);
        pipeline.TimeProvider = services.GetRequiredService<TimeProvider>();
        // Our own log speaks once where Polly's would speak at every poll; its metrics stay.
        pipeline.ConfigureTelemetry(new TelemetryOptions { LoggerFactory = NullLoggerFactory.Instance });
        var retry = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(1, options.Retries),
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldRetryAfterHeader = false,
            ShouldHandle = attempt =>
                ValueTask.FromResult(
                    IsTransient(attempt.Outcome)
                        && attempt.Outcome.Exception is not TimeoutRejectedException
                        && attempt.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests
                ),
        };
        retry.DisableFor(HttpMethod.Put, HttpMethod.Post);
        if (options.Retries > 0)
            pipeline.AddRetry(retry);
        pipeline
            .AddCircuitBreaker(
                new HttpCircuitBreakerStrategyOptions
                {
                    FailureRatio = 0.5,
                    MinimumThroughput = options.BreakerMinimum,
                    SamplingDuration = options.BreakerWindow,
                    BreakDuration = options.BreakerPause,
                    ShouldHandle = attempt => ValueTask.FromResult(IsTransient(attempt.Outcome)),
                }
            )
            .AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.Timeout });
    }

    /// <summary>An answer that is too large is wrong, not busy: the next one would be too.</summary>
    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is not HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
        && HttpClientResiliencePredicates.IsTransient(outcome);
}

/// <summary>Reads an answer whole, up to a bound, inside the time-out of its try.</summary>
internal sealed class BoundedAnswers : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var response = await base.SendAsync(request, ct);
        try
        {
            await response.Content.LoadIntoBufferAsync(VdoCipherClient.MaxAnswer, ct);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
