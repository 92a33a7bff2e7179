using System.Net;
using EduPro.Benchmarks;
using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace EduPro.Tests.Faults;

/// <summary>The migration service on databases of the tests' own.</summary>
public sealed class MigrationsTests(Stack stack)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_at_once_and_once_more_under_a_serving_api_do_as_one_does()
    {
        var database = await NewDatabase();
        await Task.WhenAll(Migrate(database), Migrate(database));
        await using var api = await ServiceProcess.Api(stack, ("ConnectionStrings:edupro", database));
        using var teacher = api.Stranger(stack);
        await teacher.RegisterAsTeacher();

        var migrating = Migrate(database);
        var asked = 0;
        do
        {
            (await teacher.Patch("teacher/update-profile/", new { bio = $"{asked}" })).Expect(200);
            asked++;
        } while (!migrating.IsCompleted);
        await migrating;

        Assert.Equal($"{asked - 1}", (await teacher.Get("teacher/teacher-profile/")).Expect(200)["bio"].GetString());
        await using var db = EmptyDatabases.Open(database);
        Assert.Equal(2, await db.Users.CountAsync(Ct));
        Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync(Ct));
    }

    /// <summary>An API on the database of the first migration, which goes on while the others are applied.</summary>
    [Fact]
    public async Task All_but_the_first_are_applied_while_an_api_serves_and_writes()
    {
        var database = await NewDatabase();
        await using var db = EmptyDatabases.Open(database);
        await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().First(), Ct);
        await using (var source = NpgsqlDataSource.Create(database))
            await Seed.Fill(source, scale: 1);
        await using var api = await ServiceProcess.Api(
            stack,
            ("ConnectionStrings:edupro", database),
            ("RateLimits:Factor", "100000")
        );
        var people = new People(new IPEndPoint(IPAddress.Loopback, api.Address.Port), scale: 1);
        var (learner, teacher) = (api.Stranger(stack), api.Stranger(stack));
        (learner.Access, teacher.Access) = (people.Token("learner", 1), people.Token("teacher", 1));

        Task? migrating = null;
        var enrolled = 0;
        for (var after = 0; after < 10; after += migrating is { IsCompleted: true } ? 1 : 0)
        {
            (await learner.Enroll(Seed.Id("course", ++enrolled))).Expect(201);
            (await teacher.Get("teacher/revenue/")).Expect(200);
            if (enrolled == 10)
                migrating = Migrate(database);
        }
        await migrating!;

        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Ct));
        Assert.False(await db.TeacherStudents.AnyAsync(relation => relation.NameKey == "", Ct));
        Assert.Equal(enrolled, await db.LedgerEntries.CountAsync(line => line.StudentId == Seed.Id("learner", 1), Ct));
        Assert.Empty(api.Failures);
        learner.Dispose();
        teacher.Dispose();
    }

    /// <summary>An account of each migration must still be there after the last; there may be one migration only.</summary>
    [Fact]
    public async Task What_was_there_at_an_earlier_migration_is_there_after_the_last()
    {
        var database = await NewDatabase();
        await using var db = EmptyDatabases.Open(database);
        var migrator = db.GetService<IMigrator>();
        var all = db.Database.GetMigrations().ToList();
        Assert.NotEmpty(all);
        foreach (var migration in all)
        {
            await migrator.MigrateAsync(migration, Ct);
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO users
                    (id, type, username, email, first_name, last_name, slug, password_hash, is_active, created_at, failed_logins)
                VALUES
                    (gen_random_uuid(), 'Admin', {migration}, {migration}, 'Ada', 'Byron', {migration}, '-', true, now(), 0)
                """,
                Ct
            );
        }
        await Migrate(database);
        Assert.Equal(all.Count, await db.Users.CountAsync(user => all.Contains(user.Username), Ct));
    }

    private async Task<string> NewDatabase()
    {
        var connection = new NpgsqlConnectionStringBuilder(await stack.ConnectionString("edupro"))
        {
            Database = School.Unique("migrated"),
        };
        await using var server = await stack.Database();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {connection.Database}", server);
        await create.ExecuteNonQueryAsync(Ct);
        return connection.ConnectionString;
    }

    private static async Task Migrate(string database)
    {
        await using var service = ServiceProcess.Start(
            "EduPro.MigrationService",
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:edupro"] = database,
                ["Admin:Username"] = "root",
                ["Admin:Email"] = "root@example.com",
                ["Admin:Password"] = Stack.AdminPassword,
            }
        );
        Assert.True(await service.Ended() == 0, service.Output);
    }
}
