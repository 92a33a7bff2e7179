namespace EduPro.Domain;

/// <summary>How often, and for how long, a video's status is asked for.</summary>
public static class VideoPolling
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>A video that is neither ready nor failed this long after it was set has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>
    /// The pause after a poll: twice as long each time, from <see cref="Shortest"/> to <see cref="Longest"/>, up to a
    /// tenth longer or shorter so that videos that were set together do not stay together.
    /// </summary>
    /// <param name="polls">How many polls there were, 1 after the first.</param>
    /// <param name="jitter">From 0 to 1; 0.5 changes nothing.</param>
    public static TimeSpan Pause(int polls, double jitter)
    {
        var seconds = Math.Min(Longest.TotalSeconds, Shortest.TotalSeconds * Math.Pow(2, polls));
        return TimeSpan.FromSeconds(seconds * (0.9 + 0.2 * jitter));
    }
}
