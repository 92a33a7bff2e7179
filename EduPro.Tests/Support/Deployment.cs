using System.Net;
using System.Text.Json;
using EduPro.Benchmarks;
using EduPro.Data;
using EduPro.Worker.Mail;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EduPro.Tests.Support;

/// <summary>
/// Two API replicas and two workers of a test's own, on a database of their own that has the benchmark's data; what they
/// say to it and to the mail server passes proxies of their own. No client is refused for asking often.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly Stack stack;
    private readonly People people;

    private Deployment(Stack stack, string database, TcpProxy postgres, TcpProxy mail, ServiceProcess[] services)
    {
        this.stack = stack;
        Database = new NpgsqlConnectionStringBuilder(database) { ApplicationName = Test }.ConnectionString;
        (Postgres, Mail) = (postgres, mail);
        (Apis, Workers) = (services[..2], services[2..]);
        people = new People(new IPEndPoint(IPAddress.Loopback, Apis[0].Address.Port), scale: 1);
    }

    /// <summary>Its connection string, past the proxy; its connections are named <see cref="Test"/>.</summary>
    public string Database { get; }

    public const string Test = "test";

    public TcpProxy Postgres { get; }
    public TcpProxy Mail { get; }
    public ServiceProcess[] Apis { get; }
    public ServiceProcess[] Workers { get; }

    /// <summary>What the addresses of its learners end with, and no others.</summary>
    public string MailDomain { get; } = $"@{School.Unique("mail")}.example.com";

    public static async Task<Deployment> Start(Stack stack, string what)
    {
        var database = await stack.SeededDatabase(what);
        var server = new NpgsqlConnectionStringBuilder(database);
        var postgres = new TcpProxy(server.Port);
        (server.Host, server.Port, server.Pooling) = ("127.0.0.1", postgres.Port, true);
        var mail = new TcpProxy(SmtpEndpoint.Parse(await stack.ConnectionString("mail")).Port);
        (string, string)[] settings =
        [
            ("ConnectionStrings:edupro", server.ConnectionString),
            ("ConnectionStrings:mail", $"Endpoint=smtp://127.0.0.1:{mail.Port}"),
            ("RateLimits:Factor", "100000"),
        ];
        var services = await Task.WhenAll(
            ServiceProcess.Api(stack, settings),
            ServiceProcess.Api(stack, settings),
            ServiceProcess.Worker(stack, settings),
            ServiceProcess.Worker(stack, settings)
        );
        var deployment = new Deployment(stack, database, postgres, mail, services);
        await using var db = deployment.Db();
        await db.Database.ExecuteSqlAsync(
            $"UPDATE users SET email = username || {deployment.MailDomain} WHERE username LIKE 'learner%'",
            TestContext.Current.CancellationToken
        );
        return deployment;
    }

    /// <summary>A caller of a replica with no account; the caller of this disposes it.</summary>
    /// <param name="n">Even numbers go to the first replica, odd ones to the second.</param>
    public Caller Stranger(long n) => Apis[n % 2].Stranger(stack);

    /// <summary>The n-th teacher, student or learner of the data, signed in.</summary>
    /// <param name="replica">As in <see cref="Stranger"/>; without it by <paramref name="n"/>.</param>
    public Caller Person(string kind, long n, long? replica = null)
    {
        var caller = Stranger(replica ?? n);
        (caller.Id, caller.Username, caller.Email) = (Seed.Id(kind, n), $"{kind}{n}", $"{kind}{n}{MailDomain}");
        caller.Access = people.Token(kind, n);
        return caller;
    }

    /// <summary>The id of an attempt that the n-th student begins at their teacher's exam.</summary>
    public static async Task<Guid> Begin(Caller student, long n)
    {
        var teacher = Seed.TeacherOf(n, scale: 1);
        return (await student.Post($"student/assessments/{Seed.Id("assessment", teacher)}/teacher{teacher}/start/"))
            .Expect(201)["attempt_id"]
            .GetGuid();
    }

    /// <summary>Time is up for these attempts.</summary>
    public async Task End(params Guid[] attempts)
    {
        await using var db = Db();
        var ended = await db
            .Attempts.Where(attempt => attempts.Contains(attempt.Id))
            .ExecuteUpdateAsync(
                attempt => attempt.SetProperty(a => a.ExpiresAt, a => a.StartedAt),
                TestContext.Current.CancellationToken
            );
        Assert.Equal(attempts.Length, ended);
    }

    /// <summary>The mails to its learners, once there are at least so many.</summary>
    public Task<IReadOnlyList<JsonElement>> Mails(int atLeast) => stack.MailsTo(MailDomain, atLeast);

    /// <summary>Fails unless the books of all its teachers balance.</summary>
    public async Task ExpectBooksBalance()
    {
        await using var db = Db();
        await db.ExpectBooksBalance([.. Enumerable.Range(1, Seed.Teachers).Select(n => Seed.Id("teacher", n))]);
    }

    /// <summary>A context of its database, past the proxy; the caller disposes it.</summary>
    public EduProDb Db() => EmptyDatabases.Open(Database);

    /// <inheritdoc cref="EmptyDatabases.Ask{T}"/>
    public Task<T> Ask<T>(FormattableString sql) => EmptyDatabases.Ask<T>(Database, sql);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Apis.Concat(Workers))
            await service.DisposeAsync();
        await Postgres.DisposeAsync();
        await Mail.DisposeAsync();
    }
}
