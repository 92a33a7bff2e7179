namespace EduPro.Domain.Accounts;

/// <summary>One login. Both of its tokens name it; ending it makes them worthless.</summary>
public sealed class Session
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public User User { get; init; } = null!;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>The one password reset that a person may have open.</summary>
public sealed class PasswordReset
{
    /// <summary>The person's id: one reset at a time.</summary>
    public required Guid UserId { get; init; }

    public User User { get; init; } = null!;

    /// <summary>Keyed hash of the one-time password; the password itself is stored nowhere.</summary>
    public required byte[] OtpHash { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }
    public int WrongTries { get; set; }
}
