using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EduPro.Tests.Support;

/// <summary>What the stack's mail server caught.</summary>
public static partial class Mailbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>All mails to the address, oldest first, once there are at least so many.</summary>
    /// <param name="address">With all addresses of a domain when it starts with <c>@</c>.</param>
    public static async Task<IReadOnlyList<JsonElement>> MailsTo(this Stack stack, string address, int atLeast = 1)
    {
        using var client = stack.ClientOf("mail", "http");
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(250))
        {
            var all = await client.GetFromJsonAsync<JsonElement>("/api/email", TestContext.Current.CancellationToken);
            var mails = all.EnumerateArray()
                .Where(mail =>
                    mail.GetProperty("to")
                        .EnumerateArray()
                        .Select(to => to.GetProperty("address").GetString()!)
                        .Any(to =>
                            to.Equals(address, StringComparison.OrdinalIgnoreCase)
                            || (address[0] == '@' && to.EndsWith(address, StringComparison.OrdinalIgnoreCase))
                        )
                )
                .ToList();
            foreach (var code in mails.SelectMany(mail => OneTimePassword().Matches(Text(mail))))
                RunLog.Secret(RunLog.OneTimePassword, code.Value);
            if (mails.Count >= atLeast)
                return mails;
            Assert.True(waited < Patience, $"Only {mails.Count} of {atLeast} mails to {address} arrived.");
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The six digits in the newest of so many mails to the address.</summary>
    public static async Task<string> OtpFor(this Stack stack, string address, int mails = 1) =>
        OneTimePassword().Match(Text((await stack.MailsTo(address, mails))[^1])).Value;

    private static string Text(JsonElement mail) => mail.GetProperty("text").GetString()!;

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex OneTimePassword();
}
