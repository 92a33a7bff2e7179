using System.Threading.RateLimiting;
using EduPro.Api.Http.Binding;
using Microsoft.AspNetCore.Http.Features;

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
}

internal static class Overload
{
    private const int SmallBody = 1 << 16;

    public static void AddOverloadProtection(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Overload").Get<OverloadOptions>() ?? new OverloadOptions();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, bool>(context =>
                RateLimitPartition.GetConcurrencyLimiter(
                    context.Features.Get<IsTransfer>() is not null,
                    isTransfer => LimiterOf(isTransfer ? options.Transfers : options.Requests)
                )
            );
            limiter.OnRejected = (rejected, _) =>
                new ValueTask(Problems.ServiceUnavailable(retryAfter: 1).ExecuteAsync(rejected.HttpContext));
        });
    }

    /// <summary>Takes on no more than there is capacity for. Who sends slowly takes up none before all has come.</summary>
    public static void UseOverloadProtection(this WebApplication app)
    {
        app.Use(
            async (context, next) =>
            {
                if (context.Request.Path.StartsWithSegments("/media") || !await HasCome(context))
                    context.Features.Set(new IsTransfer());
                await next(context);
            }
        );
        app.UseRateLimiter();
    }

    private static ConcurrencyLimiterOptions LimiterOf(Capacity capacity) =>
        new() { PermitLimit = capacity.AtOnce, QueueLimit = capacity.Waiting };

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

    private sealed class IsTransfer;
}
