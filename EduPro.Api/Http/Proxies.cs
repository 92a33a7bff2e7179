using Microsoft.AspNetCore.HttpOverrides;

namespace EduPro.Api.Http;

/// <summary>
/// Section <c>Proxies</c>: whose word counts about where a request came from. Without any, only that of this machine:
/// what anybody else says of an address is not believed.
/// </summary>
internal sealed class ProxyOptions
{
    /// <summary>Networks of proxies, as <c>10.0.0.0/8</c>.</summary>
    public string[] Networks { get; init; } = [];

    /// <summary>Proxies between a client and us, at most.</summary>
    public int Hops { get; init; } = 1;
}

internal static class Proxies
{
    /// <summary>
    /// ASPNETCORE_FORWARDEDHEADERS_ENABLED, which the hosting of containers sets where nobody reaches us but through its
    /// own proxy: ASP.NET then believes that proxy by itself, and must not be made to believe twice.
    /// </summary>
    private const string BuiltIn = "ForwardedHeaders_Enabled";

    public static void AddProxies(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Proxies").Get<ProxyOptions>() ?? new ProxyOptions();
        // Such a proxy keeps the host, so that what names another one is the client's own invention.
        var host = IsBuiltIn(builder.Configuration) ? ForwardedHeaders.None : ForwardedHeaders.XForwardedHost;
        builder.Services.Configure<ForwardedHeadersOptions>(proxy =>
        {
            proxy.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | host;
            proxy.ForwardLimit = options.Hops;
            foreach (var network in options.Networks)
                proxy.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        });
    }

    /// <summary>
    /// Makes the request look as its client sent it. <c>PublicUrl</c> has the last word, for proxies that do not pass
    /// on the host that clients know us by: links, pictures and the check of origins go by it.
    /// </summary>
    public static void UseProxies(this WebApplication app)
    {
        if (!IsBuiltIn(app.Configuration))
            app.UseForwardedHeaders();
        if (app.Configuration.GetValue<Uri>("PublicUrl") is { } known)
            app.Use(
                (context, next) =>
                {
                    (context.Request.Scheme, context.Request.Host) = (known.Scheme, HostString.FromUriComponent(known));
                    return next(context);
                }
            );
    }

    private static bool IsBuiltIn(IConfiguration configuration) => configuration.GetValue(BuiltIn, defaultValue: false);
}
