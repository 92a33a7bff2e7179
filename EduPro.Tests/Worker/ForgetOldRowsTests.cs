using EduPro.Domain.Accounts;
using EduPro.Domain.Idempotency;
using EduPro.Domain.Outbox;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EduPro.Tests.Worker;

public sealed class ForgetOldRowsTests(Stack stack)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_has_had_its_time_goes_and_nothing_else()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var db = EmptyDatabases.Open(await stack.EmptyDatabase("old"));
        var clock = new FakeTimeProvider(Start);
        var user = new User
        {
            Id = Guid.CreateVersion7(Start),
            Type = UserType.Teacher,
            Username = "ada",
            Email = "ada@example.com",
            Phone = null,
            FirstName = "Ada",
            LastName = "Byron",
            Slug = "ada",
            PasswordHash = "",
            CreatedAt = Start,
        };
        db.Add(user);
        db.Add(
            new Session
            {
                Id = Guid.CreateVersion7(Start),
                UserId = user.Id,
                CreatedAt = Start,
                ExpiresAt = Start.AddDays(7),
            }
        );
        db.Add(
            new PasswordReset
            {
                UserId = user.Id,
                OtpHash = [1],
                ExpiresAt = Start.AddMinutes(10),
            }
        );
        db.Add(
            new IdempotencyKey
            {
                UserId = user.Id,
                Key = "key",
                Fingerprint = [1],
                CreatedAt = Start,
            }
        );
        db.AddRange(Mail(sent: Start), Mail(dead: Start.AddDays(1)), Mail());
        await db.SaveChangesAsync(ct);

        Assert.Equal((1, 1, 1, 3), await After(TimeSpan.FromHours(23)));
        Assert.Equal((1, 1, 0, 3), await After(TimeSpan.FromHours(24.1)));
        Assert.Equal((1, 0, 0, 3), await After(TimeSpan.FromHours(24.3)));
        Assert.Equal((0, 0, 0, 3), await After(TimeSpan.FromDays(7.1)));
        Assert.Equal((0, 0, 0, 2), await After(TimeSpan.FromDays(30.1)));
        // A mail that still waits stays, however long.
        Assert.Equal((0, 0, 0, 1), await After(TimeSpan.FromDays(300)));
        Assert.Equal(1, await db.Users.CountAsync(ct));

        OutboxMail Mail(DateTimeOffset? sent = null, DateTimeOffset? dead = null) =>
            new()
            {
                Id = Guid.CreateVersion7(Start),
                UserId = user.Id,
                Template = PasswordResetMail.Template,
                CreatedAt = Start,
                NextAttemptAt = Start,
                SentAt = sent,
                DeadAt = dead,
            };

        async Task<(int Sessions, int Resets, int Keys, int Mails)> After(TimeSpan time)
        {
            clock.SetUtcNow(Start + time);
            await new ForgetOldRows(db, clock, NullLogger<ForgetOldRows>.Instance).Run(ct);
            return (
                await db.Sessions.CountAsync(ct),
                await db.PasswordResets.CountAsync(ct),
                await db.IdempotencyKeys.CountAsync(ct),
                await db.OutboxMails.CountAsync(ct)
            );
        }
    }
}
