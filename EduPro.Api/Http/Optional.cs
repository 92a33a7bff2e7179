namespace EduPro.Api.Http;

/// <summary>A field that a partial update may leave out: absent is not the same as null.</summary>
internal readonly struct Optional<T>(T value)
{
    public bool IsPresent { get; } = true;

    /// <summary>The value that was sent; the type's default when the field was absent.</summary>
    public T Value { get; } = value;

    public T Or(T present) => IsPresent ? Value : present;

    public static implicit operator Optional<T>(T value) => new(value);
}
