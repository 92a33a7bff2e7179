namespace EduPro.Api.Http.Binding;

/// <summary>The longest text that a field takes, in characters. Without it: 10,000.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxLengthAttribute(int length) : Attribute
{
    public const int Default = 10_000;

    public int Length { get; } = length;

    /// <summary>The contract's own words for a longer text, in place of DRF's.</summary>
    public string Message { get; init; } = $"Ensure this field has no more than {length} characters.";
}

/// <summary>A text that may be empty, and is then stored so.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowBlankAttribute : Attribute;

/// <summary>A text whose outer blanks count, as a password's do.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeepBlanksAttribute : Attribute;

/// <summary>The contract's own words for a value of the wrong type, in place of DRF's.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InvalidMessageAttribute(string message) : Attribute
{
    public string Message { get; } = message;
}
