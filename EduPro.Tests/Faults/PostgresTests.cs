using System.Diagnostics;
using System.Globalization;
using EduPro.Tests.Support;
using Npgsql;

namespace EduPro.Tests.Faults;

/// <summary>An API of its own on a database of its own, which goes away.</summary>
public sealed class PostgresTests(Stack stack, ITestOutputHelper output) : IAsyncLifetime
{
    private string database = null!;
    private TcpProxy postgres = null!;
    private ServiceProcess api = null!;
    private Caller teacher = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_its_database_the_api_says_so_soon_and_is_well_again_without_a_restart(bool hangs)
    {
        // Enough of them to take all the connections that the API keeps.
        (string Method, string Path)[] requests =
        [
            .. Enumerable
                .Repeat<(string, string)[]>(
                    [
                        ("GET", "course/list/"),
                        ("GET", "teacher/teacher-profile/ada/"),
                        ("GET", "teacher/teacher-profile/"),
                        ("POST", "teacher/assessments/"),
                        ("POST", "teacher/login/"),
                        ("GET", "course/list/"),
                    ],
                    12
                )
                .SelectMany(some => some),
        ];
        // Others use this machine too: the quickest of three counts.
        var slowest = TimeSpan.MaxValue;
        for (var i = 0; i < 3 && slowest.TotalSeconds >= 5; i++)
        {
            postgres.Pass();
            postgres.Slow(TimeSpan.FromMilliseconds(200));
            await Task.WhenAll(requests.Select(Ask));
            if (hangs)
                postgres.Hang();
            else
                postgres.Cut();
            slowest = await SlowestOf(requests);
        }
        Assert.True(slowest.TotalSeconds < 5, $"It took {slowest}.\n{api.Output}");
        output.WriteLine($"503 after {slowest.TotalMilliseconds:0} ms");
        (await teacher.Get("/alive")).Expect(200);
        Assert.Contains("\"database\":\"Unhealthy\"", (await teacher.Get("/health")).Expect(503).Text);

        postgres.Pass();
        var watch = Stopwatch.StartNew();
        while ((await teacher.Get("teacher/teacher-profile/")).Status != 200)
        {
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            await Task.Delay(100, Ct);
        }
        output.WriteLine($"Well again after {watch.ElapsedMilliseconds} ms");
        (await teacher.Get("/health")).Expect(200);
    }

    /// <summary>Sends all at once, each of which is told to come again later.</summary>
    private async Task<TimeSpan> SlowestOf((string Method, string Path)[] requests)
    {
        var watch = Stopwatch.StartNew();
        var replies = await Task.WhenAll(requests.Select(Ask));
        var slowest = watch.Elapsed;
        foreach (var reply in replies)
        {
            reply.ExpectProblem(
                503,
                "Service unavailable",
                "The service is temporarily unavailable. Please try again later."
            );
            Assert.InRange(int.Parse(reply.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
        }
        return slowest;
    }

    private async Task<Reply> Ask((string Method, string Path) request)
    {
        using var caller = request.Path == "teacher/login/" ? api.Stranger(stack) : null;
        var body = request.Path == "teacher/login/" ? new { username = "ada", password = "wrong" } : null;
        return await (caller ?? teacher).Send(new HttpMethod(request.Method), request.Path, body);
    }

    public async ValueTask InitializeAsync()
    {
        database = await stack.EmptyDatabase("fault");
        var server = new NpgsqlConnectionStringBuilder(database);
        postgres = new TcpProxy(server.Port);
        (server.Host, server.Port, server.Pooling) = ("127.0.0.1", postgres.Port, true);
        api = await ServiceProcess.Api(
            stack,
            ("ConnectionStrings:edupro", server.ConnectionString),
            ("Database:ConnectSeconds", "2"),
            ("Database:StatementSeconds", "2")
        );
        teacher = api.Stranger(stack);
        await teacher.RegisterAsTeacher();
    }

    public async ValueTask DisposeAsync()
    {
        teacher.Dispose();
        await api.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
