using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace EduPro.Api.Http;

/// <summary>The OpenAPI documents, <c>/openapi/edupro.json</c> and the dialect's <c>/openapi/v1.json</c>, and the reference page.</summary>
internal static class OpenApiDocuments
{
    private const string V1 = "v1";

    /// <summary>The chapters of the reference, in its order.</summary>
    private static readonly (string Name, string Description)[] Chapters =
    [
        ("Accounts", "Registration, sessions and passwords."),
        ("Profiles", "What teachers and students tell about themselves."),
        ("Students", "Who learns with whom."),
        ("Categories", "What courses are about."),
        ("Courses", "What teachers offer: published for all, drafts for themselves."),
        ("Modules", "The parts of a course."),
        ("Lessons", "What is learnt, with videos and documents for those who have access."),
        ("Enrollments", "Places in courses and modules, and who has them."),
        ("Coupons", "Percentages off, and prepaid vouchers."),
        ("Ratings", "What students think of courses."),
        ("Assessments", "Quizzes, assignments and exams, their questions and options."),
        ("Attempts", "How students take assessments."),
        ("Grading", "What teachers grade by hand."),
        ("Revenue", "What courses earn."),
        ("Video", "Uploads to the video service."),
    ];

    public static void AddEduProOpenApi(this IServiceCollection services)
    {
        services.AddOutputCache();
        foreach (var name in new[] { "edupro", V1 })
        {
            services.AddOpenApi(
                name,
                options =>
                {
                    options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                    options.ShouldInclude = api => IsIn(name, api);
                    options.CreateSchemaReferenceId = type =>
                        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null : NameOf(type.Type);
                    options.AddSchemaTransformer(WireSchemas.Transform);
                    options.AddOperationTransformer(Operations.Complete);
                    options.AddDocumentTransformer(
                        (document, context, _) =>
                        {
                            Complete(document, name);
                            if (name == V1)
                                DialectSchemas.AddTo(
                                    document,
                                    context
                                        .DescriptionGroups.SelectMany(group => group.Items)
                                        .Where(api => IsIn(V1, api))
                                );
                            WholeExamples.AddTo(document);
                            AddTrailingSlashes(document);
                            NameAliases(document);
                            return Task.CompletedTask;
                        }
                    );
                }
            );
        }
    }

    private static bool IsIn(string document, ApiDescription api) =>
        api.RelativePath is { } path
        && path.StartsWith("api/", StringComparison.Ordinal)
        && path.StartsWith("api/v1/", StringComparison.Ordinal) == (document == V1);

    /// <summary>A schema's name: a nested type's with those of the types around it.</summary>
    public static string NameOf(Type type) =>
        type.IsGenericType
            ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]
                + "Of"
                + string.Concat(type.GenericTypeArguments.Select(NameOf))
        : type.DeclaringType is { } outer ? NameOf(outer) + type.Name
        : type.Name;

    private static void Complete(OpenApiDocument document, string name)
    {
        document.Info = new OpenApiInfo
        {
            Title = name == V1 ? "EduPro, v1 dialect" : "EduPro",
            Version = "1.0",
            Description =
                "The backend on which independent teachers run their schools."
                + (
                    name == V1
                        ? " The same API under /api/v1/, with the names and shapes that the web client uses beside the documented ones."
                        : ""
                ),
            Contact = new OpenApiContact { Name = "EduPro" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The server that sent this document." }];
        document.Tags = Chapters
            .Select(chapter => new OpenApiTag { Name = chapter.Name, Description = chapter.Description })
            .ToHashSet();
        ErrorResponses.AddComponents(document);
        document.Components!.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The access token of a login. It wins over the cookie.",
            },
            ["cookie"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = Authentication.AccessCookie,
                Description = "The cookie that a login sets.",
            },
        };
    }

    /// <summary>Tells a second path of the same use case from the first.</summary>
    private static void NameAliases(OpenApiDocument document)
    {
        var names = new HashSet<string?>();
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
            if (!names.Add(operation.OperationId))
                operation.OperationId += "Alias";
    }

    /// <summary>Paths as the contract writes them; routing takes them with and without.</summary>
    private static void AddTrailingSlashes(OpenApiDocument document)
    {
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths)
            paths[path.TrimEnd('/') + "/"] = item;
        document.Paths = paths;
    }

    /// <summary>Keeps the documents, which take a third of a second of a processor to make; nothing else passes here.</summary>
    public static void UseKeptDocuments(this WebApplication app) =>
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/openapi"),
            openApi => openApi.UseOutputCache()
        );

    /// <summary>The documents, the reference page at <c>/docs</c>, and a front page that links to both.</summary>
    public static void MapReference(this WebApplication app)
    {
        app.MapOpenApi()
            .AllowAnonymous()
            .CacheOutput(cache => cache.SetVaryByQuery([]).SetVaryByHost(false).Expire(TimeSpan.FromHours(1)));
        app.MapScalarApiReference(
                "/docs",
                reference =>
                    reference
                        .WithTitle("EduPro API")
                        .AddDocument("edupro", "EduPro")
                        .AddDocument(V1, "v1 dialect")
                        // The page talks to this server and to no other.
                        .DisableAgent()
                        .DisableMcp()
                        .DisableTelemetry()
                        .DisableDefaultFonts()
                        .HideDeveloperTools()
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
