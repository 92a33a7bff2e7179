using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EduPro.Tests.Media;
using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Tests.Security;

/// <summary>What people put into requests makes no headers of answers, downloads and mails.</summary>
public sealed class InjectionTests(Stack stack)
{
    private static readonly string[] Odd =
    [
        "a\r\nX-Injected: yes",
        "a\nX-Injected: yes",
        "a\rX-Injected: yes",
        "a\0b",
        "a\u2028X-Injected: yes\u0085b",
        "\u0645\u0631\u062D\u0628\u0627 \"quoted\"; x=y",
        new('a', 3_000),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string>> OddPaths() =>
        new[]
        {
            "/{0}",
            "/api/{0}/",
            "/media/{0}",
            "/api/teacher/teacher-profile/{0}/",
            "/api/v1/course/list/?search={0}&page_size={0}&page={0}",
            "/api/lessons/{0}/?next={0}",
        }.Select(path => new TheoryDataRow<string>(path));

    [Theory]
    [MemberData(nameof(OddPaths))]
    public async Task Addresses_make_no_headers(string path)
    {
        foreach (var odd in Odd)
            ExpectOurHeaders(
                await Ask(
                    $"GET {path.Replace("{0}", Uri.EscapeDataString(odd), StringComparison.Ordinal)} HTTP/1.1\r\nHost: api"
                )
            );
    }

    [Theory]
    [InlineData("Origin")]
    [InlineData("Host")]
    [InlineData("X-Request-Id")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("baggage")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("Accept-Language")]
    [InlineData("If-None-Match")]
    [InlineData("Cookie")]
    [InlineData("Authorization")]
    [InlineData("Idempotency-Key")]
    [InlineData("Access-Control-Request-Headers")]
    public async Task Headers_make_no_others(string name)
    {
        foreach (var odd in Odd)
        {
            // Line breaks end a header for the server too; what it takes for one is then another's, or none.
            var sent = odd.Replace("X-Injected: yes", "X-Sent: yes", StringComparison.Ordinal);
            foreach (
                var value in new[] { sent, Uri.EscapeDataString(odd), $"access_token={Uri.EscapeDataString(odd)}" }
            )
            {
                var host = name == "Host" ? "" : "Host: api\r\n";
                ExpectOurHeaders(await Ask($"GET /api/course/category/list/ HTTP/1.1\r\n{host}{name}: {value}"));
                ExpectOurHeaders(await Ask($"OPTIONS /api/teacher/login/ HTTP/1.1\r\n{host}{name}: {value}"));
            }
        }
    }

    [Theory]
    [InlineData("filename=\"a\\\"; filename=evil.exe; x=\\\".pdf\"")]
    [InlineData("filename*=UTF-8''a%0D%0AX-Injected%3A%20yes.pdf")]
    [InlineData("filename*=UTF-8''a%00b%E2%80%AEfdp.exe.pdf")]
    [InlineData("filename*=UTF-8''%D9%85%D8%B1%D8%AD%D8%A8%D8%A7.pdf")]
    [InlineData("filename=\"../../../etc/passwd.pdf\"")]
    public async Task The_name_of_a_document_stays_the_name_of_its_download(string name)
    {
        using var teacher = await stack.Teacher();
        var module = await teacher.Module(await teacher.Course());
        var document = new ByteArrayContent(Documents.Pdf());
        document.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=document; {name}");
        using var form = new MultipartFormDataContent { document };
        form.Add(new StringContent("Sheet"), "title");
        form.Add(new StringContent("Sums"), "description");

        var made = await teacher.Post($"modules/{module}/lessons/create/", form);

        if (made.Status == 400)
        {
            Assert.True(made.Json.TryGetProperty("document", out _), made.Text);
            return;
        }
        var link = (await teacher.Get($"/api/v1/lessons/{made.Expect(201)["id"]}/")).Expect(200)["document_url"];
        using var browser = new HttpClient();
        using var download = await browser.GetAsync(new Uri(link.GetString()!), Ct);
        Assert.Equal(Documents.Pdf(), await download.Content.ReadAsByteArrayAsync(Ct));
        Assert.False(download.Headers.Contains("X-Injected"));
        var disposition = download.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.All(disposition.Parameters, parameter => Assert.StartsWith("filename", parameter.Name));
        Assert.DoesNotContain(
            disposition.FileNameStar ?? disposition.FileName!,
            character => char.IsControl(character) || character is '/' or '\\'
        );
    }

    [Theory]
    [InlineData("Ada\r\nBcc: thief@example.com")]
    [InlineData("Ada\nSubject: Forged\n\nForged")]
    [InlineData("Ada\" <thief@example.com>, \"Ada")]
    [InlineData("Ada, thief@example.com;")]
    [InlineData("=?utf-8?q?Ada=0D=0ABcc:_thief@example.com?=")]
    [InlineData("\u0645\u0631\u062D\u0628\u0627\u2028Bcc: thief@example.com\u0085")]
    public async Task A_name_stays_a_name_in_a_mail(string name)
    {
        using var student = await stack.Passerby();
        var email = student.Username + "@example.com";
        // Written behind the API, whatever it would take.
        await using (var db = await stack.Db())
            await db
                .Users.Where(u => u.Id == student.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.FirstName, name), Ct);

        (await student.Post("password-reset/request/", new { email })).Expect(200);

        var mail = Assert.Single(await stack.MailsTo(email));
        Assert.Equal(email, Assert.Single(mail.GetProperty("to").EnumerateArray()).GetProperty("address").GetString());
        Assert.Equal("Your EduPro password reset code", mail.GetProperty("subject").GetString());
        foreach (var others in new[] { "cc", "bcc", "replyTo" })
            Assert.False(
                mail.TryGetProperty(others, out var list)
                    && list is { ValueKind: JsonValueKind.Array }
                    && list.GetArrayLength() > 0,
                mail.GetRawText()
            );
        Assert.False(mail.GetProperty("headers").TryGetProperty("bcc", out _));
        Assert.False(mail.GetProperty("headers").TryGetProperty("cc", out _));
    }

    /// <summary>Sends the head of a request as it is; the head of the answer, none where the server hung up.</summary>
    private async Task<string> Ask(string head)
    {
        using var stranger = stack.Stranger();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, stranger.Address.Port, Ct);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + "\r\nConnection: close\r\n\r\n"), Ct);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(Ct);
        return answer.Split("\r\n\r\n")[0];
    }

    private static void ExpectOurHeaders(string head)
    {
        var lines = head.Split('\n');
        Assert.Matches("^HTTP/1.1 [234]", lines[0]);
        foreach (var line in lines[1..])
        {
            Assert.Matches("^[A-Za-z-]+: [\\x20-\\x7e]*\r?$", line);
            Assert.False(line.StartsWith("X-Injected", StringComparison.OrdinalIgnoreCase), head);
            Assert.False(line.StartsWith("Access-Control-Allow-Origin", StringComparison.OrdinalIgnoreCase), head);
        }
    }
}
