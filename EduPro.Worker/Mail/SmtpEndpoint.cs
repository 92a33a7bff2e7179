using System.Data.Common;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace EduPro.Worker.Mail;

/// <summary>
/// The mail server that the connection string <c>mail</c> names:
/// <c>Endpoint=smtp://host:port;Username=...;Password=...</c>. With credentials, or as <c>smtps</c>, only over TLS.
/// </summary>
internal sealed record SmtpEndpoint(
    string Host,
    int Port,
    SecureSocketOptions Security,
    string? Username,
    string? Password
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static SmtpEndpoint Parse(string connectionString)
    {
        var parts = new DbConnectionStringBuilder
        {
            ConnectionString = connectionString.Contains('=', StringComparison.Ordinal)
                ? connectionString
                : "Endpoint=" + connectionString,
        };
        if (
            !parts.TryGetValue("Endpoint", out var text)
            || !Uri.TryCreate(text as string, UriKind.Absolute, out var endpoint)
            || endpoint.Scheme is not ("smtp" or "smtps")
        )
            throw new InvalidOperationException("ConnectionStrings:mail is not of the form Endpoint=smtp://host:port.");
        var username = parts.TryGetValue("Username", out var user) ? (string)user : null;
        var isImplicit = endpoint.Scheme == "smtps";
        return new SmtpEndpoint(
            endpoint.Host,
            endpoint.IsDefaultPort || endpoint.Port <= 0 ? (isImplicit ? 465 : 587) : endpoint.Port,
            isImplicit ? SecureSocketOptions.SslOnConnect
                : username is not null ? SecureSocketOptions.StartTls
                : SecureSocketOptions.StartTlsWhenAvailable,
            username,
            parts.TryGetValue("Password", out var password) ? (string)password : null
        );
    }

    /// <summary>A client that is connected and, where there are credentials, authenticated. The caller disposes it.</summary>
    public async Task<SmtpClient> Connect(CancellationToken ct)
    {
        var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(Host, Port, Security, ct);
            if (Username is not null)
                await client.AuthenticateAsync(Username, Password ?? "", ct);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
