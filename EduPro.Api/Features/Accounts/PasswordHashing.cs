using System.Threading.RateLimiting;
using EduPro.Api.Http;
using EduPro.Data.Security;

namespace EduPro.Api.Features.Accounts;

/// <summary>
/// Hashes passwords on at most one thread a core, none of the pool's, with a bounded queue behind: a flood of logins waits
/// or is turned away, and leaves the rest of the API its threads and processor time.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private const int QueueLength = 64;

    /// <summary>What is verified when there is no user, so that the answer takes the same time.</summary>
    private static readonly string NobodysHash = PasswordHash.Create("nobody");

    private readonly ConcurrencyLimiter slots = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = Environment.ProcessorCount,
            QueueLimit = QueueLength,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    /// <summary>A hash of the password, or null when the queue is full.</summary>
    public Task<string?> Create(string password, CancellationToken ct) =>
        Run<string?>(() => PasswordHash.Create(password), null, ct);

    /// <summary>
    /// Whether the password matches; of no user, false in the same time. Null when the queue is full: answer
    /// <see cref="Busy"/>.
    /// </summary>
    public Task<bool?> Verify(string password, string? hash, CancellationToken ct) =>
        Run<bool?>(() => PasswordHash.Verify(password, hash ?? NobodysHash) && hash is not null, null, ct);

    public static Problem Busy => Problems.ServiceUnavailable(retryAfter: 2);

    private async Task<T> Run<T>(Func<T> work, T rejected, CancellationToken ct)
    {
        using var slot = await slots.AcquireAsync(cancellationToken: ct);
        return slot.IsAcquired
            ? await Task.Factory.StartNew(work, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : rejected;
    }

    public void Dispose() => slots.Dispose();
}
