using System.Reflection;
using System.Text.Json.Nodes;
using EduPro.Api.Http.Binding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>
/// Schemas as the wire has them: decimals as texts, and request types as <see cref="RequestBinder"/> reads them, where
/// the framework would describe what it never serializes.
/// </summary>
internal static class WireSchemas
{
    public static Task Transform(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        // The framework cannot see through the converters of these two.
        if (Nullable.GetUnderlyingType(type) is { } underlying && IsWrittenAsText(underlying))
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        else if (IsWrittenAsText(type))
            schema.Type = JsonSchemaType.String;

        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal))
        {
            schema.Format = "decimal";
            schema.Pattern = @"^-?\d+\.\d{2}$";
        }
        else if (IsRequest(type))
        {
            var described = Describe(type);
            schema.Properties = described.Properties;
            schema.Required = described.Required;
        }
        return Task.CompletedTask;
    }

    private static bool IsWrittenAsText(Type type) => type == typeof(decimal) || type == typeof(DateTimeOffset);

    private static bool IsRequest(Type type) => type is { IsNested: true, IsClass: true, Name: "Request" };

    private static OpenApiSchema Describe(Type request)
    {
        var properties = RequestBinder.PropertiesOf(request);
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = properties.ToDictionary(
                property => property.Name,
                IOpenApiSchema (property) => Describe(property)
            ),
            Required = properties.Where(property => property.IsRequired).Select(property => property.Name).ToHashSet(),
        };
    }

    private static OpenApiSchema Describe(BoundProperty property)
    {
        var schema = property.ElementType is { } element
            ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Scalar(element) ?? Describe(element) }
            : Scalar(property.ValueType)!;
        if (property.ValueType == typeof(string))
            schema.MaxLength =
                property.Property.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? MaxLengthAttribute.Default;
        if (property.IsNullable)
            schema.Type |= JsonSchemaType.Null;
        return schema;
    }

    private static OpenApiSchema? Scalar(Type type) =>
        type == typeof(string) ? new OpenApiSchema { Type = JsonSchemaType.String }
        : type == typeof(int) ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }
        : type == typeof(bool) ? new OpenApiSchema { Type = JsonSchemaType.Boolean }
        : type == typeof(Guid) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }
        : type == typeof(DateTimeOffset) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }
        : type == typeof(DateOnly) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" }
        : type == typeof(decimal)
            ? new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Number, Format = "decimal" }
        : typeof(IUploadedFile).IsAssignableFrom(type)
            ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
        : type.IsEnum
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. Enum.GetNames(type).Select(name => (JsonNode)FieldReader.WireName(type, name))],
            }
        : null;
}
