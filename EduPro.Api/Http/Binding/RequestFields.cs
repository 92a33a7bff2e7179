using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace EduPro.Api.Http.Binding;

/// <summary>One field as it was sent: a JSON value, the values of a form or query, or an uploaded file.</summary>
internal readonly struct RawField
{
    public JsonElement? Json { get; init; }
    public StringValues Form { get; init; }
    public IFormFile? File { get; init; }

    public bool IsNull => Json is { ValueKind: JsonValueKind.Null };

    /// <summary>A form has no null: there an empty text means it.</summary>
    public bool IsEmptyForm => Json is null && File is null && StringValues.IsNullOrEmpty(Form);
}

/// <summary>
/// The fields of a request by their documented names, whatever format they came in. A dialect renames them here,
/// before anything reads them; faults are reported under the name that was sent.
/// </summary>
internal sealed class RequestFields(Dictionary<string, RawField> fields)
{
    private readonly Dictionary<string, string> sentNames = [];

    public bool TryGet(string name, out RawField field) => fields.TryGetValue(name, out field);

    public bool Has(string name) => fields.ContainsKey(name);

    /// <summary>Takes <paramref name="sent"/> for <paramref name="documented"/>, unless that was sent too.</summary>
    public void Rename(string sent, string documented)
    {
        if (!fields.ContainsKey(documented) && fields.Remove(sent, out var field))
        {
            fields[documented] = field;
            sentNames[documented] = sent;
        }
    }

    /// <summary>The field's text; null when it was not sent or is no text.</summary>
    public string? Text(string name) =>
        !fields.TryGetValue(name, out var field) || field.File is not null ? null
        : field.Json is not { } json ? field.Form.ToString()
        : json.ValueKind is JsonValueKind.String ? FieldReader.Unescape(json)
        : null;

    /// <summary>Takes the field <paramref name="name"/> for another one too.</summary>
    public void Copy(string name, string to)
    {
        if (fields.TryGetValue(name, out var field))
            fields.TryAdd(to, field);
    }

    public void Set(string name, string value) => fields[name] = new RawField { Form = value };

    public void Remove(string name) => fields.Remove(name);

    public string SentName(string documented) => sentNames.GetValueOrDefault(documented, documented);

    public static RequestFields Of(JsonElement json) =>
        new(
            json.EnumerateObject()
                .GroupBy(NameOf)
                .ToDictionary(same => same.Key, same => new RawField { Json = same.Last().Value })
        );

    public static RequestFields Of(IFormCollection form)
    {
        var fields = form.ToDictionary(field => field.Key, field => new RawField { Form = field.Value });
        foreach (var file in form.Files)
            fields[file.Name] = new RawField { File = file };
        return new RequestFields(fields);
    }

    public static RequestFields Of(IQueryCollection query) =>
        new(query.ToDictionary(field => field.Key, field => new RawField { Form = field.Value }));

    /// <summary>The field's name; that of no field of ours when its escapes spell half a character.</summary>
    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
