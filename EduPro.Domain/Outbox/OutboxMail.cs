namespace EduPro.Domain.Outbox;

/// <summary>
/// A mail that somebody asked for, written in the transaction that caused it and sent by the worker. The payload is
/// encrypted, and erased when the mail is sent or given up.
/// </summary>
public sealed class OutboxMail
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>Which mail: the name of a template.</summary>
    public required string Template { get; init; }

    public byte[]? Payload { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset NextAttemptAt { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public DateTimeOffset? DeadAt { get; set; }

    /// <summary>W3C trace context of the request that asked.</summary>
    public string? TraceParent { get; init; }
}
