namespace EduPro.Api.Http.Binding;

/// <summary>
/// A file field of a request type, made from an <see cref="IFormFile"/> by its constructor. Its content is checked when
/// the whole request is.
/// </summary>
internal interface IUploadedFile
{
    /// <summary>The largest content that the field takes, in bytes.</summary>
    static abstract long MaxBytes { get; }

    /// <summary>Checks the content, keeps what the handler needs, and returns the contract's message when it fails.</summary>
    Task<string?> Check(IServiceProvider services, CancellationToken ct);
}

internal static class UploadedFiles
{
    public static FieldReader.Outcome Wrap(Type type, FieldReader.Outcome file) =>
        file.IsFault ? file : new FieldReader.Outcome(Activator.CreateInstance(type, file.Value));

    public static long MaxBytes(Type type) => (long)type.GetProperty(nameof(IUploadedFile.MaxBytes))!.GetValue(null)!;
}
