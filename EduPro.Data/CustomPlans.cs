using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EduPro.Data;

/// <summary>Queries for which no plan is good whatever their parameters, and those for which one is.</summary>
public static class CustomPlans
{
    /// <summary>
    /// Until the transaction ends, or this one command: a plan for these very parameters, with no table read whole.
    /// </summary>
    public const string Settings = """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)
        """;

    /// <summary>What <see cref="WithCustomPlan"/> tags with, for compiled queries, which cannot call it.</summary>
    public const string Tag = "custom plan";

    /// <summary>Has the query planned for its parameters, each time it is asked.</summary>
    /// <param name="wordSimilarity">What counts as similar for <c>&lt;%</c>, 0 to 1; null for the server's own.</param>
    public static IQueryable<T> WithCustomPlan<T>(this IQueryable<T> rows, string? wordSimilarity = null) =>
        rows.TagWith(wordSimilarity is null ? Tag : $"{Tag}, {wordSimilarity}");

    /// <summary>
    /// The keys of a query, some of them again where there are few. PostgreSQL supposes ten when it plans for any keys;
    /// for fewer it would plan anew each time, which takes longer than the query.
    /// </summary>
    public static TKey[] ForAnyPlan<TKey>(this IReadOnlyCollection<TKey> keys) =>
        [.. keys, .. Enumerable.Repeat(keys.First(), 10).Skip(keys.Count)];

    /// <summary>Makes <see cref="WithCustomPlan"/> work.</summary>
    public static DbContextOptionsBuilder UseCustomPlans(this DbContextOptionsBuilder options) =>
        options.AddInterceptors(new Interceptor());

    // The settings are a statement of the same command, which is one transaction: they take no round trip.
    private sealed class Interceptor : DbCommandInterceptor
    {
        private const string Asked = "-- " + Tag;

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            if (command.CommandText.StartsWith(Asked, StringComparison.Ordinal))
                command.CommandText = SettingsFor(command.CommandText) + ";\n" + command.CommandText;
            return new(result);
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            DbDataReader result,
            CancellationToken cancellationToken = default
        )
        {
            if (command.CommandText.StartsWith(Settings, StringComparison.Ordinal))
                await result.NextResultAsync(cancellationToken);
            return result;
        }

        private static string SettingsFor(string asked) =>
            asked[Asked.Length..asked.IndexOf('\n', StringComparison.Ordinal)].TrimStart(',', ' ').TrimEnd()
                is { Length: > 0 } wordSimilarity
                ? $"{Settings}, set_config('pg_trgm.word_similarity_threshold', '{wordSimilarity}', true)"
                : Settings;
    }
}
