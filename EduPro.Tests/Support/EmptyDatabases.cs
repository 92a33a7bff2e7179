using EduPro.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EduPro.Tests.Support;

/// <summary>Databases of a test's own on the stack's server, where nobody else comes.</summary>
internal static class EmptyDatabases
{
    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static string? template;

    /// <summary>The connection string of a new database with the schema and nothing in it: a copy of one made once.</summary>
    public static async Task<string> EmptyDatabase(this Stack stack, string what)
    {
        var ct = TestContext.Current.CancellationToken;
        var connection = new NpgsqlConnectionStringBuilder(await stack.ConnectionString("edupro")) { Pooling = false };
        await using var server = await stack.Database();
        await OneAtATime.WaitAsync(ct);
        try
        {
            if (template is null)
            {
                connection.Database = School.Unique("empty");
                await using var db = Open(connection.ConnectionString);
                await db.Database.MigrateAsync(ct);
                template = connection.Database;
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
}
