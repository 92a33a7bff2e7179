using System.Collections.Concurrent;
using System.Linq.Expressions;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Http;

/// <summary>
/// An ordered list that is asked for so often that Entity Framework translates its first page once, for each size, where
/// it would compare expressions in every request to find what it has translated. Its size is a constant in the
/// statement, so that Postgres plans it once, too. Other pages are queries like any.
/// </summary>
/// <typeparam name="TKey">What tells whose list it is.</typeparam>
internal sealed class CompiledList<TKey, T>(Expression<Func<EduProDb, TKey, IQueryable<T>>> rows)
{
    private readonly Func<EduProDb, TKey, IQueryable<T>> ordinary = rows.Compile();
    private readonly Func<EduProDb, TKey, CancellationToken, Task<int>> length = EF.CompileAsyncQuery(
        Expression.Lambda<Func<EduProDb, TKey, CancellationToken, int>>(
            Expression.Call(typeof(Queryable), nameof(Queryable.Count), [typeof(T)], rows.Body),
            [.. rows.Parameters, Expression.Parameter(typeof(CancellationToken))]
        )
    );
    private readonly ConcurrentDictionary<int, Func<EduProDb, TKey, IAsyncEnumerable<T>>> firstPages = new();

    /// <inheritdoc cref="Paging.ToPage{T}(IQueryable{T}, PageRequest, CancellationToken, bool, int, Func{Task{int}})"/>
    public Task<IResult> ToPage(
        EduProDb db,
        TKey key,
        PageRequest request,
        CancellationToken ct,
        bool envelope = false,
        Func<Task<int>>? count = null
    ) =>
        Paging.ToPage(
            (skip, size) =>
                skip == 0
                    ? firstPages.GetOrAdd(size, Compile)(db, key).ToListAsync(ct).AsTask()
                    : ordinary(db, key).Skip(skip).Take(size).ToListAsync(ct),
            count ?? (() => length(db, key, ct)),
            request,
            envelope
        );

    private Func<EduProDb, TKey, IAsyncEnumerable<T>> Compile(int size) =>
        EF.CompileAsyncQuery(
            Expression.Lambda<Func<EduProDb, TKey, IQueryable<T>>>(
                Expression.Call(
                    typeof(Queryable),
                    nameof(Queryable.Take),
                    [typeof(T)],
                    rows.Body,
                    Expression.Constant(size)
                ),
                rows.Parameters
            )
        );
}
