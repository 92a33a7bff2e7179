namespace EduPro.VdoCipherEmulator;

/// <summary>
/// The configuration section <c>Emulator</c>; the two secrets are those of the section <c>VdoCipher</c>, so that
/// the emulator and its clients read the same settings.
/// </summary>
internal sealed class EmulatorOptions
{
    /// <summary>How long an uploaded video is Queued.</summary>
    public TimeSpan Queued { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it is Processing after that; zero skips the word.</summary>
    public TimeSpan Processing { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The length, in seconds, that a ready video has.</summary>
    public int LengthSeconds { get; set; } = 60;

    /// <summary>How long upload credentials are good for.</summary>
    public TimeSpan UploadValidity { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Where <c>video:ready</c> is announced; nowhere when empty.</summary>
    public Uri? HookUrl { get; set; }
}

internal sealed record Secrets(string Api, string Hook);
