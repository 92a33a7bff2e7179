using EduPro.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace EduPro.Tests.Support;

/// <summary>The API put together but not running, for what can be read off it.</summary>
internal static class ComposedApi
{
    private static readonly Lazy<WebApplication> App = new(Compose);

    public static IEnumerable<RouteEndpoint> Endpoints =>
        ((IEndpointRouteBuilder)App.Value).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>The text of an OpenAPI document as the API would send it.</summary>
    public static async Task<string> OpenApi(string name)
    {
        var document = await App
            .Value.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name)
            .GetOpenApiDocumentAsync(TestContext.Current.CancellationToken);
        await using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiJsonWriter(text));
        return text + "\n";
    }

    private static WebApplication Compose()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "EduPro.Api" }
        );
        builder.Configuration["ConnectionStrings:edupro"] = "Host=127.0.0.1;Database=none";
        builder.Configuration["ConnectionStrings:cache"] = "127.0.0.1:1,abortConnect=false";
        builder.Configuration["ConnectionStrings:blobs"] = "UseDevelopmentStorage=true";
        builder.AddEduProApi();
        var app = builder.Build();
        app.UseEduProApi();
        // Shows the routes to the API explorer, which starting would do.
        app.UseEndpoints(_ => { });
        return app;
    }
}
