using System.Reflection;
using System.Text.Json;
using EduPro.Api.Http.Binding;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>Tells of each operation what its endpoint's handler, policy and parameters say, so that nobody writes it twice.</summary>
internal static class Operations
{
    /// <summary>What endpoints accept so that the body may refuse it; no client is told to send it.</summary>
    public const string AnyContentType = "*/*";

    private static readonly string[] PageHeaders = ["X-Pagination-Count", "X-Pagination-Page", "X-Pagination-PageSize"];

    public static Task Complete(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        var endpoint = context.Description.ActionDescriptor.EndpointMetadata;
        var method = context.Description.HttpMethod!;
        operation.OperationId = IdOf(endpoint, method);
        operation.Description = string.Join(' ', Sentences(endpoint));
        operation.Security = SecurityOf(endpoint, context.Document!);
        AddParameters(operation, endpoint);
        operation.RequestBody?.Content?.Remove(AnyContentType);
        if (endpoint.OfType<PageRequest.Taken>().Any())
            foreach (var response in operation.Responses!.Values.OfType<OpenApiResponse>())
                response.Headers = PageHeaders.ToDictionary(
                    name => name,
                    IOpenApiHeader (_) => new OpenApiHeader { Schema = Integer() }
                );
        if (Caching.IsPublic(endpoint))
            operation.Responses!["304"] = new OpenApiResponse { Description = "As the client's If-None-Match has it" };
        ErrorResponses.AddTo(operation, endpoint, method, context.Document!);
        return Task.CompletedTask;
    }

    /// <summary>The use case, and the method where it has several.</summary>
    private static string IdOf(IList<object> endpoint, string method)
    {
        var handler = endpoint.OfType<MethodInfo>().Single();
        var name = handler.DeclaringType!.Name + (handler.Name == "Handle" ? "" : handler.Name);
        var methods = endpoint.OfType<HttpMethodMetadata>().Last().HttpMethods;
        var first = method == methods[0] ? "" : "By" + method[0] + method[1..].ToLowerInvariant();
        return JsonNamingPolicy.CamelCase.ConvertName(name) + first;
    }

    private static IEnumerable<string> Sentences(IList<object> endpoint)
    {
        if (endpoint.OfType<IEndpointDescriptionMetadata>().LastOrDefault() is { } own)
            yield return own.Description;
        yield return endpoint.OfType<IAuthorizeData>().LastOrDefault()?.Policy switch
        {
            null => "Open to everybody.",
            Policies.User => "For everybody who is logged in.",
            var policy => $"For {policy.ToLowerInvariant()}s.",
        };
        if (endpoint.OfType<PageRequest.Taken>().Any())
            yield return $"Pages have up to {PageRequest.LargestSize} rows; a bare list without page and page_size has up to {PageRequest.LongestList}.";
        if (Caching.IsPublic(endpoint))
            yield return "What everybody sees carries an ETag.";
        if (
            endpoint.OfType<IAcceptsMetadata>().LastOrDefault() is { RequestType: { } request }
            && RequestBinder.PropertiesOf(request).Any(property => property.IsOptional)
        )
            yield return "Changes only the fields that are present.";
    }

    private static List<OpenApiSecurityRequirement> SecurityOf(IList<object> endpoint, OpenApiDocument document) =>
        endpoint.OfType<IAuthorizeData>().Any()
            ?
            [
                new() { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new() { [new OpenApiSecuritySchemeReference("cookie", document)] = [] },
            ]
            : [];

    private static void AddParameters(OpenApiOperation operation, IList<object> endpoint)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
            if (parameter.In == ParameterLocation.Path)
            {
                parameter.Required = true;
                parameter.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Format = parameter.Name!.EndsWith("id", StringComparison.Ordinal) ? "uuid" : null,
                };
            }
        foreach (var query in endpoint.OfType<QueryMetadata>())
        foreach (var property in RequestBinder.PropertiesOf(query.Type))
            Add(property.Name, WireSchemas.Describe(property));
        if (endpoint.OfType<PageRequest.Taken>().Any())
        {
            Add("page", Integer(minimum: "1"));
            Add("page_size", Integer(minimum: "1", maximum: "100"));
        }

        void Add(string name, IOpenApiSchema schema) =>
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Schema = schema,
                }
            );
    }

    private static OpenApiSchema Integer(string? minimum = null, string? maximum = null) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = minimum,
            Maximum = maximum,
        };
}

/// <summary>The type whose properties are an endpoint's query parameters.</summary>
internal sealed record QueryMetadata(Type Type);
