using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EduPro.Tests.Support;

/// <summary>
/// Holds JSON against the schemas of an OpenAPI document: the part of JSON Schema that our documents use, and not a
/// keyword more. Properties that a schema does not name are faults.
/// </summary>
internal sealed partial class SchemaCheck(JsonElement document)
{
    /// <summary>Where the value differs from the schema, and how.</summary>
    public IEnumerable<string> Faults(JsonElement value, JsonElement schema, string at = "$")
    {
        var faults = new List<string>();
        foreach (var keyword in schema.EnumerateObject())
            faults.AddRange(Faults(value, keyword, schema, at));
        return faults;
    }

    /// <summary>What a reference stands for; else the element itself.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.TryGetProperty("$ref", out var reference))
            element = reference
                .GetString()!
                .Split('/')
                .Skip(1)
                .Aggregate(document, (json, step) => json.GetProperty(step));
        return element;
    }

    private IEnumerable<string> Faults(JsonElement value, JsonProperty keyword, JsonElement schema, string at)
    {
        var limit = keyword.Value;
        switch (keyword.Name)
        {
            case "$ref":
                return Faults(value, Resolve(schema), at);
            case "type":
                JsonElement[] types = limit.ValueKind is JsonValueKind.Array ? [.. limit.EnumerateArray()] : [limit];
                return Unless(types.Any(type => Is(value, type.GetString()!)), $"{at} is no {limit.GetRawText()}");
            case "enum":
                return Unless(
                    limit.EnumerateArray().Any(known => JsonElement.DeepEquals(known, value)),
                    $"{at} is none of {limit.GetRawText()}"
                );
            case "anyOf" or "oneOf":
                var choices = limit.EnumerateArray().Select(choice => Faults(value, choice, at).ToList()).ToList();
                return choices.Any(faults => faults.Count == 0) ? [] : choices.MinBy(faults => faults.Count)!;
            case "required" when value.ValueKind is JsonValueKind.Object:
                return limit
                    .EnumerateArray()
                    .Select(name => name.GetString()!)
                    .Where(name => !value.TryGetProperty(name, out _))
                    .Select(name => $"{at}.{name} is missing");
            case "properties" when value.ValueKind is JsonValueKind.Object:
                return value
                    .EnumerateObject()
                    .SelectMany(property =>
                        limit.TryGetProperty(property.Name, out var of)
                            ? Faults(property.Value, of, $"{at}.{property.Name}")
                            : [$"{at}.{property.Name} is undocumented"]
                    );
            case "additionalProperties" when value.ValueKind is JsonValueKind.Object:
                return value
                    .EnumerateObject()
                    .SelectMany(property => Faults(property.Value, limit, $"{at}.{property.Name}"));
            case "items" when value.ValueKind is JsonValueKind.Array:
                return value.EnumerateArray().SelectMany((item, i) => Faults(item, limit, $"{at}[{i}]"));
            case "format" when value.ValueKind is JsonValueKind.String:
                return Unless(HasFormat(value.GetString()!, limit.GetString()!), $"{at} is no {limit}: {value}");
            case "pattern" when value.ValueKind is JsonValueKind.String:
                return Unless(
                    Regex.IsMatch(value.GetString()!, limit.GetString()!, RegexOptions.ECMAScript),
                    $"{at} is not like {limit}: {value}"
                );
            case "minLength" when value.ValueKind is JsonValueKind.String:
                return Unless(value.GetString()!.Length >= limit.GetInt32(), $"{at} is too short");
            case "maxLength" when value.ValueKind is JsonValueKind.String:
                return Unless(value.GetString()!.Length <= limit.GetInt32(), $"{at} is too long");
            case "minimum" when value.ValueKind is JsonValueKind.Number:
                return Unless(value.GetDecimal() >= limit.GetDecimal(), $"{at} is less than {limit}");
            case "exclusiveMinimum" when value.ValueKind is JsonValueKind.Number:
                return Unless(value.GetDecimal() > limit.GetDecimal(), $"{at} is not more than {limit}");
            case "maximum" when value.ValueKind is JsonValueKind.Number:
                return Unless(value.GetDecimal() <= limit.GetDecimal(), $"{at} is more than {limit}");
            case "minLength" or "maxLength" or "minimum" or "exclusiveMinimum" or "maximum":
            case "required" or "properties" or "additionalProperties" or "items" or "format" or "pattern":
            case "description" or "examples":
                return [];
            default:
                throw new NotSupportedException($"{at}: no check for {keyword.Name}.");
        }
    }

    private static IEnumerable<string> Unless(bool holds, string fault) => holds ? [] : [fault];

    private static bool Is(JsonElement value, string type) =>
        type switch
        {
            "null" => value.ValueKind is JsonValueKind.Null,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "string" => value.ValueKind is JsonValueKind.String,
            "array" => value.ValueKind is JsonValueKind.Array,
            "object" => value.ValueKind is JsonValueKind.Object,
            "number" => value.ValueKind is JsonValueKind.Number,
            "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
            _ => throw new NotSupportedException(type),
        };

    private static bool HasFormat(string text, string format) =>
        format switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out _),
            "date-time" => Time().IsMatch(text),
            "decimal" => Amount().IsMatch(text),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "email" => text.Contains('@', StringComparison.Ordinal),
            _ => throw new NotSupportedException(format),
        };

    /// <summary>The contract's times: UTC, to the microsecond.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
    private static partial Regex Time();

    [GeneratedRegex(@"^-?\d+\.\d\d$")]
    private static partial Regex Amount();
}
