using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EduPro.Tests.Support;

namespace EduPro.Tests.Security;

/// <summary>What an API and a worker write down, and send as telemetry, while people give them their secrets.</summary>
public sealed class SecretsInLogsTests(Stack stack) : IAsyncLifetime
{
    private readonly MemoryStream telemetry = new();
    private readonly List<ServiceProcess> services = [];
    private OtlpCollector collector = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_and_telemetry_name_no_password_token_one_time_password_or_address()
    {
        var (api, worker) = await Start(await stack.ConnectionString("mail"));
        using var teacher = api.Stranger(stack);
        await teacher.RegisterAsTeacher();
        var secrets = new List<string> { teacher.Email, teacher.Password, teacher.Access, teacher.Refresh };
        const string wrong = "Wrong-password-1",
            renewed = "Renewed-password-2",
            reset = "Reset-password-3";
        secrets.AddRange(wrong, renewed, reset);

        (await teacher.Post("teacher/login/", new { username = teacher.Email, password = wrong })).Expect(404);
        (
            await teacher.Post(
                "teacher/login/",
                new StringContent($"{{\"password\": \"{wrong}\"", Encoding.UTF8, "application/json")
            )
        ).Expect(400);
        (await teacher.Post("token/refresh/", new { refresh = teacher.Refresh })).Expect(200);
        (await teacher.Post("token/refresh/", new { refresh = teacher.Refresh + "x" })).Expect(400);
        (
            await teacher.Post(
                "change-password/",
                new
                {
                    old_password = teacher.Password,
                    new_password1 = renewed,
                    new_password2 = renewed,
                }
            )
        ).Expect(200);
        (await teacher.Get($"course/list/?search={Uri.EscapeDataString(teacher.Email)}")).Expect(200);
        (await teacher.Get("teacher/teacher-profile/%0D%0Afatal:%20forged/")).Expect(404);
        (await teacher.Get("course/list/?search=%0D%0Afatal:%20forged")).Expect(200);
        (await teacher.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);
        var otp = await stack.OtpFor(teacher.Email);
        var confirm = new
        {
            email = teacher.Email,
            otp,
            new_password1 = reset,
            new_password2 = reset,
        };
        (await teacher.Post("password-reset/verify/", confirm)).Expect(200);
        (await teacher.Post("password-reset/confirm/", confirm)).Expect(200);
        using var other = api.Stranger(stack);
        (await other.Post("teacher/login/", new { username = teacher.Username, password = reset })).Expect(200);

        var written = await Written();
        Assert.Contains("Sent mail", worker.Output);
        Assert.Contains("POST", written);
        Assert.Contains("password_resets", written);
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, written, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch($@"(?<!\d){otp}(?!\d)", written);
        Assert.DoesNotContain("fatal: forged", written);
    }

    [Fact]
    public async Task A_mail_server_that_repeats_the_address_in_its_refusal_does_not_get_it_into_the_logs()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var refusing = Refuse(server);
        var (api, worker) = await Start($"smtp://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}");
        using var teacher = api.Stranger(stack);
        await teacher.RegisterAsTeacher();

        (await teacher.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);

        Assert.Contains(teacher.Email, await refusing);
        var patience = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (!worker.Output.Contains("failed at attempt 1") && TimeProvider.System.GetUtcNow() < patience)
            await Task.Delay(100, Ct);
        Assert.Contains("failed at attempt 1", worker.Output);
        Assert.Contains("RecipientNotAccepted", worker.Output);
        Assert.DoesNotContain(teacher.Email, await Written(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nobody_writes_a_line_of_their_own_into_the_logs()
    {
        const string forged = "fatal: forged",
            odd = $"x\r\n{forged}\n{forged}\u2028{forged}\u0085{forged}\u001b[2K{forged}";
        var escaped = Uri.EscapeDataString(odd);
        var (api, _) = await Start(await stack.ConnectionString("mail"));
        using var teacher = api.Stranger(stack);
        await teacher.RegisterAsTeacher();

        foreach (var path in new[] { escaped, $"teacher/teacher-profile/{escaped}/", $"course/list/?search={escaped}" })
            (await teacher.Get(path)).Expect(path.Contains("search", StringComparison.Ordinal) ? 200 : 404);
        (await teacher.Send(HttpMethod.Parse("FORGED"), "course/list/")).Expect(405);
        foreach (var value in new[] { odd, escaped })
        {
            (await teacher.Post("teacher/login/", new { username = value, password = value })).Expect(404);
            (await teacher.Post("password-reset/request/", new { email = value })).Expect(400);
            (await teacher.Post("token/refresh/", new { refresh = value })).Expect(400);
            (await teacher.Patch("teacher/update-profile/", new { bio = value, first_name = value })).Expect(200);
            using var broken = new StringContent($"{{\"a\": \"{value}", Encoding.UTF8, "application/json");
            (await teacher.Post("teacher/login/", broken)).Expect(400);
        }
        // Line breaks would end a header; what else may stand in one, comes as it is.
        var line = $"{forged}\t{escaped}";
        foreach (
            var header in new[]
            {
                "User-Agent",
                "Referer",
                "X-Forwarded-For",
                "X-Request-Id",
                "traceparent",
                "tracestate",
                "baggage",
                "Idempotency-Key",
                "Cookie",
                "Accept-Language",
            }
        )
            Assert.InRange(
                (await teacher.Send(HttpMethod.Get, "course/category/list/", null, (header, line))).Status,
                200,
                499
            );
        (await teacher.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);
        _ = await stack.OtpFor(teacher.Email);

        Assert.NotEmpty(await Written());
        var lines = services.SelectMany(service => service.Output.Split('\n')).ToList();
        Assert.Contains(lines, text => text.Contains("Sent mail", StringComparison.Ordinal));
        Assert.DoesNotContain(
            lines,
            text =>
                text.TrimStart().StartsWith(forged, StringComparison.Ordinal)
                || text.Any(character => char.IsControl(character) && character != '\t' || character is '\u2028')
        );
    }

    public async ValueTask InitializeAsync() => collector = await OtlpCollector.Start(telemetry.Write);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
            await service.DisposeAsync();
        await collector.DisposeAsync();
        await telemetry.DisposeAsync();
    }

    private async Task<(ServiceProcess Api, ServiceProcess Worker)> Start(string mail)
    {
        (string, string)[] settings =
        [
            ("ConnectionStrings:edupro", await stack.EmptyDatabase("logs")),
            ("ConnectionStrings:mail", mail),
            .. collector.Settings,
        ];
        services.Add(await ServiceProcess.Api(stack, settings));
        services.Add(await ServiceProcess.Worker(stack, settings));
        return (services[0], services[1]);
    }

    /// <summary>Ends the services, so that they send the rest of their telemetry; all that they wrote and sent.</summary>
    private async Task<string> Written()
    {
        foreach (var service in services)
        {
            service.Terminate();
            Assert.Equal(0, await service.Ended());
        }
        Assert.True(telemetry.Length > 10_000, "No telemetry came.");
        return Encoding.Latin1.GetString(telemetry.ToArray())
            + string.Concat(services.Select(service => service.Output));
    }

    /// <summary>Plays a mail server that knows nobody; the address that it was asked for.</summary>
    private static async Task<string> Refuse(TcpListener server)
    {
        using var client = await server.AcceptTcpClientAsync(Ct);
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.test");
        while (await reader.ReadLineAsync(Ct) is { } line)
        {
            var address = Regex.Match(line, "^RCPT TO:<(.*?)>", RegexOptions.IgnoreCase);
            if (address.Success)
            {
                await writer.WriteLineAsync($"550 5.1.1 <{address.Groups[1].Value}>: Recipient address rejected");
                return address.Groups[1].Value;
            }
            await writer.WriteLineAsync("250 mail.test");
        }
        throw new IOException("The client left.");
    }
}
