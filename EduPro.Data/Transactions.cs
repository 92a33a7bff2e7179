using System.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Data;

/// <summary>Transactions that survive a lost connection.</summary>
public static class Transactions
{
    /// <summary>
    /// Runs <paramref name="work"/> in one transaction, commits when it returns, and runs all of it again when the
    /// connection is lost before the commit; so it must start from what it reads itself. The change tracker is
    /// empty at each start.
    /// </summary>
    public static Task<T> InTransaction<T>(
        this DbContext db,
        Func<CancellationToken, Task<T>> work,
        CancellationToken ct,
        IsolationLevel isolation = IsolationLevel.ReadCommitted
    ) =>
        db
            .Database.CreateExecutionStrategy()
            .ExecuteAsync(
                async ct =>
                {
                    db.ChangeTracker.Clear();
                    await using var transaction = await db.Database.BeginTransactionAsync(isolation, ct);
                    var result = await work(ct);
                    await transaction.CommitAsync(ct);
                    return result;
                },
                ct
            );
}
