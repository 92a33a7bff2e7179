using System.Net;
using System.Text;
using EduPro.Benchmarks;
using EduPro.Data;
using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EduPro.Tests.Benchmarks;

/// <summary>Asks what the benchmark asks, of its own data set.</summary>
public sealed class ScansTests(Stack stack)
{
    private const int Scale = 1,
        Times = 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_reads_a_table_of_more_than_a_thousand_rows_whole()
    {
        var name = School.Unique("benchmark");
        await using (var server = await stack.Database())
        await using (var create = new NpgsqlCommand($"CREATE DATABASE {name}", server))
            await create.ExecuteNonQueryAsync(Ct);
        var own = new NpgsqlConnectionStringBuilder(await stack.ConnectionString("edupro"))
        {
            Database = name,
            Pooling = false,
        }.ConnectionString;
        await using (var db = Catalogue.Behind.Open(own))
            await db.Database.MigrateAsync(Ct);
        await using var database = NpgsqlDataSource.Create(own);
        await Seed.Fill(database, Scale);
        await WaitUntilAlone(database);
        await using (var reset = database.CreateCommand("SELECT pg_stat_reset()"))
            await reset.ExecuteNonQueryAsync(Ct);

        await using (
            var api = await ServiceProcess.Api(
                stack,
                ("ConnectionStrings:edupro", own.Replace("Pooling=False", "", StringComparison.Ordinal)),
                ("RateLimits:Factor", "100000")
            )
        )
            await AskEverything(new IPEndPoint(IPAddress.Loopback, api.Address.Port));
        // What a connection did is counted when it ends, at the latest.
        await WaitUntilAlone(database);

        var scanned = new List<string>();
        await using var scans = database.CreateCommand(
            """
            SELECT relname, seq_scan, seq_tup_read / seq_scan, (SELECT sum(idx_scan) FROM pg_stat_user_tables)
            FROM pg_stat_user_tables WHERE seq_scan > 0
            """
        );
        await using var reader = await scans.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            Assert.True(reader.GetDecimal(3) > 1000, "Nothing was counted.");
            if (reader.GetInt64(2) > 1000)
                scanned.Add($"{reader.GetString(0)}: {reader.GetInt64(1)} times {reader.GetInt64(2)} rows");
        }
        Assert.True(scanned.Count == 0, string.Join('\n', scanned));
    }

    private static async Task AskEverything(IPEndPoint server)
    {
        var people = new People(server, Scale);
        var reads = Reads.Of(Scale, people.Token).ToArray();
        var attempts = await people.StartAttempts(Seed.Teachers + Times);
        using var client = new Client(server);
        foreach (var scenario in reads.Concat(Writes.Of(Scale, people.Token, attempts, reads[..6])))
            for (var n = 0; n < Times; n++)
            {
                var status = await client.Ask(scenario.Next(n));
                Assert.True(
                    status == scenario.Expected,
                    $"{scenario.Name}: {status} {Encoding.UTF8.GetString(client.Body)}"
                );
            }
    }

    private static async Task WaitUntilAlone(NpgsqlDataSource database)
    {
        for (var others = 1L; others > 0; await Task.Delay(100, Ct))
        {
            await using var ask = database.CreateCommand(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            );
            others = (long)(await ask.ExecuteScalarAsync(Ct))!;
        }
    }
}
