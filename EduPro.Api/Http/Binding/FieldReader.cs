using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace EduPro.Api.Http.Binding;

/// <summary>Reads one value the way a field of Django REST Framework does, and says what is wrong in its words.</summary>
internal static partial class FieldReader
{
    /// <summary>A value, or the messages that say why there is none; with the nearest value that there is, if any.</summary>
    public readonly record struct Outcome(object? Value, params string[] Messages)
    {
        public bool IsFault => Messages is { Length: > 0 };

        public static Outcome Fault(string message) => new(null, message);
    }

    /// <param name="limit">The most characters.</param>
    /// <param name="keepBlanks">Whether outer blanks count.</param>
    public static Outcome Text(RawField field, MaxLengthAttribute limit, bool keepBlanks)
    {
        var text = Scalar(field);
        if (text is null || field.Json is { ValueKind: JsonValueKind.True or JsonValueKind.False })
            return Outcome.Fault("Not a valid string.");
        if (!keepBlanks)
            text = text.Trim();
        if (text.Contains('\0', StringComparison.Ordinal))
            return Outcome.Fault("Null characters are not allowed.");
        if (text.Length > limit.Length && text.EnumerateRunes().Count() > limit.Length)
            return Outcome.Fault(limit.Message);
        return new Outcome(text);
    }

    /// <summary>What DRF says of a value where it expected an object.</summary>
    public static string NotAnObject(JsonElement json) =>
        $"Invalid data. Expected a dictionary, but got {TypeName(json)}.";

    /// <summary>What Python calls the type of a JSON value.</summary>
    public static string TypeName(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.String => "str",
            JsonValueKind.Object => "dict",
            JsonValueKind.Array => "list",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Number when json.GetRawText().AsSpan().ContainsAny(".eE") => "float",
            JsonValueKind.Number => "int",
            _ => "NoneType",
        };

    public static Outcome Integer(RawField field)
    {
        if (Scalar(field) is not { } text || field.Json is { ValueKind: JsonValueKind.True or JsonValueKind.False })
            return Outcome.Fault("A valid integer is required.");
        if (text.Length > 1000)
            return Outcome.Fault("String value too large.");
        // 5.0 is five, as in DRF.
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point > 0 && text[(point + 1)..].All(digit => digit == '0'))
            text = text[..point];
        return !BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var big)
                ? Outcome.Fault("A valid integer is required.")
            : big > int.MaxValue
                ? new Outcome(int.MaxValue, $"Ensure this value is less than or equal to {int.MaxValue}.")
            : big < int.MinValue
                ? new Outcome(int.MinValue, $"Ensure this value is greater than or equal to {int.MinValue}.")
            : new Outcome((int)big);
    }

    /// <summary>A decimal of at most ten digits, two of them decimals.</summary>
    public static Outcome Decimal(RawField field)
    {
        const int digits = 10,
            decimals = 2;
        if (Scalar(field) is not { } text || field.Json is { ValueKind: JsonValueKind.True or JsonValueKind.False })
            return Outcome.Fault("A valid number is required.");
        if (text.Length > 1000)
            return Outcome.Fault("String value too large.");
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var huge)
                    && double.IsFinite(huge)
                || text.Trim().TrimStart('-', '+').All(char.IsAsciiDigit) && text.Any(char.IsAsciiDigit)
                ? Outcome.Fault($"Ensure that there are no more than {digits} digits in total.")
                : Outcome.Fault("A valid number is required.");
        }
        var shown = Math.Abs(value).ToString(CultureInfo.InvariantCulture).Split('.');
        var whole = shown[0].TrimStart('0').Length;
        var fraction = shown.Length > 1 ? shown[1].Length : 0;
        return whole + fraction > digits
                ? Outcome.Fault($"Ensure that there are no more than {digits} digits in total.")
            : fraction > decimals ? Outcome.Fault($"Ensure that there are no more than {decimals} decimal places.")
            : whole > digits - decimals
                ? Outcome.Fault(
                    $"Ensure that there are no more than {digits - decimals} digits before the decimal point."
                )
            : new Outcome(value);
    }

    public static Outcome Boolean(RawField field) =>
        Scalar(field)?.ToLowerInvariant() switch
        {
            "true" or "1" or "on" or "yes" => new Outcome(true),
            "false" or "0" or "off" or "no" => new Outcome(false),
            _ => Outcome.Fault("Must be a valid boolean."),
        };

    public static Outcome Id(RawField field) =>
        field.Json is null or { ValueKind: JsonValueKind.String } && Guid.TryParse(Scalar(field), out var id)
            ? new Outcome(id)
            : Outcome.Fault("Must be a valid UUID.");

    /// <summary>A time in ISO 8601, in UTC where it names no zone; a date is its first moment.</summary>
    public static Outcome Time(RawField field) =>
        field.Json is null or { ValueKind: JsonValueKind.String }
        && Scalar(field)?.Trim() is { } text
        && IsoTime.IsMatch(text)
        && DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? new Outcome(time)
            : Outcome.Fault(
                "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
            );

    public static Outcome Date(RawField field) =>
        DateOnly.TryParseExact(
            Scalar(field),
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var date
        )
            ? new Outcome(date)
            : Outcome.Fault("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");

    public static Outcome Choice(RawField field, Type type)
    {
        var text = Scalar(field);
        foreach (var name in Enum.GetNames(type))
        {
            if (WireName(type, name) == text)
                return new Outcome(Enum.Parse(type, name));
        }
        return Outcome.Fault($"\"{text}\" is not a valid choice.");
    }

    /// <summary>An enum member's name on the wire.</summary>
    public static string WireName(Type type, string member) =>
        type.GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    public static Outcome File(RawField field) =>
        field.File is not { } file
            ? Outcome.Fault("The submitted data was not a file. Check the encoding type on the form.")
        : file.Length == 0 ? Outcome.Fault("The submitted file is empty.")
        : new Outcome(file);

    [GeneratedRegex(
        @"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,12})?)? ?(Z|[+-]\d{2}(:?\d{2})?)?)?\z",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex IsoTime { get; }

    private static string? Scalar(RawField field) =>
        field switch
        {
            { File: not null } => null,
            { Json: { ValueKind: JsonValueKind.String } json } => Unescape(json),
            { Json: { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } json } =>
                json.GetRawText(),
            { Json: not null } => null,
            _ => field.Form.Count == 0 ? "" : field.Form[^1] ?? "",
        };

    /// <summary>The text, null when it is none: escapes may spell half a character.</summary>
    public static string? Unescape(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
