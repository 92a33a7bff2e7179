using System.Diagnostics.Metrics;
using EduPro.Data;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;
using EduPro.Domain.Outbox;
using EduPro.Tests.Support;
using EduPro.Worker.Mail;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace EduPro.Tests.Accounts;

/// <summary>The worker's job on a database of its own, where the stack's worker does not come.</summary>
public sealed class OutboxTests(Stack stack) : IAsyncLifetime
{
    private static readonly SmtpEndpoint Nobody = new("127.0.0.1", 1, SecureSocketOptions.None, null, null);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly MailSeal seal = new(MasterKeys.OfDevelopment);
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private DbContextOptions<EduProDb> options = null!;

    public async ValueTask InitializeAsync()
    {
        var database = await stack.EmptyDatabase("outbox");
        options = new DbContextOptionsBuilder<EduProDb>().UseNpgsql(database).UseSnakeCaseNamingConvention().Options;
    }

    public async ValueTask DisposeAsync() => await services.DisposeAsync();

    [Fact]
    public async Task Workers_at_once_send_each_mail_once()
    {
        var server = SmtpEndpoint.Parse(await stack.ConnectionString("mail"));
        var addresses = new List<string>();
        for (var i = 0; i < 12; i++)
            addresses.Add((await Ask()).Address);

        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAll(server)));

        Assert.Equal(addresses.Count, sent.Sum());
        foreach (var address in addresses)
            Assert.Single(await stack.MailsTo(address));
        await using var db = new EduProDb(options);
        Assert.All(db.OutboxMails, mail => Assert.True(mail is { SentAt: not null, Payload: null, Attempts: 1 }));
    }

    [Fact]
    public async Task A_mail_waits_for_its_server_ever_longer()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        using var sent = new Measured(meters, "edupro.mail.sent");
        using var failed = new Measured(meters, "edupro.mail.failed");
        var (id, address) = await Ask();

        Assert.Equal(1, await RunAll(Nobody));
        var first = await Row(id);
        Assert.Equal(1, first.Attempts);
        Assert.NotNull(first.Payload);
        Assert.InRange(first.NextAttemptAt - clock.GetUtcNow(), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Assert.Equal(0, await RunAll(Nobody));

        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await RunAll(Nobody));
        var second = await Row(id);
        Assert.InRange(second.NextAttemptAt - clock.GetUtcNow(), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));

        clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(1, await RunAll(SmtpEndpoint.Parse(await stack.ConnectionString("mail"))));
        Assert.Single(await stack.MailsTo(address));
        Assert.Equal(clock.GetUtcNow(), (await Row(id)).SentAt);
        Assert.Equal(["1 password-reset"], sent.Values);
        Assert.Equal(["1 password-reset", "1 password-reset"], failed.Values);
    }

    [Fact]
    public async Task A_mail_is_given_up_after_a_day_and_counted()
    {
        using var dead = new Measured(services.GetRequiredService<IMeterFactory>(), "edupro.mail.dead");
        var (id, _) = await Ask();

        clock.Advance(TimeSpan.FromHours(23.9));
        await RunAll(Nobody);
        Assert.Null((await Row(id)).DeadAt);
        clock.Advance(TimeSpan.FromHours(1));
        await RunAll(Nobody);

        var row = await Row(id);
        Assert.NotNull(row.DeadAt);
        Assert.Null(row.Payload);
        Assert.Equal(["1 password-reset"], dead.Values);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await RunAll(Nobody));
    }

    private async Task<(Guid Id, string Address)> Ask()
    {
        await using var db = new EduProDb(options);
        var now = clock.GetUtcNow();
        var name = School.Unique("ada");
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            Type = UserType.Teacher,
            Username = name,
            Email = name + "@example.com",
            Phone = School.UniquePhone(),
            FirstName = "Ada <script>",
            LastName = "Byron",
            Slug = name,
            PasswordHash = "",
            CreatedAt = now,
        };
        var id = Guid.CreateVersion7(now);
        db.Users.Add(user);
        db.OutboxMails.Add(
            new OutboxMail
            {
                Id = id,
                UserId = user.Id,
                Template = PasswordResetMail.Template,
                Payload = seal.Close(
                    id,
                    new PasswordResetMail(user.Email, user.FirstName, "012345", now),
                    MailJson.Default.PasswordResetMail
                ),
                CreatedAt = now,
                NextAttemptAt = now,
            }
        );
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return (id, user.Email);
    }

    private async Task<OutboxMail> Row(Guid id)
    {
        await using var db = new EduProDb(options);
        return await db.OutboxMails.SingleAsync(mail => mail.Id == id, TestContext.Current.CancellationToken);
    }

    /// <summary>One worker, until it finds nothing more to do; how often it did something.</summary>
    private async Task<int> RunAll(SmtpEndpoint server)
    {
        var total = 0;
        while (true)
        {
            await using var db = new EduProDb(options);
            var job = new SendMail(
                db,
                new Letters(seal, new MailOptions()),
                server,
                new MailMetrics(services.GetRequiredService<IMeterFactory>()),
                clock,
                NullLogger<SendMail>.Instance
            );
            var done = await job.Run(TestContext.Current.CancellationToken);
            if (done == 0)
                return total;
            total += done;
        }
    }
}
