using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using EduPro.Benchmarks;
using EduPro.Tests.Support;
using Npgsql;

namespace EduPro.Tests.Faults;

/// <summary>More at once than a replica takes on.</summary>
public sealed class OverloadTests(Stack stack, ITestOutputHelper output)
{
    private const string Unavailable = "Service unavailable",
        TryLater = "The service is temporarily unavailable. Please try again later.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_too_much_is_refused_at_once_and_what_was_taken_on_is_answered()
    {
        var server = new NpgsqlConnectionStringBuilder(await stack.EmptyDatabase("overload"));
        await using var postgres = new TcpProxy(server.Port);
        (server.Host, server.Port, server.Pooling) = ("127.0.0.1", postgres.Port, true);
        await using var api = await ServiceProcess.Api(
            stack,
            ("ConnectionStrings:edupro", server.ConnectionString),
            ("Overload:Requests:AtOnce", "2"),
            ("Overload:Requests:Waiting", "2")
        );
        using var teacher = api.Stranger(stack);
        await teacher.RegisterAsTeacher();
        (await teacher.Get("teacher/teacher-profile/")).Expect(200);

        postgres.Hang();
        var watch = Stopwatch.StartNew();
        var asked = Enumerable
            .Range(0, 10)
            .Select(_ =>
                teacher.Send(HttpMethod.Get, "teacher/teacher-profile/", null, ("Origin", "http://localhost:5173"))
            )
            .ToList();
        for (var i = 0; i < 6; i++)
        {
            var first = await Task.WhenAny(asked);
            asked.Remove(first);
            var refused = (await first).ExpectProblem(503, Unavailable, TryLater);
            Assert.Equal("1", refused.Header("Retry-After"));
            Assert.Equal("http://localhost:5173", refused.Header("Access-Control-Allow-Origin"));
        }
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        (await teacher.Get("/alive")).Expect(200);
        (await teacher.Get("/media/none")).Expect(404);

        postgres.Pass();
        foreach (var reply in await Task.WhenAll(asked))
            reply.Expect(200);
        (await teacher.Get("teacher/teacher-profile/")).Expect(200);
    }

    /// <summary>
    /// Clients that come ten times as fast as the API can answer, for half a minute. It has this machine to itself but for
    /// PostgreSQL, and for the clients, which must not take more of it than it takes to be refused.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task At_ten_times_what_it_sustains_it_refuses_quickly_answers_soon_and_recovers_at_once()
    {
        await using var api = await Benchmark();
        var server = new IPEndPoint(IPAddress.Loopback, api.Address.Port);
        var people = new People(server, scale: 1);
        var reads = Reads.Of(1, people.Token).Where(read => read.Expected == 200).ToArray();
        ReadOnlyMemory<byte> Mixed(long n) => reads[n % reads.Length].Next(n / reads.Length);

        Load.Run(server, Mixed, 200, connections: 16, seconds: 10);
        var sustained = Load.Run(server, Mixed, 200, connections: 16, seconds: 10);
        output.WriteLine($"Sustains {sustained.Rate:0}/s, p99 {sustained.P99:0} ms");

        var most = 0L;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var watching = Task.Run(
            async () =>
            {
                while (!ended.IsCancellationRequested)
                {
                    most = Math.Max(most, api.Memory);
                    await Task.Delay(100, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            },
            Ct
        );
        var answers = await Flood(server, Mixed, perSecond: 10 * sustained.Rate, TimeSpan.FromSeconds(30));
        var recovering = Stopwatch.StartNew();
        LoadResult after;
        do
        {
            after = Load.Run(server, Mixed, 200, connections: 4, seconds: 0.5);
            Assert.InRange(recovering.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        } while (after.Unexpected > 0 || after.P99 > 2 * sustained.P99);
        var recovered = recovering.Elapsed;
        await ended.CancelAsync();
        await watching;

        var (accepted, refused) = (TimesOf(answers, 200), TimesOf(answers, 503));
        output.WriteLine($"Asked {answers.Count / 30}/s");
        output.WriteLine(
            $"Accepted {accepted.Length / 30}/s, p50 {At(accepted, 50):0} ms, p99 {At(accepted, 99):0} ms"
        );
        output.WriteLine($"Refused {refused.Length / 30}/s, p50 {At(refused, 50):0} ms, p99 {At(refused, 99):0} ms");
        output.WriteLine($"Memory {most / 1e6:0} MB; recovered within {recovered.TotalMilliseconds:0} ms");
        Assert.Equal(answers.Count, accepted.Length + refused.Length);
        Assert.NotEmpty(refused);
        Assert.InRange(At(accepted, 99), 0, 1000);
        Assert.InRange(At(refused, 99), 0, 1000);
        Assert.InRange(most, 1, 500_000_000);
    }

    /// <summary>An open loop: each client asks when it is due, or as soon as it has its answer. Status and milliseconds.</summary>
    private static async Task<ConcurrentBag<(int Status, double Took)>> Flood(
        IPEndPoint server,
        Func<long, ReadOnlyMemory<byte>> next,
        double perSecond,
        TimeSpan time
    )
    {
        const int clients = 1000;
        var answers = new ConcurrentBag<(int, double)>();
        var number = -1L;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(Ask));
        return answers;

        async Task Ask(int client)
        {
            using var connection = new Client(server);
            var between = TimeSpan.FromSeconds(clients / perSecond);
            for (var due = between * client / clients; due < time; due += between)
            {
                if (due - Stopwatch.GetElapsedTime(start) is { TotalMilliseconds: >= 1 } early)
                    await Task.Delay(early, Ct);
                var asked = Stopwatch.GetTimestamp();
                var status = await connection.Ask(next(Interlocked.Increment(ref number)));
                answers.Add((status, Stopwatch.GetElapsedTime(asked).TotalMilliseconds));
                if (Stopwatch.GetElapsedTime(start) > time)
                    return;
            }
        }
    }

    /// <summary>An API that has the benchmark's data to answer from, and refuses no client for asking often.</summary>
    private async Task<ServiceProcess> Benchmark()
    {
        var own = new NpgsqlConnectionStringBuilder(await stack.SeededDatabase("overload")) { Pooling = true };
        return await ServiceProcess.Api(
            stack,
            ("ConnectionStrings:edupro", own.ConnectionString),
            ("RateLimits:Factor", "100000"),
            ("Logging:LogLevel:Default", "Warning")
        );
    }

    private static double[] TimesOf(IEnumerable<(int Status, double Took)> answers, int status) =>
        [.. answers.Where(answer => answer.Status == status).Select(answer => answer.Took).Order()];

    private static double At(double[] times, int percent) =>
        times.Length == 0 ? 0 : times[Math.Min(times.Length - 1, times.Length * percent / 100)];
}
