using System.Globalization;
using EduPro.Benchmarks;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EduPro.Tests.Support;

/// <summary>Databases of a test's own on the stack's server, where nobody else comes.</summary>
internal static class EmptyDatabases
{
    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static readonly Dictionary<bool, string> Templates = [];

    /// <summary>The connection string of a new database with the schema and nothing in it: a copy of one made once.</summary>
    public static Task<string> EmptyDatabase(this Stack stack, string what) => stack.Copy(what, seeded: false);

    /// <summary>The same, with the benchmark's data (<see cref="Seed"/>).</summary>
    public static Task<string> SeededDatabase(this Stack stack, string what) => stack.Copy(what, seeded: true);

    private static async Task<string> Copy(this Stack stack, string what, bool seeded)
    {
        var ct = TestContext.Current.CancellationToken;
        var connection = new NpgsqlConnectionStringBuilder(await stack.ConnectionString("edupro")) { Pooling = false };
        await using var server = await stack.Database();
        await OneAtATime.WaitAsync(ct);
        try
        {
            if (!Templates.TryGetValue(seeded, out var template))
            {
                template = connection.Database = School.Unique("template");
                await using (var db = Open(connection.ConnectionString))
                    await db.Database.MigrateAsync(ct);
                await using var database = NpgsqlDataSource.Create(connection);
                if (seeded)
                    await Seed.Fill(database, scale: 1);
                Templates.Add(seeded, template);
            }
            connection.Database = School.Unique(what);
            await using var copy = server.CreateCommand();
#pragma warning disable CA2100 // Both names are made here.
            copy.CommandText = $"CREATE DATABASE {connection.Database} TEMPLATE {template}";
#pragma warning restore CA2100
            await copy.ExecuteNonQueryAsync(ct);
        }
        finally
        {
            OneAtATime.Release();
        }
        return connection.ConnectionString;
    }

    /// <summary>A context of the database; the caller disposes it.</summary>
    public static EduProDb Open(string connectionString) =>
        new(new DbContextOptionsBuilder<EduProDb>().UseNpgsql(connectionString).UseSnakeCaseNamingConvention().Options);

    /// <summary>Runs SQL in the database and returns its first value.</summary>
    public static async Task<T> Ask<T>(string connectionString, FormattableString sql)
    {
        await using var database = new NpgsqlConnection(connectionString);
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = database.CreateCommand();
        command.CommandText = string.Format(
            CultureInfo.InvariantCulture,
            sql.Format,
            [.. Enumerable.Range(1, sql.ArgumentCount).Select(i => $"${i}")]
        );
        foreach (var argument in sql.GetArguments())
            command.Parameters.Add(new() { Value = argument ?? DBNull.Value });
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
