using System.Security.Cryptography;
using EduPro.Data.Security;
using EduPro.Domain.Outbox;
using EduPro.Worker.Mail;
using MailKit.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace EduPro.Tests.Accounts;

public sealed class SecretsTests
{
    private static readonly string One = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        Other = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));

    private static MasterKeys Keys(string environment, params string[] keys) =>
        MasterKeys.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection(keys.Select((key, i) => KeyValuePair.Create($"Jwt:Keys:{i}", (string?)key)))
                .Build(),
            new Surroundings(environment)
        );

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void Outside_development_a_key_of_ones_own_is_needed(string environment)
    {
        foreach (var keys in new string[][] { [], [MasterKeys.Development], [One, MasterKeys.Development] })
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => Keys(environment, keys));
            Assert.Contains("Jwt__Keys__0", refusal.Message);
        }
        Assert.Equal(2, Keys(environment, One, Other).All.Count);
    }

    [Fact]
    public void In_development_there_is_a_key() => Assert.Single(Keys("Development").All);

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all, but long enough to be a key!")]
    public void Keys_have_256_bits(string key)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Keys("Production", One, key));
        Assert.Contains("Jwt:Keys:1", refusal.Message);
        Assert.DoesNotContain(key, refusal.Message);
    }

    [Fact]
    public void A_sealed_mail_opens_for_its_own_row_and_after_a_change_of_keys()
    {
        var id = Guid.CreateVersion7();
        var mail = new PasswordResetMail("ada@example.com", "Ada", "012345", DateTimeOffset.UnixEpoch);
        var type = MailJson.Default.PasswordResetMail;
        var closed = new MailSeal(Keys("Production", One)).Close(id, mail, type);

        Assert.Equal(mail, new MailSeal(Keys("Production", Other, One)).Open(id, closed, type));
        Assert.Throws<CryptographicException>(() => new MailSeal(Keys("Production", Other)).Open(id, closed, type));
        Assert.Throws<CryptographicException>(() =>
            new MailSeal(Keys("Production", One)).Open(Guid.CreateVersion7(), closed, type)
        );
        closed[^1] ^= 1;
        Assert.Throws<CryptographicException>(() => new MailSeal(Keys("Production", One)).Open(id, closed, type));
        Assert.Throws<CryptographicException>(() => new MailSeal(Keys("Production", One)).Open(id, [1, 2, 3], type));
    }

    [Fact]
    public void A_one_time_password_is_hashed_for_one_person_under_one_key()
    {
        var (ada, bob) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var hash = new OtpHashes(Keys("Production", One)).Of(ada, "012345");

        Assert.Contains(new OtpHashes(Keys("Production", Other, One)).Candidates(ada, "012345"), hash.SequenceEqual);
        Assert.DoesNotContain(new OtpHashes(Keys("Production", One)).Candidates(ada, "012346"), hash.SequenceEqual);
        Assert.DoesNotContain(new OtpHashes(Keys("Production", One)).Candidates(bob, "012345"), hash.SequenceEqual);
        Assert.DoesNotContain(new OtpHashes(Keys("Production", Other)).Candidates(ada, "012345"), hash.SequenceEqual);
    }

    [Theory]
    [InlineData("Endpoint=smtp://localhost:1025", "localhost", 1025, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("smtp://localhost:1025", "localhost", 1025, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("Endpoint=smtps://mail.example.com", "mail.example.com", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData(
        "Endpoint=smtp://m.example.com:587;Username=u;Password=p=;",
        "m.example.com",
        587,
        SecureSocketOptions.StartTls
    )]
    public void A_connection_string_names_the_mail_server(
        string text,
        string host,
        int port,
        SecureSocketOptions security
    )
    {
        var server = SmtpEndpoint.Parse(text);
        Assert.Equal((host, port, security), (server.Host, server.Port, server.Security));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Endpoint=http://localhost:25")]
    [InlineData("Host=localhost")]
    public void What_names_no_mail_server_is_refused(string text) =>
        Assert.Throws<InvalidOperationException>(() => SmtpEndpoint.Parse(text));

    [Fact]
    public void Attempts_come_ever_later_but_not_too_late()
    {
        for (var attempt = 1; attempt <= 300; attempt++)
        {
            var expected = Math.Min(5 * Math.Pow(2, attempt - 1), 1800);
            Assert.InRange(SendMail.Pause(attempt).TotalSeconds, expected * 0.8, expected * 1.2);
        }
    }

    [Fact]
    public void Password_hashes_say_how_they_were_made()
    {
        var hash = PasswordHash.Create("Sesame-open-9");
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash);
        Assert.False(PasswordHash.IsOutdated(hash));
        Assert.True(PasswordHash.IsOutdated(hash.Replace("t=2", "t=1")));
        Assert.True(PasswordHash.Verify("Sesame-open-9", hash));
        Assert.False(PasswordHash.Verify("sesame-open-9", hash));
        Assert.False(PasswordHash.Verify("Sesame-open-9", "nonsense"));
        Assert.NotEqual(hash, PasswordHash.Create("Sesame-open-9"));
    }

    private sealed class Surroundings(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "EduPro";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
