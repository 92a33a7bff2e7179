using Microsoft.Extensions.Logging;

namespace EduPro.Media.VdoCipher;

/// <summary>Says in the log why VdoCipher fails when it begins to, and that it is back, however many calls notice.</summary>
internal sealed partial class VdoCipherStanding(TimeProvider time, ILogger<VdoCipherClient> log)
{
    /// <summary>A service that comes and goes is not announced more often than this, per kind of failure.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<VdoCipherError, long> announcedAt = [];
    private VdoCipherError? standing;

    public void Note(string operation, VdoCipherFailure? failure)
    {
        lock (gate)
        {
            if (failure is null or { Error: VdoCipherError.NotFound or VdoCipherError.Rejected })
            {
                if (standing is null)
                    return;
                standing = null;
                LogRecovered();
                return;
            }
            var quiet = announcedAt.TryGetValue(failure.Error, out var at) && time.GetElapsedTime(at) < Quiet;
            if (standing == failure.Error || quiet)
                return;
            standing = failure.Error;
            announcedAt[failure.Error] = time.GetTimestamp();
            LogFailing(operation, failure.Error, failure.Reason);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "VdoCipher fails at {Operation}: {Error}, {Reason}. Further failures of this kind are counted, not logged."
    )]
    private partial void LogFailing(string operation, VdoCipherError error, string reason);

    [LoggerMessage(LogLevel.Information, "VdoCipher answers again.")]
    private partial void LogRecovered();
}
