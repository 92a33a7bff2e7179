using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EduPro.Data;

/// <summary>
/// Queries whose plan PostgreSQL is told to make in one way; left to itself, it compares what it expects of both, and is
/// wrong where few values find much and most find little. Neither plan reads a table whole.
/// </summary>
public static class QueryPlans
{
    /// <summary>Tags a query to be planned for its parameters, each time it is asked.</summary>
    public const string Custom = "custom plan";

    /// <summary>Tags a query to be planned once, for any parameters.</summary>
    public const string Generic = "generic plan";

    /// <summary>Until the transaction ends, or the one command, what <see cref="Custom"/> asks for.</summary>
    public const string CustomSettings = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), " + NoScans;

    private const string GenericSettings =
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), " + NoScans;

    private const string NoScans = "set_config('enable_seqscan', 'off', true)";

    /// <summary>Has the query planned for its parameters, each time it is asked.</summary>
    /// <param name="wordSimilarity">What counts as similar for <c>&lt;%</c>, 0 to 1; null for the server's own.</param>
    public static IQueryable<T> WithCustomPlan<T>(this IQueryable<T> rows, string? wordSimilarity = null) =>
        rows.TagWith(wordSimilarity is null ? Custom : $"{Custom}, {wordSimilarity}");

    /// <summary>Makes the tags work.</summary>
    public static DbContextOptionsBuilder UseQueryPlans(this DbContextOptionsBuilder options) =>
        options.AddInterceptors(new Interceptor());

    // The settings are a statement of the same command, which is one transaction: they take no round trip.
    private sealed class Interceptor : DbCommandInterceptor
    {
        private const string Comment = "-- ";

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            if (SettingsFor(command.CommandText) is { } settings)
                command.CommandText = settings + ";\n" + command.CommandText;
            return new(result);
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            DbDataReader result,
            CancellationToken cancellationToken = default
        )
        {
            if (
                command.CommandText.StartsWith(CustomSettings, StringComparison.Ordinal)
                || command.CommandText.StartsWith(GenericSettings, StringComparison.Ordinal)
            )
                await result.NextResultAsync(cancellationToken);
            return result;
        }

        private static string? SettingsFor(string asked)
        {
            if (asked.StartsWith(Comment + Generic, StringComparison.Ordinal))
                return GenericSettings;
            if (!asked.StartsWith(Comment + Custom, StringComparison.Ordinal))
                return null;
            var wordSimilarity = asked[(Comment + Custom).Length..asked.IndexOf('\n', StringComparison.Ordinal)]
                .TrimStart(',', ' ')
                .TrimEnd();
            return wordSimilarity.Length == 0
                ? CustomSettings
                : $"{CustomSettings}, set_config('pg_trgm.word_similarity_threshold', '{wordSimilarity}', true)";
        }
    }
}
