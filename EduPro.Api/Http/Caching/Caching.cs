using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace EduPro.Api.Http;

/// <summary>
/// What everybody gets alike may be kept by everybody, and is asked for again each time: an <c>ETag</c> of the bytes,
/// and 304 for a client that has them. The two dialects and host names never mix.
/// </summary>
/// <remarks>
/// <c>If-Modified-Since</c> alone is not answered with 304: a course's counters change without its <c>updated_at</c>.
/// </remarks>
internal static class Caching
{
    /// <summary>For all, who ask again each time.</summary>
    internal const string Public = "public, no-cache";

    private const string Private = "private, no-store";

    /// <summary>
    /// Marks a GET whose response does not depend on the caller, unless its handler says <see cref="KeepPrivate"/>.
    /// </summary>
    public static RouteHandlerBuilder CachedPublicly(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(Marker.Instance);

    /// <summary>
    /// Marks requests that change, but nothing that a stranger sees: other changes make this replica forget what it
    /// keeps for strangers.
    /// </summary>
    public static TBuilder ChangesNothingPublic<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NothingPublic());

    /// <summary>Whether an endpoint with this metadata is marked so.</summary>
    public static bool IsPublic(IEnumerable<object> endpoint) => endpoint.OfType<Marker>().Any();

    /// <summary>Keeps this response out of caches: it shows what not everybody may see.</summary>
    public static void KeepPrivate(this HttpResponse response) => response.Headers.CacheControl = Private;

    /// <summary>Says when what the response shows was last changed, to the second.</summary>
    public static void ChangedAt(this HttpResponse response, DateTimeOffset time) =>
        response.GetTypedHeaders().LastModified = time;

    public static void AddPublicCaching(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<SharedResponses>();

    /// <summary>
    /// Answers strangers with what is kept for them, before all that finds out who asks, and for what: their limit is
    /// all that could still refuse them.
    /// </summary>
    public static void UseKeptResponses(this WebApplication app)
    {
        var shared = app.Services.GetRequiredService<SharedResponses>();
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.Use(
            (context, next) =>
                !HttpMethods.IsGet(context.Request.Method)
                || Authentication.ShowsCredentials(context.Request)
                || RequestLimits.Refusal(context.Request) is not null
                || shared.Find(context.Request.GetEncodedUrl()) is not { } kept
                    ? next(context)
                : limits.TakeOfClient(context, RateLimits.Stranger(context)) is { } refusal
                    ? refusal.ExecuteAsync(context)
                : kept.SendAgain(context)
        );
    }

    /// <summary>
    /// Tags the responses of the marked endpoints, keeps those that strangers get for a moment, and leaves out bodies
    /// that the client has.
    /// </summary>
    public static void UsePublicCaching(this WebApplication app)
    {
        var shared = app.Services.GetRequiredService<SharedResponses>();
        app.Use(
            (context, next) =>
            {
                if (!IsSafe(context.Request.Method) && !Has<NothingPublic>(context))
                    context.Response.OnStarting(() => Forget(context));
                return next(context);
            }
        );
        app.UseWhen(Has<Marker>, marked => marked.Use(Answer));

        async Task Answer(HttpContext context, RequestDelegate next)
        {
            if (context.User.Identity?.IsAuthenticated is true)
            {
                await (await PublicResponse.Make(context, next)).Send(context);
                return;
            }
            var (response, isShared) = await shared.Get(
                context.Request.GetEncodedUrl(),
                () => PublicResponse.Make(context, next),
                context.RequestAborted
            );
            await (isShared ? response.SendAgain(context) : response.Send(context));
        }

        Task Forget(HttpContext context)
        {
            if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
                shared.Forget();
            return Task.CompletedTask;
        }
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool Has<TMark>(HttpContext context)
        where TMark : class => context.GetEndpoint()?.Metadata.GetMetadata<TMark>() is not null;

    /// <summary>Whether the client has what the tag stands for.</summary>
    public static bool Has(this RequestHeaders request, EntityTagHeaderValue tag) =>
        request.IfNoneMatch.Any(known =>
            known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)
        );

    private sealed class Marker
    {
        public static readonly Marker Instance = new();
    }

    private sealed class NothingPublic;
}
