namespace EduPro.Domain.Idempotency;

/// <summary>
/// A request that its sender may repeat without repeating its effect. The row is there before the work; the answer
/// joins it after, and is what repetitions get.
/// </summary>
public sealed class IdempotencyKey
{
    public const int LongestKey = 255;

    /// <summary>So long the answer is repeated.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public required Guid UserId { get; init; }
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, route and body.</summary>
    public required byte[] Fingerprint { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Status of the answer, null while the work goes on.</summary>
    public int? Status { get; init; }
    public string? ContentType { get; init; }
    public byte[]? Body { get; init; }
}
