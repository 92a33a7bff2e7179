using System.Text.Json.Serialization;

namespace EduPro.Domain.Outbox;

/// <summary>What the mail with a one-time password says.</summary>
/// <param name="ExpiresAt">Until when the password is good, UTC.</param>
public sealed record PasswordResetMail(string Address, string FirstName, string Otp, DateTimeOffset ExpiresAt)
{
    /// <summary>The name of the template.</summary>
    public const string Template = "password-reset";
}

/// <summary>How the payloads of mails are written.</summary>
[JsonSerializable(typeof(PasswordResetMail))]
public sealed partial class MailJson : JsonSerializerContext;
