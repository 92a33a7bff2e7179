using Microsoft.AspNetCore.OpenApi;
using Scalar.AspNetCore;

namespace EduPro.Api.Http;

/// <summary>The OpenAPI documents, <c>/openapi/edupro.json</c> and the dialect's <c>/openapi/v1.json</c>, and the reference page.</summary>
internal static class OpenApiDocuments
{
    private const string V1 = "v1";

    public static void AddEduProOpenApi(this IServiceCollection services)
    {
        foreach (var name in new[] { "edupro", V1 })
        {
            services.AddOpenApi(
                name,
                options =>
                {
                    options.OpenApiVersion = Microsoft.OpenApi.OpenApiSpecVersion.OpenApi3_1;
                    options.ShouldInclude = api =>
                        api.RelativePath is { } path
                        && path.StartsWith("api/", StringComparison.Ordinal)
                        && path.StartsWith("api/v1/", StringComparison.Ordinal) == (name == V1);
                    options.CreateSchemaReferenceId = type =>
                        type.Type is { IsNested: true, IsGenericType: false } nested
                            ? nested.DeclaringType!.Name + nested.Name
                            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                    options.AddSchemaTransformer(WireSchemas.Transform);
                    options.AddDocumentTransformer(
                        (document, _, _) =>
                        {
                            document.Info.Title = name == V1 ? "EduPro, v1 dialect" : "EduPro";
                            document.Info.Version = "1.0";
                            document.Info.Description = "The backend on which independent teachers run their schools.";
                            return Task.CompletedTask;
                        }
                    );
                }
            );
        }
    }

    /// <summary>The documents, the reference page at <c>/docs</c>, and a front page that links to both.</summary>
    public static void MapReference(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(
                "/docs",
                reference =>
                    reference.WithTitle("EduPro API").AddDocument("edupro", "EduPro").AddDocument(V1, "v1 dialect")
            )
            .AllowAnonymous();
        app.MapGet("/", () => TypedResults.Content(FrontPage, "text/html; charset=utf-8"))
            .ExcludeFromDescription()
            .AllowAnonymous();
    }

    private const string FrontPage = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>EduPro</title><meta name="color-scheme" content="light dark"></head>
        <body style="font: 1.1rem/1.6 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
        <h1>EduPro</h1>
        <p>The backend on which independent teachers run their schools.</p>
        <ul>
        <li><a href="/docs">API reference</a></li>
        <li><a href="/openapi/edupro.json">OpenAPI document</a>, <a href="/openapi/v1.json">v1 dialect</a></li>
        <li><a href="/health">Health</a></li>
        </ul>
        </body>
        </html>
        """;
}
