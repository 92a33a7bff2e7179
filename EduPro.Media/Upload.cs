using System.Diagnostics.CodeAnalysis;

namespace EduPro.Media;

/// <summary>
/// What became of an uploaded file: it was accepted and is in <see cref="File"/>, or it was refused for the reason in
/// <see cref="Refusal"/>, one of <see cref="UploadMessages"/>.
/// </summary>
public sealed class Upload<T>
    where T : MediaFile
{
    private Upload(T? file, string? refusal) => (File, Refusal) = (file, refusal);

    /// <summary>The checked file; null when it was refused.</summary>
    public T? File { get; }

    /// <summary>The contract's message; null when the file was accepted.</summary>
    public string? Refusal { get; }

    /// <summary>Whether <see cref="File"/> is there.</summary>
    [MemberNotNullWhen(true, nameof(File))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => File is not null;

    internal static Upload<T> Accept(T file) => new(file, null);

    internal static Upload<T> Refuse(string message) => new(null, message);
}
