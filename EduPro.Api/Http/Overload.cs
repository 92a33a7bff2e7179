using System.Threading.RateLimiting;
using EduPro.Api.Http.Binding;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace EduPro.Api.Http;

/// <summary>So many requests that are worked on, and so many more that wait for their turn.</summary>
internal sealed class Capacity
{
    public required int AtOnce { get; init; }
    public required int Waiting { get; init; }
}

/// <summary>Section <c>Overload</c>: what a replica takes on, whoever asks. The rest gets 503 at once.</summary>
internal sealed class OverloadOptions
{
    /// <summary>Requests whose bodies, if any, are small and have come. In all few enough to be answered in a second.</summary>
    public Capacity Requests { get; init; } = new() { AtOnce = 100, Waiting = 150 };

    /// <summary>Uploads and pictures, which take as long as their client or the storage does.</summary>
    public Capacity Transfers { get; init; } = new() { AtOnce = 100, Waiting = 100 };

    public SlowClients SlowClients { get; init; } = new();
}

/// <summary>Whose connection is ended.</summary>
internal sealed class SlowClients
{
    /// <summary>Who sends a body, or reads an answer, more slowly than this.</summary>
    public double BytesPerSecond { get; init; } = 1024;

    /// <summary>Not before this.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Who takes longer to say what it wants.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);
}

internal sealed class Overload(IOptions<OverloadOptions> options) : IDisposable
{
    private const int SmallBody = 1 << 16;

    private readonly ConcurrencyLimiter requests = LimiterOf(options.Value.Requests),
        transfers = LimiterOf(options.Value.Transfers);

    /// <summary>
    /// Takes on no more than there is capacity for. Who sends slowly takes up none before all has come, who reads slowly
    /// none once the answer begins.
    /// </summary>
    public async Task Handle(HttpContext context, RequestDelegate next)
    {
        var isShort = !context.Request.Path.StartsWithSegments("/media") && await HasCome(context);
        using var lease = await (isShort ? requests : transfers).AcquireAsync(1, context.RequestAborted);
        if (!lease.IsAcquired)
        {
            await Problems.ServiceUnavailable(retryAfter: 1).ExecuteAsync(context);
            return;
        }
        context.Response.OnStarting(
            static lease =>
            {
                ((RateLimitLease)lease).Dispose();
                return Task.CompletedTask;
            },
            lease
        );
        await next(context);
    }

    public void Dispose()
    {
        requests.Dispose();
        transfers.Dispose();
    }

    private static ConcurrencyLimiter LimiterOf(Capacity capacity) =>
        new(new ConcurrencyLimiterOptions { PermitLimit = capacity.AtOnce, QueueLimit = capacity.Waiting });

    /// <summary>Waits until the whole body has come and leaves it to be read; false for a large one.</summary>
    private static async Task<bool> HasCome(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return true;
        if (Forms.IsMultipart(request) || request.ContentLength > SmallBody)
            return false;
        // Cannot be set once reading has begun.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Forms.LongestText;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(context.RequestAborted);
            var length = read.Buffer.Length;
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || length > SmallBody)
                return read.IsCompleted;
        }
    }
}

internal static class OverloadProtection
{
    public static void AddOverloadProtection(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<OverloadOptions>(builder.Configuration.GetSection("Overload"));
        builder.Services.AddSingleton<Overload>();
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<OverloadOptions>>(
                (kestrel, options) =>
                {
                    var slow = options.Value.SlowClients;
                    var rate = new MinDataRate(slow.BytesPerSecond, slow.GracePeriod);
                    (kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate) = (rate, rate);
                    kestrel.Limits.RequestHeadersTimeout = slow.Headers;
                }
            );
    }

    public static void UseOverloadProtection(this WebApplication app) =>
        app.Use(app.Services.GetRequiredService<Overload>().Handle);
}
