using System.Net;
using EduPro.Data.Security;
using EduPro.Domain.Outbox;
using MimeKit;

namespace EduPro.Worker.Mail;

/// <summary>Section <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    /// <summary>The sender, as <c>Name &lt;address&gt;</c>.</summary>
    public string From { get; init; } = "EduPro <no-reply@edupro.localhost>";
}

/// <summary>Writes what a row of the outbox asks for, as plain text and as HTML.</summary>
internal sealed class Letters(MailSeal seal, MailOptions options)
{
    /// <summary>The message. Its id is the row's, so that a mail that a crash sent twice shows as one.</summary>
    public MimeMessage Write(OutboxMail mail)
    {
        var payload = mail.Payload ?? throw new InvalidOperationException("The mail has no payload.");
        return mail.Template switch
        {
            PasswordResetMail.Template => Of(mail.Id, seal.Open(mail.Id, payload, MailJson.Default.PasswordResetMail)),
            _ => throw new NotSupportedException($"There is no mail {mail.Template}."),
        };
    }

    private MimeMessage Of(Guid id, PasswordResetMail reset)
    {
        var until = reset.ExpiresAt.UtcDateTime.ToString(
            "HH:mm 'UTC'",
            System.Globalization.CultureInfo.InvariantCulture
        );
        return Message(
            id,
            new MailboxAddress(reset.FirstName, reset.Address),
            "Your EduPro password reset code",
            $"""
            Hello {reset.FirstName},

            your code to set a new password is {reset.Otp}. It is good until {until}, and for one use.

            If you did not ask for it, ignore this mail: your password stays as it is.

            EduPro
            """,
            $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Your EduPro password reset code</title></head>
            <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 2rem auto">
            <p>Hello {WebUtility.HtmlEncode(reset.FirstName)},</p>
            <p>your code to set a new password is</p>
            <p style="font-size: 2rem; letter-spacing: 0.3rem"><strong>{reset.Otp}</strong></p>
            <p>It is good until {until}, and for one use.</p>
            <p>If you did not ask for it, ignore this mail: your password stays as it is.</p>
            <p>EduPro</p>
            </body>
            </html>
            """
        );
    }

    private MimeMessage Message(Guid id, MailboxAddress to, string subject, string text, string html)
    {
        var from = MailboxAddress.Parse(options.From);
        return new MimeMessage(
            [from],
            [to],
            subject,
            new BodyBuilder { TextBody = text, HtmlBody = html }.ToMessageBody()
        )
        {
            MessageId = $"{id:n}@{from.Domain}",
        };
    }
}
