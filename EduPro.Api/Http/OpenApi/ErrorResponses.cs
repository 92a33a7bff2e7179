using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>What an endpoint refuses, for the reference: with the catalogue's words, in the catalogue's shapes.</summary>
internal static class ErrorResponses
{
    private const string Fields = "FieldErrors",
        ProblemJson = "application/problem+json";

    /// <summary>Responses of so many refusals are described once for all operations.</summary>
    private const int MostShared = 3;

    /// <summary>The catalogue by name; those that are made to measure as they mostly are.</summary>
    public static IReadOnlyDictionary<string, Problem> Catalogue { get; } =
        typeof(Problems)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(Problem))
            .Select(field => KeyValuePair.Create(field.Name, (Problem)field.GetValue(null)!))
            .Concat([
                new("MalformedBody", Problems.MalformedBody("JSON parse error at line 1, byte 2.")),
                new("OnlyForTeachers", Problems.WrongUserType("teachers")),
                new("OnlyForStudents", Problems.WrongUserType("students")),
                new("OnlyForAdmins", Problems.WrongUserType("admins")),
                new("RateLimited", Problems.RateLimited(1)),
                new("ServiceUnavailable", Problems.ServiceUnavailable(1)),
            ])
            .ToDictionary();

    private static readonly Dictionary<Problem, string> Names = Catalogue.ToDictionary(
        named => named.Value with { RetryAfter = null },
        named => named.Key
    );

    /// <summary>Tells the reference with what words the endpoint refuses, beside those that follow from its policy and parameters.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params Problem[] problems)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Refused(problems));

    /// <summary>Adds the responses of all that the endpoint refuses.</summary>
    public static void AddTo(
        OpenApiOperation operation,
        IList<object> endpoint,
        string method,
        OpenApiDocument document
    )
    {
        var takesBody = endpoint.OfType<IAcceptsMetadata>().Any();
        var problems = new List<Problem>
        {
            Problems.InvalidToken,
            Problems.TokenExpired,
            Problems.AddressTooLong,
            Problems.HeadersTooLarge,
            Problems.RateLimited(1),
            Problems.InternalServerError,
            Problems.ServiceUnavailable(1),
        };
        problems.AddRange(endpoint.OfType<Refused>().SelectMany(refused => refused.Problems));
        if (endpoint.OfType<IAuthorizeData>().LastOrDefault()?.Policy is { } policy)
        {
            problems.Add(OwnWords(401) ?? Problems.AuthenticationRequired);
            if (policy != Policies.User)
                problems.Add(OwnWords(403) ?? Problems.WrongUserType($"{policy.ToLowerInvariant()}s"));
        }
        if (method != HttpMethods.Get)
            problems.AddRange([Problems.ForeignOrigin, Problems.IntegrityError]);
        if (takesBody)
            problems.AddRange([Problems.MalformedBody(""), Problems.BodyTooLarge, Problems.UnsupportedMediaType]);
        if (endpoint.OfType<Idempotency.IsIdempotent>().Any())
            problems.AddRange([
                Problems.InvalidIdempotencyKey,
                Problems.RequestInProgress,
                Problems.IdempotencyKeyReused,
            ]);
        if (endpoint.OfType<PageRequest.Taken>().Any())
            problems.Add(Problems.InvalidPage);

        operation.Responses ??= [];
        var judgesFields = takesBody || endpoint.OfType<QueryMetadata>().Any();
        foreach (var alike in problems.Distinct().GroupBy(problem => problem.Status).OrderBy(alike => alike.Key))
            operation.Responses[alike.Key.ToString(CultureInfo.InvariantCulture)] = Response(
                alike,
                judgesFields && alike.Key == 400,
                document
            );
        if (judgesFields && !operation.Responses.ContainsKey("400"))
            operation.Responses["400"] = Response([], true, document);

        Problem? OwnWords(int status) => endpoint.OfType<Problem>().LastOrDefault(own => own.Status == status);
    }

    /// <summary>The shapes of errors.</summary>
    public static void AddComponents(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas["Error"] = Object(
            "A refusal.",
            ("error", Text("What happened, in a few words.")),
            ("detail", Text("A sentence for people."))
        );
        document.Components.Schemas[Fields] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description =
                "What is wrong with the request, field by field; nested fields as dotted paths, what belongs to no "
                + "field under non_field_errors.",
            AdditionalProperties = Texts(),
        };
        var problem = Object(
            "A refusal as RFC 9457 has it, for clients that accept application/problem+json.",
            ("type", Text("Always about:blank.")),
            ("title", Text("What happened, in a few words.")),
            ("status", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }),
            ("detail", Text("A sentence for people.")),
            ("instance", Text("The path that was called."))
        );
        problem.Properties!["errors"] = new OpenApiSchemaReference(Fields, document);
        document.Components.Schemas["Problem"] = problem;
        document.Components.Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader
            {
                Description = "Seconds after which it is worth trying again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
            },
        };
    }

    private static IOpenApiResponse Response(IEnumerable<Problem> problems, bool judgesFields, OpenApiDocument document)
    {
        var shown = problems.ToList();
        var error = new OpenApiSchemaReference("Error", document);
        var fields = new OpenApiSchemaReference(Fields, document);
        var names = shown
            .Select(problem => Names[problem with { RetryAfter = null, Detail = Known(problem) }])
            .ToList();
        if (judgesFields)
            names.Add(Fields);
        var response = new OpenApiResponse
        {
            Description = string.Join(
                ", ",
                shown.Select(problem => problem.Error).Concat(judgesFields ? ["Faults of fields"] : []).Distinct()
            ),
            Headers = shown.Any(problem => problem.RetryAfter is not null)
                ? new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeaderReference("Retry-After", document),
                }
                : null,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema =
                        !judgesFields ? error
                        : shown.Count == 0 ? fields
                        : new OpenApiSchema { AnyOf = [error, fields] },
                    Examples = names.ToDictionary(name => name, IOpenApiExample (name) => Example(name, document)),
                },
                [ProblemJson] = new() { Schema = new OpenApiSchemaReference("Problem", document) },
            },
        };
        if (judgesFields || shown.Count > MostShared)
            return response;
        // Most operations answer these alike.
        var shared = string.Join("Or", names);
        document.Components!.Responses ??= new Dictionary<string, IOpenApiResponse>();
        document.Components.Responses.TryAdd(shared, response);
        return new OpenApiResponseReference(shared, document);
    }

    private static OpenApiExampleReference Example(string name, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Examples ??= new Dictionary<string, IOpenApiExample>();
        document.Components.Examples.TryAdd(
            name,
            Catalogue.TryGetValue(name, out var problem)
                ? new OpenApiExample
                {
                    Summary = $"{problem.Status} {problem.Error}",
                    Value = new JsonObject { ["error"] = problem.Error, ["detail"] = problem.Detail },
                }
                : new OpenApiExample
                {
                    Summary = "400 Faults of fields",
                    Value = new JsonObject { ["title"] = new JsonArray("This field is required.") },
                }
        );
        return new OpenApiExampleReference(name, document);
    }

    private static string Known(Problem problem) =>
        problem.Error == Catalogue["MalformedBody"].Error ? Catalogue["MalformedBody"].Detail : problem.Detail;

    private static OpenApiSchema Object(string description, params (string Name, IOpenApiSchema Schema)[] properties) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = description,
            Properties = properties.ToDictionary(property => property.Name, property => property.Schema),
            Required = properties.Select(property => property.Name).ToHashSet(),
        };

    private static OpenApiSchema Text(string description) =>
        new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Texts() =>
        new()
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
        };

    private sealed record Refused(IReadOnlyList<Problem> Problems);
}
