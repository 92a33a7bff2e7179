using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EduPro.Tests.Support;

namespace EduPro.Tests.Http;

/// <summary>What holds of every answer: its headers, its errors' other format, and what is refused before any use case.</summary>
public sealed partial class AnswersTests(Stack stack)
{
    private const string Problem = "application/problem+json",
        Page = "http://localhost:5173";

    private const int OneMegabyte = 1 << 20;

    [Fact]
    public async Task A_client_that_accepts_problem_json_gets_refusals_so()
    {
        using var anybody = stack.Stranger();
        var reply = (await anybody.Send(HttpMethod.Get, "course/course-detail/x/", null, ("Accept", Problem))).Expect(
            404
        );
        Assert.Equal(Problem, reply.Header("Content-Type"));
        Assert.Equal(
            """{"type":"about:blank","title":"Course not found","status":404,"detail":"No course found with the provided ID.","instance":"/api/course/course-detail/x/"}""",
            reply.Text
        );
    }

    [Fact]
    public async Task And_faults_of_fields_too()
    {
        using var anybody = stack.Stranger();
        var reply = (
            await anybody.Send(
                HttpMethod.Post,
                "password-reset/request/",
                new { email = "x" },
                ("Accept", $"text/html, {Problem};q=0.9")
            )
        ).Expect(400);
        Assert.Equal(Problem, reply.Header("Content-Type"));
        Assert.Equal("Enter a valid email address.", reply["errors.email.0"].GetString());
        Assert.Equal((400, "Validation failed"), (reply["status"].GetInt32(), reply["title"].GetString()));
    }

    [Theory]
    [InlineData("/api/course/list/", 200)]
    [InlineData("/api/teacher/revenue/", 401)]
    [InlineData("/api/nowhere/", 404)]
    [InlineData("/docs/", 200)]
    public async Task Each_answer_names_its_request_and_tells_browsers_to_guess_nothing(string path, int status)
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var anybody = stack.Stranger();
        var reply = (
            await anybody.Send(HttpMethod.Get, path, null, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"))
        ).Expect(status);
        Assert.Equal(trace, reply.Header("X-Request-Id"));
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", reply.Header("X-Frame-Options"));
        Assert.Equal("same-origin", reply.Header("Referrer-Policy"));
        Assert.Null(reply.Header("Server"));
    }

    [Fact]
    public async Task Two_requests_have_two_names()
    {
        using var anybody = stack.Stranger();
        var first = (await anybody.Get("course/category/list/")).Header("X-Request-Id");
        Assert.Matches("^[0-9a-f]{32}$", first);
        Assert.NotEqual(first, (await anybody.Get("course/category/list/")).Header("X-Request-Id"));
    }

    [Fact]
    public async Task What_depends_on_the_caller_is_kept_by_nobody_and_what_does_not_by_everybody()
    {
        using var teacher = await stack.Teacher();
        Assert.Equal("private, no-store", (await teacher.Get("teacher/revenue/")).Header("Cache-Control"));
        Assert.Equal("private, no-store", (await teacher.Get("course/course-detail/x/")).Header("Cache-Control"));
        var shown = (await teacher.Get("course/category/list/")).Expect(200);
        Assert.Equal("public, no-cache", shown.Header("Cache-Control"));
        var again = await teacher.Send(
            HttpMethod.Get,
            "course/category/list/",
            null,
            ("If-None-Match", $"\"other\", W/{shown.Header("ETag")}")
        );
        // Another test may have made a category meanwhile: then the tag is another one too.
        Assert.True(
            again.Status == 304 ? again.Bytes.Length == 0 : again.Header("ETag") != shown.Header("ETag"),
            again.Text
        );
    }

    [Fact]
    public async Task HEAD_is_GET_without_its_body()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var got = (await teacher.Get($"course/course-detail/{course}/")).Expect(200);
        var head = (await teacher.Send(HttpMethod.Head, $"course/course-detail/{course}/")).Expect(200);
        Assert.Empty(head.Bytes);
        string[] its = ["Date", "X-Request-Id", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Transfer-Encoding"];
        Assert.Equal(Headers(got), Headers(head));
        Assert.NotNull(head.Header("ETag"));
        using var anybody = stack.Stranger();
        (await anybody.Send(HttpMethod.Head, "teacher/revenue/")).Expect(401);

        IEnumerable<string> Headers(Reply reply) =>
            reply
                .Headers.Where(header => !its.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
                .Select(header => $"{header.Key}: {header.Value}")
                .Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/api/coupon/create/")]
    [InlineData("PATCH", "/api/v1/lessons/x/status/")]
    [InlineData("DELETE", "/api/coupon/delete/x")]
    public async Task A_preflight_lets_known_pages_in_and_no_other(string method, string path)
    {
        using var anybody = stack.Stranger();
        Task<Reply> Ask(string origin) =>
            anybody.Send(
                HttpMethod.Options,
                path,
                null,
                ("Origin", origin),
                ("Access-Control-Request-Method", method),
                ("Access-Control-Request-Headers", "content-type")
            );
        var known = (await Ask(Page)).Expect(204);
        Assert.Equal(Page, known.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", known.Header("Access-Control-Allow-Credentials"));
        Assert.Contains(method, known.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Null((await Ask("http://evil.example")).Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_known_page_reads_errors_and_headers_too()
    {
        using var anybody = stack.Stranger();
        var refused = (await anybody.Send(HttpMethod.Get, "teacher/revenue/", null, ("Origin", Page))).Expect(401);
        Assert.Equal(Page, refused.Header("Access-Control-Allow-Origin"));
        Assert.Contains(
            "X-RateLimit-Remaining",
            refused.Header("Access-Control-Expose-Headers"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("OPTIONS", "GET")]
    [InlineData("DELETE", "GET")]
    [InlineData("POST", "GET")]
    public async Task A_method_that_a_route_has_not_is_405_and_tells_which_it_has(string method, string allowed)
    {
        using var anybody = stack.Stranger();
        var reply = await anybody.Send(HttpMethod.Parse(method), "course/list/");
        reply.ExpectProblem(405, "Method not allowed", "This route has no such method.");
        Assert.Contains(allowed, reply.Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_are_refused_that_are_too_large_of_another_type_or_broken()
    {
        using var anybody = stack.Stranger();
        Task<Reply> Send(string body, string type) =>
            anybody.Post("password-reset/request/", new StringContent(body, Encoding.UTF8, type));
        (await Send($"{{\"email\":\"{new string('a', 1 << 20)}\"}}", "application/json")).ExpectProblem(
            413,
            "Request too large",
            "The request body is too large."
        );
        (await Send("<email/>", "application/xml")).ExpectProblem(
            415,
            "Unsupported media type",
            "Send application/json, multipart/form-data or application/x-www-form-urlencoded."
        );
        (await Send("{\"email\":", "application/json")).ExpectProblem(
            400,
            "Invalid request",
            "JSON parse error at line 1, byte 10."
        );
        (await Send("[1]", "application/json")).ExpectFault(
            "non_field_errors",
            "Invalid data. Expected a dictionary, but got list."
        );
    }

    /// <summary>By a little only: a server may hang up on a client that still sends, and then nobody reads the answer.</summary>
    [Fact]
    public async Task Bodies_of_untold_length_have_limits_too()
    {
        using var anybody = stack.Stranger();
        using var teacher = await stack.Teacher();
        await Refuses(anybody, "password-reset/request/", "application/json", OneMegabyte);
        await Refuses(anybody, "password-reset/request/", "application/x-www-form-urlencoded", OneMegabyte);
        await Refuses(anybody, "password-reset/request/", "multipart/form-data; boundary=x", OneMegabyte);
        await Refuses(teacher, "teacher/update-profile/", "application/json", OneMegabyte, "PATCH");
        await Refuses(teacher, "teacher/update-profile/", "multipart/form-data; boundary=x", 27 * OneMegabyte, "PATCH");
        (await teacher.Get("teacher/teacher-profile/")).Expect(200);

        static async Task Refuses(Caller caller, string path, string type, int length, string method = "POST")
        {
            var text = type.StartsWith("multipart", StringComparison.Ordinal)
                ? "--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"me.png\"\r\n\r\n"
                : "{\"email\":\"";
            byte[] bytes = [.. Encoding.ASCII.GetBytes(text.PadRight(length + 1024, 'a'))];
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), "/api/" + path)
            {
                Content = new ByteArrayContent(bytes)
                {
                    Headers = { ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type) },
                },
            };
            request.Headers.TransferEncodingChunked = true;
            (await caller.Send(request)).ExpectProblem(413, "Request too large", "The request body is too large.");
        }
    }

    [Fact]
    public async Task Headers_are_counted()
    {
        using var anybody = stack.Stranger();
        var many = Enumerable.Range(0, 101).Select(i => ($"X-Number-{i}", "x")).ToArray();
        (await anybody.Send(HttpMethod.Get, "course/list/", null, many)).ExpectProblem(
            431,
            "Headers too large",
            "The request's headers are too many or too large."
        );
        (await anybody.Send(HttpMethod.Get, "course/list/", null, many[..50])).Expect(200);
    }

    /// <summary>The server itself refuses these, and hangs up, before there is a request that anybody could look at.</summary>
    [Theory]
    [InlineData("GET /api/course/list/%00 HTTP/1.1", 400)]
    [InlineData("GET /api/course/list/?search={70000} HTTP/1.1", 414)]
    [InlineData("GET /api/course/list/ HTTP/1.1\r\nX-Long: {300000}", 431)]
    [InlineData("GET /api/course/list/ HTTP/1.1\r\nno header", 400)]
    [InlineData("GET /api/course/list/ HTTP/3.7", 505)]
    public async Task What_is_hardly_a_request_is_refused_without_a_word(string request, int status)
    {
        var ct = TestContext.Current.CancellationToken;
        using var anybody = stack.Stranger();
        using var client = new TcpClient();
        await client.ConnectAsync(anybody.Address.Host, anybody.Address.Port, ct);
        await using var stream = client.GetStream();
        var text = Length().Replace(request, length => new string('a', int.Parse(length.ValueSpan[1..^1], null)));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{text}\r\nHost: localhost\r\n\r\n"), ct);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(ct);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        (await anybody.Get("course/list/")).Expect(200);
    }

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Length();
}
