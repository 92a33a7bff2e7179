using System.Security.Cryptography;
using System.Text;
using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class SessionTests(Stack stack)
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(1);

    private const string Probe = "teacher/teacher-profile/";

    [Fact]
    public async Task Refresh_takes_the_body_or_the_cookie()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger(replica: 2);

        var byBody = (await stranger.Post("token/refresh/", new { refresh = teacher.Refresh })).Expect(200);
        Assert.Contains("access_token=" + byBody["access"].GetString(), byBody.Header("Set-Cookie"));
        Assert.DoesNotContain("refresh_token=", byBody.Header("Set-Cookie"));
        stranger.Access = byBody["access"].GetString()!;
        (await stranger.Get(Probe)).Expect(200);

        using var browser = stack.Stranger();
        foreach (var prefix in new[] { "/api/", "/api/v1/" })
            (
                await browser.Send(
                    HttpMethod.Post,
                    prefix + "token/refresh/",
                    null,
                    ("Cookie", "refresh_token=" + teacher.Refresh)
                )
            ).Expect(200);
    }

    [Fact]
    public async Task Refresh_without_a_good_token_is_refused()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        (await stranger.Post("token/refresh/")).ExpectFault("refresh", "This field is required.");
        (await stranger.Post("token/refresh/", new { })).ExpectFault("refresh", "This field is required.");
        foreach (var bad in new[] { "nonsense", teacher.Access, teacher.Refresh[..^3] + "abc" })
        {
            (await stranger.Post("token/refresh/", new { refresh = bad })).ExpectProblem(
                400,
                "Invalid refresh token",
                "The provided refresh token is invalid."
            );
        }
    }

    [Fact]
    public async Task A_student_refreshes_at_their_teacher()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var stranger = stack.Stranger();

        var reply = await stranger.Post($"student/refresh/{teacher.Username}/", new { refresh = student.Refresh });
        reply.Expect(200);
        stranger.Access = reply["access"].GetString()!;
        (await stranger.Get($"student/student-profile/{teacher.Username}/")).Expect(200);

        (await stranger.Post("student/refresh/no-such-teacher/", new { refresh = student.Refresh })).Expect(404);
        foreach (var refresh in new[] { teacher.Refresh, student.Refresh })
            (await stranger.Post($"student/refresh/{other.Username}/", new { refresh })).ExpectProblem(
                400,
                "Invalid refresh token",
                "The provided refresh token is invalid."
            );
    }

    [Fact]
    public async Task Under_v1_each_refresh_serves_its_own_kind_of_user()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var browser = stack.Stranger();
        Task<Reply> Refresh(string path, string token) =>
            browser.Send(HttpMethod.Post, path, null, ("Cookie", "refresh_token=" + token));

        (await Refresh("/api/v1/token/refresh/", student.Refresh)).Expect(400);
        (await Refresh("/api/token/refresh/", student.Refresh)).Expect(200);
        (await Refresh($"/api/v1/student/refresh/{teacher.Username}/", teacher.Refresh)).Expect(400);
        (await Refresh($"/api/v1/student/refresh/{teacher.Username}/", student.Refresh)).Expect(200);
        (await Refresh($"/api/v1/student/refresh/{teacher.Username}/", "")).Expect(400);
    }

    [Fact]
    public async Task Logout_ends_the_session_on_every_replica()
    {
        using var teacher = await stack.Teacher();
        using var elsewhere = stack.Stranger(replica: 2);
        elsewhere.Access = teacher.Access;
        (await elsewhere.Get(Probe)).Expect(200);

        var reply = (await teacher.Post("logout/")).Expect(200);

        Assert.Equal("Successfully logged out", reply["message"].GetString());
        Assert.Equal(2, reply.Header("Set-Cookie")!.Split("expires=Thu, 01 Jan 1970").Length - 1);
        using var stranger = stack.Stranger(replica: 2);
        (await stranger.Post("token/refresh/", new { refresh = teacher.Refresh })).Expect(400);
        (await teacher.Get(Probe)).ExpectProblem(401, "Invalid token", "The provided token is invalid or expired.");
        await Task.Delay(Promise, TestContext.Current.CancellationToken);
        (await elsewhere.Get(Probe)).ExpectProblem(401, "Invalid token", "The provided token is invalid or expired.");
    }

    [Fact]
    public async Task Logout_needs_a_session()
    {
        using var stranger = stack.Stranger();
        (await stranger.Post("logout/")).ExpectProblem(
            401,
            "Authentication required",
            "You must be authenticated to perform this action."
        );
        using var teacher = await stack.Teacher();
        (await stranger.Send(HttpMethod.Post, "logout/", null, ("Cookie", "refresh_token=" + teacher.Refresh))).Expect(
            200
        );
        (await stranger.Post("token/refresh/", new { refresh = teacher.Refresh })).Expect(400);
    }

    [Fact]
    public async Task A_password_change_ends_the_other_sessions()
    {
        using var teacher = await stack.Teacher();
        using var elsewhere = stack.Stranger(replica: 2);
        await elsewhere.LogIn("teacher/login/", teacher.Username, teacher.Password);
        (await elsewhere.Get(Probe)).Expect(200);

        const string renewed = "Open-sesame-10";
        var reply = (await teacher.Post("change-password/", Change(teacher.Password, renewed, renewed))).Expect(200);

        Assert.Equal("Password changed successfully", reply["message"].GetString());
        (await teacher.Get(Probe)).Expect(200);
        (await teacher.Post("token/refresh/", new { refresh = teacher.Refresh })).Expect(200);
        (await teacher.Post("token/refresh/", new { refresh = elsewhere.Refresh })).Expect(400);
        await Task.Delay(Promise, TestContext.Current.CancellationToken);
        (await elsewhere.Get(Probe)).Expect(401);
        using var stranger = stack.Stranger();
        (
            await stranger.Post("teacher/login/", new { username = teacher.Username, password = teacher.Password })
        ).Expect(404);
        await stranger.LogIn("teacher/login/", teacher.Username, renewed);
    }

    [Fact]
    public async Task A_password_change_names_all_faults()
    {
        using var teacher = await stack.Teacher();
        var reply = await teacher.Post("change-password/", Change("wrong", "12345", "54321"));
        reply.ExpectFault("old_password", "Your old password was entered incorrectly. Please enter it again.");
        reply.ExpectFault(
            "new_password1",
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric."
        );
        reply.ExpectFault("new_password2", "The two password fields didn't match.");
        var empty = await teacher.Post("change-password/");
        foreach (var field in new[] { "old_password", "new_password1", "new_password2" })
            empty.ExpectFault(field, "This field is required.");
        using var stranger = stack.Stranger();
        (await stranger.Post("change-password/")).Expect(401);
    }

    [Fact]
    public async Task Tokens_are_what_they_say()
    {
        using var teacher = await stack.Teacher();
        using var caller = stack.Stranger();
        async Task Refuses(
            string token,
            string error = "Invalid token",
            string detail = "The provided token is invalid or expired."
        )
        {
            caller.Access = token;
            var reply = (await caller.Get(Probe)).ExpectProblem(401, error, detail);
            Assert.Equal("Bearer", reply.Header("WWW-Authenticate"));
            // A bad header is refused even where no credentials are needed.
            (await caller.Get("course/category/list/")).Expect(401);
        }
        var parts = teacher.Access.Split('.');
        await Refuses("nonsense");
        await Refuses(teacher.Refresh);
        await Refuses($"{Base64("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.");
        await Refuses($"{parts[0]}.{parts[1]}.{Base64("signature")}");

        var claims = System.Text.Json.Nodes.JsonNode.Parse(Convert.FromBase64String(Padded(parts[1])))!.AsObject();
        var now = claims["iat"]!.GetValue<long>();
        string Forge(long issued, long expires, string audience = "edupro", string issuer = "edupro")
        {
            (claims["iat"], claims["nbf"], claims["exp"]) = (issued, issued, expires);
            (claims["aud"], claims["iss"]) = (audience, issuer);
            return Sign(parts[0], claims.ToJsonString());
        }
        await Refuses(
            Forge(now - 1000, now - 100),
            "Token expired",
            "The provided token has expired. Please refresh your token."
        );
        await Refuses(Forge(now, now + 900, audience: "somebody else"));
        await Refuses(Forge(now, now + 900, issuer: "somebody else"));
        await Refuses(Forge(now + 600, now + 900));

        // Ours in all but how it is signed.
        Forge(now, now + 900);
        var body = Base64(claims.ToJsonString());
        var key = Convert.FromBase64String(EduPro.Data.Security.MasterKeys.Development);
        using var rsa = RSA.Create(2048);
        (string Header, Func<byte[], byte[]> Sign)[] signatures =
        [
            ("""{"alg":"HS384","typ":"JWT"}""", text => HMACSHA384.HashData(key, text)),
            ("""{"alg":"HS512","typ":"JWT"}""", text => HMACSHA512.HashData(key, text)),
            ("""{"alg":"RS256","typ":"JWT"}""", text => HMACSHA256.HashData(key, text)),
            ("""{"alg":"RS256","typ":"JWT"}""", Rsa),
            ("""{"alg":"HS256","typ":"JWT"}""", text => HMACSHA256.HashData(rsa.ExportRSAPublicKey(), text)),
            ("""{"alg":"HS256","typ":"JWT"}""", text => HMACSHA256.HashData(new byte[32], text)),
            ("""{"alg":"HS256","typ":"at+jwt"}""", text => HMACSHA256.HashData(key, text)),
            ("""{"alg":"NONE","typ":"JWT"}""", _ => []),
        ];
        byte[] Rsa(byte[] text) => rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        foreach (var (header, sign) in signatures)
        {
            var signed = $"{Base64(header)}.{body}";
            await Refuses($"{signed}.{Url(sign(Encoding.ASCII.GetBytes(signed)))}");
        }
        caller.Access = Sign(Base64("""{"alg":"HS256","typ":"JWT"}"""), claims.ToJsonString());
        (await caller.Get(Probe)).Expect(200);

        // 30 seconds of skew, not five minutes.
        caller.Access = Forge(now - 900, now - 5);
        (await caller.Get(Probe)).Expect(200);

        // Access tokens live 15 minutes.
        Assert.Equal(900, Claim(teacher.Access, "exp") - Claim(teacher.Access, "iat"));
        Assert.Equal(7 * 24 * 3600, Claim(teacher.Refresh, "exp") - Claim(teacher.Refresh, "iat"));
    }

    [Fact]
    public async Task A_stale_cookie_counts_as_no_credentials()
    {
        using var stranger = stack.Stranger();
        (await stranger.Send(HttpMethod.Get, "course/category/list/", null, ("Cookie", "access_token=stale"))).Expect(
            200
        );
        using var teacher = await stack.Teacher();
        (await stranger.Send(HttpMethod.Get, Probe, null, ("Cookie", "access_token=" + teacher.Access))).Expect(200);
    }

    [Fact]
    public async Task A_foreign_site_cannot_use_the_cookies()
    {
        using var teacher = await stack.Teacher();
        using var browser = stack.Stranger();
        Task<Reply> From(string origin) =>
            browser.Send(
                HttpMethod.Post,
                "token/refresh/",
                null,
                ("Cookie", "refresh_token=" + teacher.Refresh),
                ("Origin", origin)
            );
        (await From("https://evil.example")).Expect(403);
        (await From("null")).Expect(403);
        var allowed = (await From("http://localhost:3000")).Expect(200);
        Assert.Equal("http://localhost:3000", allowed.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", allowed.Header("Access-Control-Allow-Credentials"));
        (await From(browser.Address.GetLeftPart(UriPartial.Authority))).Expect(200);
    }

    private static object Change(string old, string renewed, string again) =>
        new
        {
            old_password = old,
            new_password1 = renewed,
            new_password2 = again,
        };

    private static string Base64(string text) => Url(Encoding.UTF8.GetBytes(text));

    private static string Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static string Padded(string url) =>
        url.Replace('-', '+').Replace('_', '/').PadRight((url.Length + 3) / 4 * 4, '=');

    private static long Claim(string token, string name) =>
        System.Text.Json.Nodes.JsonNode.Parse(Convert.FromBase64String(Padded(token.Split('.')[1])))![
            name
        ]!.GetValue<long>();

    /// <summary>Signs as the stack does, with the key of development.</summary>
    private static string Sign(string header, string claims)
    {
        var signed = $"{header}.{Base64(claims)}";
        var key = Convert.FromBase64String(EduPro.Data.Security.MasterKeys.Development);
        return $"{signed}.{Url(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }
}
