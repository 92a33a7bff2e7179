using System.Diagnostics.CodeAnalysis;

namespace EduPro.Media.VdoCipher;

/// <summary>Why VdoCipher did not do what was asked.</summary>
public enum VdoCipherError
{
    /// <summary>It has no such video.</summary>
    NotFound,

    /// <summary>It does not know our API secret, or there is none.</summary>
    Unauthorized,

    /// <summary>It refuses this request; an upload's credentials have expired, say. Asking again changes nothing.</summary>
    Rejected,

    /// <summary>It is down, too slow, too busy, or was so until just now. Worth asking again later.</summary>
    Unavailable,

    /// <summary>It answered something that is not its API.</summary>
    BadAnswer,
}

/// <summary>A failure and the reason for the log: our own words and status codes, nothing that the service sent.</summary>
public sealed record VdoCipherFailure(VdoCipherError Error, string Reason);

/// <summary>What a call came to: a value or a failure, never both, never an exception for what the service did.</summary>
public readonly record struct VdoCipherResult<T>
    where T : class
{
    private VdoCipherResult(T? value, VdoCipherFailure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public VdoCipherFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Value is not null;

    public static implicit operator VdoCipherResult<T>(T value) => new(value, null);

    public static implicit operator VdoCipherResult<T>(VdoCipherFailure failure) => new(null, failure);
}

/// <summary>
/// A place to upload one file to. <see cref="Fields"/> are form fields in the order in which they go before the file;
/// they are credentials: for the uploader alone, never for a log.
/// </summary>
public sealed record VideoUpload(string VideoId, Uri UploadLink, IReadOnlyDictionary<string, string> Fields)
{
    public override string ToString() => $"upload of {VideoId}";
}

/// <summary>A video as VdoCipher sees it; the length in whole seconds, once it is known.</summary>
public sealed record VideoState(EduPro.Domain.VideoStatus Status, int? LengthSeconds);

/// <summary>What a player needs to play one video once. Never stored, cached or logged.</summary>
public sealed record VideoOtp(string Otp, string PlaybackInfo)
{
    public override string ToString() => nameof(VideoOtp);
}
