using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Security.Cryptography;
using EduPro.Data;
using EduPro.Domain.Outbox;
using EduPro.Worker.Jobs;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Mail;

/// <summary>
/// Sends the outbox's next mail that is due. The row stays locked while the mail is on its way, so that no other worker
/// takes it; only a crash between the server's answer and the commit sends a mail twice. A mail that fails is tried
/// again, ever later, for a day; then it is given up and counted.
/// </summary>
internal sealed partial class SendMail(
    EduProDb db,
    Letters letters,
    SmtpEndpoint server,
    MailMetrics metrics,
    TimeProvider clock,
    ILogger<SendMail> logger
) : IJob
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5),
        LongestPause = TimeSpan.FromMinutes(30),
        Lifetime = TimeSpan.FromHours(24);
    private static readonly ActivitySource Activities = new(ServiceDefaults.ServiceDefaults.TelemetryName);

    public Task<int> Run(CancellationToken ct) =>
        db.InTransaction(
            async ct =>
            {
                var now = clock.GetUtcNow();
                var due = await db
                    .OutboxMails.FromSql(
                        $"""
                        SELECT * FROM outbox_mails
                        WHERE sent_at IS NULL AND dead_at IS NULL AND next_attempt_at <= {now}
                        ORDER BY next_attempt_at LIMIT 1
                        FOR UPDATE SKIP LOCKED
                        """
                    )
                    .ToListAsync(ct);
                if (due is not [{ } mail])
                    return 0;
                await Send(mail, ct);
                await db.SaveChangesAsync(ct);
                return 1;
            },
            ct
        );

    private async Task Send(OutboxMail mail, CancellationToken ct)
    {
        using var activity = Activities.StartActivity("SendMail", ActivityKind.Consumer, mail.TraceParent);
        mail.Attempts++;
        try
        {
            var message = letters.Write(mail);
            using var client = await server.Connect(ct);
            await client.SendAsync(message, ct);
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var reason = ReasonOf(e);
            activity?.SetStatus(ActivityStatusCode.Error, reason);
            PutOff(mail, reason);
            return;
        }
        mail.SentAt = clock.GetUtcNow();
        mail.Payload = null;
        metrics.Sent(mail.Template);
        LogSent(mail.Id, mail.Template, mail.Attempts);
    }

    private void PutOff(OutboxMail mail, string reason)
    {
        var now = clock.GetUtcNow();
        metrics.Failed(mail.Template);
        if (now - mail.CreatedAt >= Lifetime)
        {
            mail.DeadAt = now;
            mail.Payload = null;
            metrics.Dead(mail.Template);
            LogDead(mail.Id, mail.Template, mail.Attempts, reason);
            return;
        }
        mail.NextAttemptAt = now + Pause(mail.Attempts);
        LogFailed(mail.Id, mail.Template, mail.Attempts, reason, mail.NextAttemptAt);
    }

    /// <summary>What went wrong, without a word of the server's: it repeats addresses.</summary>
    private static string ReasonOf(Exception failure) =>
        failure switch
        {
            SmtpCommandException refusal => $"{refusal.ErrorCode}, {refusal.StatusCode}",
            SocketException lost => $"{nameof(SocketException)}, {lost.SocketErrorCode}",
            _ => failure.GetType().Name,
        };

    /// <summary>Doubles with each attempt, and spreads, so that not everything comes back at the same moment.</summary>
    internal static TimeSpan Pause(int attempts)
    {
        var pause = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, attempts - 1), LongestPause.TotalSeconds);
        return TimeSpan.FromSeconds(pause * RandomNumberGenerator.GetInt32(80, 121) / 100);
    }

    [LoggerMessage(LogLevel.Information, "Sent mail {Mail} ({Template}) at attempt {Attempt}")]
    private partial void LogSent(Guid mail, string template, int attempt);

    [LoggerMessage(LogLevel.Warning, "Mail {Mail} ({Template}) failed at attempt {Attempt}: {Reason}; next at {Next}")]
    private partial void LogFailed(Guid mail, string template, int attempt, string reason, DateTimeOffset next);

    [LoggerMessage(LogLevel.Error, "Mail {Mail} ({Template}) is given up after {Attempts} attempts: {Reason}")]
    private partial void LogDead(Guid mail, string template, int attempts, string reason);
}

/// <summary>Counts mails: <c>edupro.mail.sent</c>, <c>.failed</c> (attempts) and <c>.dead</c> (given up).</summary>
internal sealed class MailMetrics
{
    private readonly Counter<long> sent,
        failed,
        dead;

    public MailMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceDefaults.ServiceDefaults.TelemetryName);
        sent = meter.CreateCounter<long>("edupro.mail.sent", "{mail}", "Mails that the server took.");
        failed = meter.CreateCounter<long>("edupro.mail.failed", "{attempt}", "Attempts that failed.");
        dead = meter.CreateCounter<long>("edupro.mail.dead", "{mail}", "Mails that were given up after a day.");
    }

    public void Sent(string template) => sent.Add(1, Tag(template));

    public void Failed(string template) => failed.Add(1, Tag(template));

    public void Dead(string template) => dead.Add(1, Tag(template));

    private static KeyValuePair<string, object?> Tag(string template) => new("template", template);
}

internal static class MailRegistration
{
    /// <summary>Sends the outbox's mails through the server of the connection string <c>mail</c>.</summary>
    public static void AddMail(this WebApplicationBuilder builder)
    {
        builder.AddSecrets();
        builder.Services.AddSingleton(
            SmtpEndpoint.Parse(
                builder.Configuration.GetConnectionString("mail")
                    ?? throw new InvalidOperationException("Set ConnectionStrings:mail.")
            )
        );
        builder.Services.AddSingleton(builder.Configuration.GetSection("Mail").Get<MailOptions>() ?? new MailOptions());
        builder.Services.AddSingleton<MailMetrics>();
        builder.Services.AddSingleton<Letters>();
        builder.AddJob<SendMail>(every: TimeSpan.FromSeconds(1));
    }
}
