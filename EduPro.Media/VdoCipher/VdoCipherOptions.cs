namespace EduPro.Media.VdoCipher;

/// <summary>The configuration section <c>VdoCipher</c>.</summary>
public sealed class VdoCipherOptions
{
    public const string Section = "VdoCipher";

    /// <summary>
    /// The API's root, without a slash at its end. Absent from configuration, it is the service that service discovery
    /// knows as <c>vdocipher</c>, else the real one.
    /// </summary>
    public Uri BaseUrl { get; set; } = new("https://dev.vdocipher.com/api");

    /// <summary>The account's API secret. Without one every call answers <see cref="VdoCipherError.Unauthorized"/>.</summary>
    public string ApiSecret { get; set; } = "";

    /// <summary>The folder new videos go to; the account's root when null.</summary>
    public string? FolderId { get; set; }

    /// <summary>The secret that signs <c>video:ready</c> hooks, see <see cref="VdoCipherHook"/>.</summary>
    public string HookSecret { get; set; } = "";

    /// <summary>Whether plain HTTP may be spoken: for the API at all, for uploads to loopback. Default: in Development.</summary>
    public bool? AllowHttp { get; set; }

    /// <summary>How long one try of a call may take, answer included. What timed out is not tried again.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call may take with all its tries.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a GET or DELETE that failed at once is tried again.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>The pause before the first such try; the later ones grow from it.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many tries within <see cref="BreakerWindow"/> must be seen before the circuit can open.</summary>
    public int BreakerMinimum { get; set; } = 6;

    /// <summary>Half of the tries of this long failing opens the circuit.</summary>
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit answers without asking.</summary>
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>An upload of which no byte moves for this long, or whose answer takes longer, is given up.</summary>
    public TimeSpan UploadStall { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an upload may take in all.</summary>
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromHours(1);
}
