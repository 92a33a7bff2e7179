using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EduPro.Api.Http.Binding;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>
/// Schemas as the wire has them: decimals as texts, fields that are always there as required, and request types as
/// <see cref="RequestBinder"/> reads them, with the limits of their validators.
/// </summary>
internal static class WireSchemas
{
    private const string Amount = @"^-?\d+\.\d{2}$";

    /// <summary>Fields that hold addresses, though the projections write them as texts.</summary>
    private static readonly HashSet<string> Addresses =
    [
        "avatar",
        "image",
        "logo",
        "next",
        "previous",
        "profile_picture",
        "thumbnail",
    ];

    public static Task Transform(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (context.JsonPropertyInfo is { } owned && IsRequest(owned.DeclaringType))
            return Task.CompletedTask;
        var type = context.JsonTypeInfo.Type;
        // The framework cannot see through the converters of these two.
        if (Nullable.GetUnderlyingType(type) is { } underlying && IsWrittenAsText(underlying))
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        else if (IsWrittenAsText(type))
            schema.Type = JsonSchemaType.String;

        if (IsRequest(type))
        {
            var described = Describe(type);
            schema.Properties = described.Properties;
            schema.Required = described.Required;
            AddLimits(schema, type, context.ApplicationServices);
        }
        else if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal))
            (schema.Format, schema.Pattern) = ("decimal", Amount);
        else if (type == typeof(object))
            schema.AnyOf = [Text(), new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() }];
        else if (context.JsonTypeInfo.Kind is JsonTypeInfoKind.Object)
            schema.Required = context
                .JsonTypeInfo.Properties.Where(IsAlwaysThere)
                .Select(property => property.Name)
                .ToHashSet();
        else if (type == typeof(string) && context.JsonPropertyInfo is { Name: var name } && Addresses.Contains(name))
            schema.Format = "uri";
        if (context.JsonPropertyInfo is { } property)
            Examples.Show(schema, property.Name);
        return Task.CompletedTask;
    }

    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        property.Get is not null
        && property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), true) is not [_, ..];

    private static bool IsWrittenAsText(Type type) => type == typeof(decimal) || type == typeof(DateTimeOffset);

    /// <summary>Requests are classes, responses are records.</summary>
    private static bool IsRequest(Type type) =>
        type.IsClass && type.Assembly == typeof(WireSchemas).Assembly && type.GetMethod("<Clone>$") is null;

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

    public static OpenApiSchema Describe(BoundProperty property)
    {
        var schema = property.ElementType is { } element
            ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Scalar(element) ?? Describe(element) }
            : Scalar(property.ValueType)!;
        if (property.ValueType == typeof(string))
        {
            schema.MaxLength =
                property.Property.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? MaxLengthAttribute.Default;
            if (!property.IsNullable && !property.Property.IsDefined(typeof(AllowBlankAttribute)))
                schema.MinLength = 1;
        }
        if (property.IsNullable)
            schema.Type |= JsonSchemaType.Null;
        Examples.Show(schema, property.Name);
        return schema;
    }

    /// <summary>Adds the limits that the request's validator sets, so that the two never differ.</summary>
    private static void AddLimits(OpenApiSchema schema, Type request, IServiceProvider services)
    {
        using var scope = services.CreateScope();
        for (var type = request; type != typeof(object); type = type.BaseType!)
        {
            if (scope.ServiceProvider.GetService(typeof(IValidator<>).MakeGenericType(type)) is not IValidator rules)
                continue;
            // Rules of the whole request have no name.
            foreach (var member in rules.CreateDescriptor().GetMembersWithValidators().Where(m => m.Key is not null))
            {
                if (schema.Properties!.TryGetValue(Validation.WireName(member.Key), out var property))
                    foreach (var (rule, _) in member)
                        AddLimit((OpenApiSchema)property, rule);
            }
        }
    }

    private static void AddLimit(OpenApiSchema property, IPropertyValidator rule)
    {
        switch (rule)
        {
            case IComparisonValidator { ValueToCompare: IConvertible limit } comparison:
                var value = limit.ToString(CultureInfo.InvariantCulture);
                switch (comparison.Comparison)
                {
                    case Comparison.GreaterThan:
                        property.ExclusiveMinimum = value;
                        break;
                    case Comparison.GreaterThanOrEqual:
                        property.Minimum = value;
                        break;
                    case Comparison.LessThanOrEqual:
                        property.Maximum = value;
                        break;
                }
                break;
            case IBetweenValidator between:
                property.Minimum = Convert.ToString(between.From, CultureInfo.InvariantCulture);
                property.Maximum = Convert.ToString(between.To, CultureInfo.InvariantCulture);
                break;
            case ILengthValidator length:
                if (length.Min > 0)
                    property.MinLength = length.Min;
                if (length.Max > 0)
                    property.MaxLength = Math.Min(property.MaxLength ?? length.Max, length.Max);
                break;
            case IEmailValidator:
                property.Format = "email";
                break;
            case IRegularExpressionValidator pattern:
                // JSON Schema's patterns are ECMAScript's.
                property.Pattern = pattern
                    .Expression.Replace(@"\A", "^", StringComparison.Ordinal)
                    .Replace(@"\z", "$", StringComparison.Ordinal);
                break;
        }
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema? Scalar(Type type) =>
        type == typeof(string) ? Text()
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
