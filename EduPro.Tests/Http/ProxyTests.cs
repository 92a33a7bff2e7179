using System.Net;
using System.Net.Http.Json;
using EduPro.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace EduPro.Tests.Http;

/// <summary>Whose X-Forwarded headers are believed, seen by a server that is told who calls it.</summary>
public sealed class ProxyTests
{
    private const string CallerHeader = "X-Test-Caller",
        Listed = "Proxies:Networks:0=198.51.100.0/24";

    [Theory]
    // A stranger's word counts for nothing.
    [InlineData("203.0.113.7", "192.0.2.1", "203.0.113.7 http api.test", "")]
    [InlineData("203.0.113.7", "192.0.2.1", "203.0.113.7 http api.test", Listed)]
    // That of this machine and of listed networks does.
    [InlineData("127.0.0.1", "192.0.2.1", "192.0.2.1 https school.test", "")]
    [InlineData("198.51.100.9", "192.0.2.1", "192.0.2.1 https school.test", Listed)]
    // Of one proxy: what stood there before it spoke is the client's own invention.
    [InlineData("198.51.100.9", "10.0.0.1, 192.0.2.1", "192.0.2.1 https school.test", Listed)]
    [InlineData("198.51.100.9", "192.0.2.1, 198.51.100.8", "192.0.2.1 https school.test", Listed, "Proxies:Hops=2")]
    [InlineData("198.51.100.9", "192.0.2.1, 203.0.113.7", "203.0.113.7 https school.test", Listed, "Proxies:Hops=2")]
    public async Task Only_a_known_proxy_is_believed(string caller, string said, string seen, params string[] settings)
    {
        var ct = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddCommandLine(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddProxies();
        await using var app = builder.Build();
        app.Use(
            (context, next) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers[CallerHeader]!);
                return next(context);
            }
        );
        app.UseProxies();
        app.Run(context =>
        {
            var request = context.Request;
            return context.Response.WriteAsync($"{context.Connection.RemoteIpAddress} {request.Scheme} {request.Host}");
        });
        await app.StartAsync(ct);

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Urls.Single());
        request.Headers.Host = "api.test";
        request.Headers.Add(CallerHeader, caller);
        request.Headers.Add("X-Forwarded-For", said);
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "school.test");
        using var reply = await client.SendAsync(request, ct);

        Assert.Equal(seen, await reply.Content.ReadAsStringAsync(ct));
    }
}
