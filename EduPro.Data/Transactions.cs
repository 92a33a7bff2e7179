using System.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Data;

/// <summary>Transactions that survive a lost connection.</summary>
public static class Transactions
{
    /// <summary>
    /// Runs <paramref name="work"/> in one transaction, commits when it returns, and runs all of it again when the
    /// connection is lost before the commit; so it must start from what it reads itself. The change tracker is
    /// empty at each start. Deadlocks and serialization failures count as such losses.
    /// </summary>
    /// <param name="keep">Whether to commit, by the result; without it always.</param>
    public static Task<T> InTransaction<T>(
        this DbContext db,
        Func<CancellationToken, Task<T>> work,
        CancellationToken ct,
        IsolationLevel isolation = IsolationLevel.ReadCommitted,
        Func<T, bool>? keep = null
    ) =>
        db
            .Database.CreateExecutionStrategy()
            .ExecuteAsync(
                async ct =>
                {
                    db.ChangeTracker.Clear();
                    // Whatever fails, fails the whole transaction: savepoints would be two statements for nothing.
                    db.Database.AutoSavepointsEnabled = false;
                    await using var transaction = await db.Database.BeginTransactionAsync(isolation, ct);
                    var result = await work(ct);
                    if (keep is null || keep(result))
                        await transaction.CommitAsync(ct);
                    return result;
                },
                ct
            );
}
