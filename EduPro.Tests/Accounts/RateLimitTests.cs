using System.Diagnostics;
using System.Globalization;
using EduPro.Api.Http;
using EduPro.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace EduPro.Tests.Accounts;

public sealed class RateLimitTests(Stack stack)
{
    /// <summary>Limits of Development: ten times the documented ones.</summary>
    private const int Client = 1000,
        SignIn = 100,
        Otp = 30;

    /// <summary>Requests that a replica may count alone, when Redis is slow for a moment. Alone each lets all through.</summary>
    private const int Missed = 20;

    [Fact]
    public async Task Every_answer_tells_what_is_left()
    {
        using var stranger = stack.Stranger();
        foreach (
            var (path, status) in new[]
            {
                ("/api/course/category/list/", 200),
                ("/api/v1/course/category/list/", 200),
                ("/api/no-such-route/", 404),
                ("/api/teacher/get_students/", 401),
            }
        )
        {
            var reply = (await stranger.Get(path)).Expect(status);
            Assert.Equal(Client, Number(reply, "X-RateLimit-Limit"));
            Assert.InRange(Number(reply, "X-RateLimit-Remaining"), Client - 4, Client - 1);
            var reset = DateTimeOffset.FromUnixTimeSeconds(Number(reply, "X-RateLimit-Reset"));
            Assert.InRange(reset - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(11));
        }
        var refused = (await stranger.Send(HttpMethod.Get, "x", null, ("Authorization", "Bearer nonsense"))).Expect(
            401
        );
        Assert.Equal(Client, Number(refused, "X-RateLimit-Limit"));
    }

    [Fact]
    public async Task Logins_of_one_address_are_limited_across_replicas()
    {
        using var one = stack.Stranger();
        using var other = stack.Stranger(replica: 2);
        const string address = "10.250.0.1";
        var taken = await TakenUntilLimited(i =>
            // What a client claims before its proxy speaks is not believed.
            (i % 2 == 0 ? one : other).Send(
                HttpMethod.Post,
                "teacher/login/",
                null,
                ("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"192.0.2.{i}, {address}"))
            )
        );
        Assert.InRange(taken, SignIn, SignIn + Missed);
        (await one.Get("course/category/list/")).Expect(200);
    }

    [Fact]
    public async Task One_time_passwords_to_one_address_are_limited()
    {
        using var one = stack.Stranger();
        using var other = stack.Stranger(replica: 2);
        var email = School.Unique("nobody") + "@example.com";
        var taken = await TakenUntilLimited(i =>
            i % 2 == 0
                ? one.Post("password-reset/request/", new { email })
                : other.Post("password-reset/request/", new { email = email.ToUpperInvariant() })
        );
        Assert.InRange(taken, Otp, Otp + Missed);
    }

    [Fact]
    public async Task Outside_Development_the_limits_are_the_documented_ones()
    {
        using var teacher = await stack.Teacher();
        await using var api = await ServiceProcess.Api(stack, ("RateLimits:Factor", "1"));
        using var visitor = api.Stranger(stack);
        using var uploader = api.Stranger(stack);
        using var forgetful = api.Stranger(stack);
        var login = new { username = teacher.Username, password = teacher.Password };
        var email = School.Unique("nobody") + "@example.com";

        Assert.InRange(await TakenUntilLimited(_ => visitor.Get("course/category/list/"), 200), 100, 100 + Missed);
        // From wherever they come: what is limited is the account, or the session.
        var logins = await TakenUntilLimited(_ => FromSomewhere("teacher/login/", login), 200);
        Assert.InRange(logins, 9, 10 + Missed); // One was the registration's.
        var refresh = new { refresh = teacher.Refresh };
        Assert.InRange(await TakenUntilLimited(_ => FromSomewhere("token/refresh/", refresh), 200), 60, 60 + Missed);
        var uploads = await TakenUntilLimited(
            _ =>
                uploader.Patch(
                    "teacher/update-profile/",
                    new MultipartFormDataContent { { new StringContent("x"), "bio" } }
                ),
            401
        );
        Assert.InRange(uploads, 30, 30 + Missed);
        (await uploader.Patch("teacher/update-profile/", new { bio = "x" })).Expect(401);
        var otps = await TakenUntilLimited(_ => forgetful.Post("password-reset/request/", new { email }), 400);
        Assert.InRange(otps, 3, 3 + Missed);

        async Task<Reply> FromSomewhere(string path, object body)
        {
            using var somewhere = api.Stranger(stack);
            return await somewhere.Post(path, body);
        }
    }

    /// <summary>How often the request was let through, with that status, before it was not.</summary>
    private static async Task<int> TakenUntilLimited(Func<int, Task<Reply>> send, int passes = 400)
    {
        for (var i = 0; ; i++)
        {
            var reply = await send(i);
            Assert.True(i < 2 * SignIn, "Never limited.");
            if (reply.Status != 429)
            {
                reply.Expect(passes);
                continue;
            }
            reply.ExpectProblem(429, "Rate limit exceeded", "Too many requests. Please try again later.");
            Assert.InRange(Number(reply, "Retry-After"), 1, 900);
            Assert.Equal(0, Number(reply, "X-RateLimit-Remaining"));
            return i;
        }
    }

    [Fact]
    public async Task Without_Redis_a_replica_counts_alone_and_does_not_wait()
    {
        var services = new ServiceCollection().AddSingleton<IConnectionMultiplexer>(_ =>
            ConnectionMultiplexer.Connect(
                new ConfigurationOptions
                {
                    EndPoints = { { "127.0.0.1", 1 } },
                    AbortOnConnectFail = false,
                    ConnectTimeout = 500,
                    BacklogPolicy = BacklogPolicy.FailFast,
                }
            )
        );
        await using var provider = services.BuildServiceProvider();
        var counter = new RateCounter(provider, TimeProvider.System, NullLogger<RateCounter>.Instance);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        var start = Stopwatch.GetTimestamp();
        var window = TimeSpan.FromMinutes(1);
        var counts = new List<int>();
        for (var i = 0; i < 3; i++)
            counts.Add((await counter.Add("key", window)).Count);
        var other = await counter.Add("other key", window);

        Assert.Equal([1, 2, 3], counts);
        Assert.Equal(1, other.Count);
        Assert.Equal(3, (await counter.Peek("key")).Count);
        Assert.Equal(0, (await counter.Peek("third key")).Count);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
    }

    private static long Number(Reply reply, string header) =>
        long.Parse(
            reply.Header(header) ?? throw new InvalidOperationException($"no {header}"),
            CultureInfo.InvariantCulture
        );
}
