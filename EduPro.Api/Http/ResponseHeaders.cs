using System.Diagnostics;

namespace EduPro.Api.Http;

internal static class ResponseHeaders
{
    /// <summary>The headers that clients may read across origins.</summary>
    public static readonly string[] Exposed =
    [
        "ETag",
        "Last-Modified",
        "Retry-After",
        "X-Pagination-Count",
        "X-Pagination-Page",
        "X-Pagination-PageSize",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-Request-Id",
    ];

    /// <summary>
    /// Names the request by its trace, tells browsers to guess nothing and frame nothing, and keeps what depends on the
    /// caller out of caches unless the route says otherwise.
    /// </summary>
    public static void UseResponseHeaders(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(
                    static state =>
                    {
                        var context = (HttpContext)state;
                        var headers = context.Response.Headers;
                        headers["X-Request-Id"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
                        headers.XContentTypeOptions = "nosniff";
                        headers.XFrameOptions = "DENY";
                        headers["Referrer-Policy"] = "same-origin";
                        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
                        if (context.Request.IsHttps)
                            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
                        if (context.Request.Path.StartsWithSegments("/api") && headers.CacheControl.Count == 0)
                            headers.CacheControl = "private, no-store";
                        return Task.CompletedTask;
                    },
                    context
                );
                return next(context);
            }
        );

    /// <summary>Answers HEAD as GET; the server leaves out the body.</summary>
    public static void UseHeadAsGet(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (HttpMethods.IsHead(context.Request.Method))
                    context.Request.Method = HttpMethods.Get;
                return next(context);
            }
        );

    /// <summary>CORS for the configured origins, with credentials; in development the usual local ones.</summary>
    public static void AddEduProCors(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Cors:Origins");
        var origins = section.Value?.Split(',', StringSplitOptions.TrimEntries) ?? section.Get<string[]>() ?? [];
        builder.Services.AddSingleton(new CorsOrigins(origins));
        builder.Services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
                policy
                    .WithOrigins(origins)
                    .AllowCredentials()
                    .AllowAnyHeader()
                    .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
                    .WithExposedHeaders(Exposed)
                    .SetPreflightMaxAge(TimeSpan.FromHours(1))
            )
        );
    }

    /// <summary>
    /// Only for requests that name an origin: the middleware makes a scope of services for each that passes it.
    /// </summary>
    public static void UseEduProCors(this WebApplication app) =>
        app.UseWhen(context => context.Request.Headers.Origin.Count > 0, page => page.UseCors());
}
