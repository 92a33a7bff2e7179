namespace EduPro.Api.Http;

/// <summary>So many requests in so much time.</summary>
internal sealed class RateLimit
{
    public required int Permits { get; init; }
    public required TimeSpan Window { get; init; }
}

/// <summary>Section <c>RateLimits</c>. <see cref="Factor"/> raises all of them, as in Development.</summary>
internal sealed class RateLimitOptions
{
    public int Factor { get; init; } = 1;

    /// <summary>Of a client, a user or else an address, over all routes.</summary>
    public RateLimit Client { get; init; } = new() { Permits = 100, Window = TimeSpan.FromSeconds(10) };

    /// <summary>Logins and registrations of an address, and logins to an account.</summary>
    public RateLimit SignIn { get; init; } = new() { Permits = 10, Window = TimeSpan.FromMinutes(1) };

    /// <summary>New access tokens of a session.</summary>
    public RateLimit Refresh { get; init; } = new() { Permits = 60, Window = TimeSpan.FromMinutes(1) };

    /// <summary>One-time passwords to an email address.</summary>
    public RateLimit Otp { get; init; } = new() { Permits = 3, Window = TimeSpan.FromMinutes(15) };

    /// <summary>Requests of a client that carry files.</summary>
    public RateLimit Upload { get; init; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Credentials to play one lesson's video, for a user.</summary>
    public RateLimit Playback { get; init; } = new() { Permits = 10, Window = TimeSpan.FromMinutes(1) };
}
