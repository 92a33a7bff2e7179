using System.Diagnostics;
using System.Globalization;
using System.Net;
using EduPro.Tests.Contract;
using EduPro.Tests.Support;
using StackExchange.Redis;

namespace EduPro.Tests.Faults;

/// <summary>An API of its own whose Redis goes away in every way there is.</summary>
public sealed class RedisTests(Stack stack, ITestOutputHelper output) : IAsyncLifetime
{
    public enum Fault
    {
        Gone,
        Hung,
        Slow,
    }

    private TcpProxy redis = null!;
    private ServiceProcess api = null!;
    private Caller teacher = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Fault.Gone)]
    [InlineData(Fault.Hung)]
    [InlineData(Fault.Slow)]
    public async Task Every_operation_goes_on_and_sessions_end_as_ever(Fault fault)
    {
        using var student = await stack.Student(teacher);
        using var admin = await stack.Admin();
        using var caller = api.Stranger(stack);
        Break(fault);

        // Each operation by who may call it, with nothing to work on: it comes as far as its own refusal.
        foreach (var row in RoutesTests.Operations())
        {
            var (operation, who) = row.Data;
            var parts = operation.Split(' ');
            if (parts[1].EndsWith("/logout", StringComparison.Ordinal))
                continue;
            caller.Access = (
                who.Contains("student") ? student
                : who.Contains("admin") ? admin
                : teacher
            ).Access;
            var path = parts[1].Replace("*", teacher.Username, StringComparison.Ordinal) + "/";
            var reply = await caller.Send(new HttpMethod(parts[0]), path);
            Assert.True(reply.Status < 500, $"{operation}: {reply.Status} {reply.Text}");
        }
        await caller.LogIn("teacher/login/", teacher.Username, teacher.Password);
        (await caller.Get("teacher/teacher-profile/")).Expect(200);
        (await caller.Post("logout/")).Expect(200);
        (await caller.Get("teacher/teacher-profile/")).Expect(401);
        (await caller.Get("/alive")).Expect(200);
        using var other = api.Stranger(stack);
        // A slow answer may still come in time for the check.
        if (fault is not Fault.Slow)
            Assert.Contains("\"cache\":\"Degraded\"", (await other.Get("/health")).Expect(200).Text);
    }

    [Theory]
    [InlineData(Fault.Gone)]
    [InlineData(Fault.Hung)]
    [InlineData(Fault.Slow)]
    public async Task No_request_waits_half_a_second_and_limits_hold_alone_and_together_again(Fault fault)
    {
        using var visitor = api.Stranger(stack);
        var usual = await Quickest(() => TryToLogIn());

        // A wrong login asks Redis most often. Others use this machine too: the quickest of three counts.
        var waited = await Quickest(async () =>
        {
            redis.Pass();
            await CountsAreShared();
            Break(fault);
            return await TryToLogIn();
        });
        output.WriteLine(
            $"A login took {usual.TotalMilliseconds:0} ms, with Redis {fault} {waited.TotalMilliseconds:0} ms"
        );
        Assert.InRange(waited - usual, TimeSpan.MinValue, TimeSpan.FromMilliseconds(500));

        var left = new List<int>();
        for (var i = 0; i < 10; i++)
            left.Add(Left((await visitor.Get("course/category/list/")).Expect(200)));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => left[0] - i), left);
        Assert.Contains("Rate limits are counted by this replica alone", api.Output);

        redis.Pass();
        await CountsAreShared();
    }

    public async ValueTask InitializeAsync()
    {
        var options = ConfigurationOptions.Parse(await stack.ConnectionString("cache"));
        redis = new TcpProxy(
            options.EndPoints[0] is IPEndPoint ip ? ip.Port : ((DnsEndPoint)options.EndPoints[0]).Port
        );
        options.EndPoints.Clear();
        options.EndPoints.Add(IPAddress.Loopback, redis.Port);
        api = await ServiceProcess.Api(stack, ("ConnectionStrings:cache", options.ToString(includePassword: true)));
        teacher = await stack.Teacher();
        await CountsAreShared();
    }

    public async ValueTask DisposeAsync()
    {
        teacher.Dispose();
        await api.DisposeAsync();
        await redis.DisposeAsync();
    }

    private void Break(Fault fault)
    {
        switch (fault)
        {
            case Fault.Gone:
                redis.Cut();
                break;
            case Fault.Hung:
                redis.Hang();
                break;
            default:
                redis.Slow(by: TimeSpan.FromMilliseconds(400));
                break;
        }
    }

    /// <summary>Waits until this API counts with the others of the stack again.</summary>
    private async Task CountsAreShared()
    {
        const string path = "course/category/list/";
        using var here = api.Stranger(stack);
        here.Access = teacher.Access;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var before = Left(await teacher.Get(path));
            if (Left(await here.Get(path)) == before - 1)
                return;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It does not ask Redis again.");
            await Task.Delay(200, Ct);
        }
    }

    private async Task<TimeSpan> TryToLogIn()
    {
        using var somebody = api.Stranger(stack);
        var body = new { username = School.Unique("nobody"), password = "wrong" };
        var watch = Stopwatch.StartNew();
        (await somebody.Post("teacher/login/", body)).Expect(404);
        return watch.Elapsed;
    }

    private static async Task<TimeSpan> Quickest(Func<Task<TimeSpan>> run)
    {
        var quickest = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
            if (await run() is var took && took < quickest)
                quickest = took;
        return quickest;
    }

    private static int Left(Reply reply) =>
        int.Parse(reply.Header("X-RateLimit-Remaining")!, CultureInfo.InvariantCulture);
}
