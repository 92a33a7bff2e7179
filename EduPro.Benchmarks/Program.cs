using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using EduPro.Benchmarks;
using Npgsql;

if (args is [Limit.Service])
{
    await Limit.Serve(
        Environment.GetEnvironmentVariable("ConnectionStrings__edupro")!,
        [.. Console.ReadLine()!.Split(' ').Select(Convert.FromBase64String)]
    );
    return 0;
}
Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

const double warming = 1;
await Published.Make();
var folder = Directory.CreateTempSubdirectory("edupro-gauges-").FullName;
foreach (var (name, value) in Gauges.EnvironmentFor(folder))
    Environment.SetEnvironmentVariable(name, value);

// Every request is counted as always, but none is refused: one client plays many.
Environment.SetEnvironmentVariable("RateLimits__Factor", "100000");
Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Warning");
var keys = Published.Configure();
var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EduPro_AppHost>(["--Data:Keep=false"]);
await using var app = await builder.BuildAsync();
await app.StartAsync();
foreach (var service in new[] { "api", "worker" })
    await app.ResourceNotifications.WaitForResourceHealthyAsync(service);
var api = app.GetEndpoint("api", "http");
var server = new IPEndPoint(IPAddress.Loopback, api.Port);
var connectionString = (await app.GetConnectionStringAsync("edupro"))!;
await using var database = NpgsqlDataSource.Create(connectionString);
var gauges = new Gauges(folder, database);

var clock = Stopwatch.StartNew();
await Seed.Fill(database, options.Scale);
Console.WriteLine($"Seeded {options.Scale}x in {clock.Elapsed.TotalSeconds:0} s.");
var people = new People(server, options.Scale, keys);
var reads = Reads.Of(options.Scale, people.Token).ToArray();
var scenarios = (
    options.Quick
        ? reads
        :
        [
            .. reads,
            .. Writes.Of(
                options.Scale,
                people.Token,
                await people.StartAttempts(Seed.Students + Seed.Learners),
                reads[..6]
            ),
        ]
)
    .Where(s => options.Only is null || s.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
    .ToArray();
var kept = new List<byte[]>();
foreach (var path in Reads.Kept)
    kept.Add(await people.Ask(Requests.Of("GET", path)));
var (limit, limitServer) = await Limit.Start(connectionString, kept);
try
{
    await Warm("api", server, reads.Intersect(scenarios).Select(s => s.Next));
    await Warm(Limit.Service, limitServer, scenarios.Select(s => s.Limit).OfType<Func<long, ReadOnlyMemory<byte>>>());
    Console.WriteLine($"Load average {LoadAverage()}, {Environment.ProcessorCount} processors.");
    Console.WriteLine(Row.Header);
    foreach (var scenario in scenarios)
        Console.WriteLine(await Measure(scenario));
    Console.WriteLine($"Load average {LoadAverage()}.");
    foreach (var service in new[] { "api", "worker" })
        Console.WriteLine($"{service}: {await gauges.Resident(service) / 1e6:0} MB resident.");
}
finally
{
    limit.Kill();
    limit.Dispose();
    Directory.Delete(folder, recursive: true);
}
return 0;

async Task Warm(string service, IPEndPoint warmed, IEnumerable<Func<long, ReadOnlyMemory<byte>>> all)
{
    var clock = Stopwatch.StartNew();
    var compiled = await UntilCalm(
        service,
        TimeSpan.FromSeconds(options.Quick ? 40 : 60),
        () =>
        {
            foreach (var next in all)
                Load.Run(warmed, next, 200, options.Connections, warming);
        }
    );
    Console.WriteLine(
        $"{service} warmed for {clock.Elapsed.TotalSeconds:0} s; {compiled} methods compiled in the last round."
    );
}

// The runtime compiles again, and better, what it sees run often. Until that is done, a server is a quarter as fast.
async Task<long> UntilCalm(string service, TimeSpan longest, Action round)
{
    const int calm = 20;
    var clock = Stopwatch.StartNew();
    long compiled;
    do
    {
        compiled = await gauges.Compiled(service);
        round();
        compiled = await gauges.Compiled(service) - compiled;
    } while (compiled > calm && clock.Elapsed < longest);
    return compiled;
}

// Both sides in turns, so that what else the machine does meets both.
async Task<Row> Measure(Scenario scenario)
{
    const int turns = 5;
    // Reads are warm by now; what is written can be written only so often.
    await UntilCalm("api", TimeSpan.FromSeconds(3), () => Ask(server, scenario.Next, warming));
    if (scenario.Limit is { } warmed)
    {
        await Compare(scenario);
        Ask(limitServer, warmed, warming);
    }
    var (full, spent) = (LoadResult.None, new Spent(0, 0, 0, 0));
    var (most, limitSpent) = (LoadResult.None, 0.0);
    for (var turn = 0; turn < turns; turn++)
    {
        var before = await gauges.Read();
        full += Ask(server, scenario.Next, options.Seconds / turns);
        spent += await gauges.Read() - before;
        if (scenario.Limit is not { } asked)
            continue;
        var limitBefore = await LimitSpent();
        most += Ask(limitServer, asked, options.Seconds / 2.0 / turns);
        limitSpent += await LimitSpent() - limitBefore;
    }
    var half = Ask(server, scenario.Next, options.Seconds, rate: full.Rate / 2);
    return new Row(
        scenario,
        full,
        half,
        spent / full.Answers,
        scenario.Limit is null ? null : (most, limitSpent / most.Answers)
    );

    LoadResult Ask(IPEndPoint asked, Func<long, ReadOnlyMemory<byte>> next, double seconds, double? rate = null) =>
        Load.Run(asked, next, scenario.Expected, options.Connections * scenario.Crowd, seconds, rate);
}

async Task<double> LimitSpent()
{
    limit.Refresh();
    return limit.TotalProcessorTime.TotalMicroseconds + (await gauges.Read()).Database;
}

// The limit is one only if it answers the same.
async Task Compare(Scenario scenario)
{
    if (scenario.Expected != 200)
        return;
    var ours = await people.Ask(scenario.Next(0));
    var theirs = await People.Ask(scenario.Limit!(0), limitServer);
    // Each list names its next page by its own address.
    if (!JsonElement.DeepEquals(Parse(ours), Parse(theirs)))
        throw new InvalidOperationException(
            $"{scenario.Name}: the limit answers something else.\n{Encoding.UTF8.GetString(ours)}\n{Encoding.UTF8.GetString(theirs)}"
        );

    static JsonElement Parse(byte[] body) =>
        JsonElement.Parse(
            System.Text.RegularExpressions.Regex.Replace(
                Encoding.UTF8.GetString(body),
                "\"next\":\"[^\"]*\"",
                "\"next\":\"\""
            )
        );
}

static string LoadAverage() =>
    File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

/// <summary>
/// One line of the table. Microseconds are of processor for each answer: unlike rates they hardly depend on who else
/// uses the machine.
/// </summary>
internal sealed record Row(
    Scenario Scenario,
    LoadResult Full,
    LoadResult Half,
    Spent Each,
    (LoadResult Result, double Spent)? Limit
)
{
    public const string Header = """
        | scenario | req/s | p50 ms | p99 ms | p99 ms at half | API µs | Postgres µs | allocated | queries | limit req/s | limit µs | ratio | ratio of µs | |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    public override string ToString()
    {
        var ratio = Full.Rate / Limit?.Result.Rate;
        var misses = new List<string>();
        if (Full.Unexpected + Half.Unexpected is > 0 and var unexpected)
            misses.Add($"{unexpected} answers were not {Scenario.Expected} but {Full.Example ?? Half.Example}");
        if (Full.Rate < Scenario.TargetRate)
            misses.Add($"below {Scenario.TargetRate:0}/s");
        if (ratio < Scenario.TargetRatio)
            misses.Add($"below {Scenario.TargetRatio:0.0} of the limit");
        if (Half.Answers == 0)
            misses.Add("nothing was left for half the rate");
        if (Half.P99 > 25)
            misses.Add("p99 at half above 25 ms");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Scenario.Name} | {Full.Rate:0} | {Full.P50:0.0} | {Full.P99:0.0} | {Half.P99:0.0} | {Each.Api:0} | {Each.Database:0} | {Each.Allocated:0} | {Each.Queries:0.0} | {Limit?.Result.Rate:0} | {Limit?.Spent:0} | {ratio:0.00} | {Limit?.Spent / (Each.Api + Each.Database):0.00} | {string.Join(", ", misses)} |"
        );
    }
}
