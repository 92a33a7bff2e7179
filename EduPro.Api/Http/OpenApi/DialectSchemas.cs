using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>
/// Tells the v1 document what the dialects say of themselves. Their schemas are JSON Schema in short: an object that
/// says neither what type it is nor what it refers to, is an object of these fields; a text is the schema of the
/// documented field of that name; <c>envelope of</c> is a page of such items.
/// </summary>
internal static class DialectSchemas
{
    private const string Envelope = "envelope of",
        Schemas = "#/components/schemas/";

    public static void AddTo(OpenApiDocument document, IEnumerable<ApiDescription> operations)
    {
        var done = new HashSet<Dialect>();
        foreach (var description in operations)
        {
            var endpoint = description.ActionDescriptor.EndpointMetadata;
            if (endpoint.OfType<Dialect>().LastOrDefault() is not { } dialect)
                continue;
            if (endpoint.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType is { } request)
                AddToRequest(Component(document, request), dialect, document);
            if (dialect.Responses is { } responses)
                Replace(
                    document.Paths["/" + description.RelativePath!.TrimEnd('/')],
                    description.HttpMethod!,
                    responses,
                    document
                );
            if (done.Add(dialect))
                foreach (var fields in dialect.Described)
                    if (fields.Of is { } type)
                        Add(Component(document, type), fields.Json, document);
        }
        RemoveUnused(document);
    }

    /// <summary>Drops the schemas of what the dialects answer otherwise.</summary>
    private static void RemoveUnused(OpenApiDocument document)
    {
        int removed;
        do
        {
            var used = new References();
            new OpenApiWalker(used).Walk(document);
            var unused = document.Components!.Schemas!.Keys.Except(used.Names).ToList();
            unused.ForEach(name => document.Components.Schemas.Remove(name));
            removed = unused.Count;
        } while (removed > 0);
    }

    private sealed class References : OpenApiVisitorBase
    {
        public HashSet<string> Names { get; } = [];

        public override void Visit(IOpenApiReferenceHolder referenceHolder)
        {
            if (referenceHolder is OpenApiSchemaReference { Reference.Id: { } name })
                Names.Add(name);
        }
    }

    private static OpenApiSchema Component(OpenApiDocument document, Type type) =>
        (OpenApiSchema)document.Components!.Schemas![OpenApiDocuments.NameOf(type)];

    private static void AddToRequest(OpenApiSchema request, Dialect dialect, OpenApiDocument document)
    {
        foreach (var (path, sent, documented) in dialect.Names)
        {
            var of =
                path.Length == 0 ? request : (OpenApiSchema)((OpenApiSchema)request.Properties![path[..^1]]).Items!;
            if (!of.Properties!.TryGetValue(documented, out var schema))
                continue;
            of.Properties[sent] = schema;
            of.Required?.Remove(documented);
        }
        foreach (var fields in dialect.Described.Where(fields => fields.Of is null))
            Add(request, fields.Json, document);
    }

    private static void Replace(IOpenApiPathItem path, string method, string responses, OpenApiDocument document)
    {
        var operation = path.Operations![HttpMethod.Parse(method)];
        var ok = operation.Responses!["200"];
        foreach (var (status, schema) in JsonNode.Parse(responses)!.AsObject())
            operation.Responses[status] = new OpenApiResponse
            {
                Description = status == "200" ? ok.Description : "Not yet",
                Headers = ok.Headers,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = Read(schema!, null, document) },
                },
            };
    }

    private static void Add(OpenApiSchema to, string fields, OpenApiDocument document)
    {
        var own = to.Properties is null ? [] : new Dictionary<string, IOpenApiSchema>(to.Properties);
        AddFields(to, JsonNode.Parse(fields)!.AsObject(), own, document);
    }

    private static void AddFields(
        OpenApiSchema to,
        JsonObject fields,
        Dictionary<string, IOpenApiSchema>? documented,
        OpenApiDocument document
    )
    {
        to.Properties ??= new Dictionary<string, IOpenApiSchema>();
        to.Required ??= new HashSet<string>();
        foreach (var (key, field) in fields)
        {
            var name = key.TrimEnd('?');
            if (name == key)
                to.Required.Add(name);
            else
                to.Required.Remove(name);
            if (field is not JsonObject { Count: 0 })
                to.Properties[name] = Read(field!, documented, document);
        }
    }

    private static IOpenApiSchema Read(
        JsonNode json,
        Dictionary<string, IOpenApiSchema>? documented,
        OpenApiDocument document
    )
    {
        if (json is JsonValue name)
            return documented![name.GetValue<string>()];
        var schema = json.AsObject();
        if (schema["$ref"] is { } reference)
            return new OpenApiSchemaReference(reference.GetValue<string>()[Schemas.Length..], document);
        if (schema["anyOf"] is JsonArray choices)
            return new OpenApiSchema { AnyOf = [.. choices.Select(choice => Read(choice!, documented, document))] };
        if (schema[Envelope] is { } item)
            return Page(Read(item, documented, document));
        if (schema["type"] is not { } type || type is JsonObject)
        {
            var fields = new OpenApiSchema { Type = JsonSchemaType.Object };
            AddFields(fields, schema, documented, document);
            return fields;
        }
        return new OpenApiSchema
        {
            Type = type is JsonArray types
                ? types.Select(one => TypeOf(one!)).Aggregate((one, other) => one | other)
                : TypeOf(type),
            Format = schema["format"]?.GetValue<string>(),
            MaxLength = schema["maxLength"]?.GetValue<int>(),
            Enum = schema["enum"]?.AsArray().Select(value => value!.DeepClone()).ToList(),
            Items = schema["items"] is { } items ? Read(items, documented, document) : null,
        };
    }

    private static JsonSchemaType TypeOf(JsonNode name) => Enum.Parse<JsonSchemaType>(name.GetValue<string>(), true);

    private static OpenApiSchema Page(IOpenApiSchema item)
    {
        static OpenApiSchema Link() => new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "uri" };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["count"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                ["next"] = Link(),
                ["previous"] = Link(),
                ["results"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = item },
            },
            Required = new HashSet<string> { "count", "next", "previous", "results" },
        };
    }
}
