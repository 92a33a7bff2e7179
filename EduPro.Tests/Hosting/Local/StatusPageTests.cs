using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace EduPro.Tests.Hosting.Local;

/// <summary>The status page of a stack that is nothing but the emulator of the video service.</summary>
public sealed class StatusPageTests(StatusPageTests.SmallStack stack) : IClassFixture<StatusPageTests.SmallStack>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_how_each_resource_is_and_what_was_asked_of_it()
    {
        using var emulator = stack.App.CreateHttpClient("vdocipher");
        using var _ = await emulator.GetAsync("/emulator/counters?password=Sesame-open-9", Ct);
        using var __ = await emulator.GetAsync("/no/such/page", Ct);

        var status = await Until(status => Requests(status).Count() >= 2);

        var resource = Resource(status, "vdocipher");
        Assert.Equal("EduPro.VdoCipherEmulator", (string?)resource["kind"]);
        Assert.Equal("running", (string?)resource["state"]);
        Assert.Equal("healthy", (string?)resource["health"]);
        Assert.Equal($"{emulator.BaseAddress}".TrimEnd('/'), (string?)resource["urls"]![0]);
        Assert.InRange(
            (DateTimeOffset)resource["since"]!,
            TimeProvider.System.GetUtcNow().AddMinutes(-5),
            TimeProvider.System.GetUtcNow()
        );
        Assert.Equal(
            ["vdocipher GET /emulator/counters 200", "vdocipher GET /no/such/page 404"],
            Requests(status).Take(2).Select(r => $"{r["resource"]} {r["method"]} {r["path"]} {r["status"]}")
        );
        Assert.All(Requests(status), request => Assert.InRange((double)request["milliseconds"]!, 0.1, 60_000));
        Assert.Contains(
            status["logs"]!.AsArray(),
            line => $"{line!["text"]}".StartsWith("vdocipher is healthy", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("Sesame", status.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_counts_restarts()
    {
        var before = Resource(await Until(_ => true), "vdocipher");
        using (var process = Process.GetProcessById((int)before["processId"]!))
            process.Kill();

        var after = Resource(
            await Until(status =>
                Resource(status, "vdocipher") is var now
                && (int)now["restarts"]! > (int)before["restarts"]!
                && (string?)now["health"] == "healthy"
            ),
            "vdocipher"
        );

        Assert.Equal((int)before["restarts"]! + 1, (int)after["restarts"]!);
        Assert.NotEqual((int)before["processId"]!, (int)after["processId"]!);
        Assert.True((DateTimeOffset)after["since"]! > (DateTimeOffset)before["since"]!);
    }

    [Fact]
    public async Task Updates_go_on_where_a_browser_lost_its_connection()
    {
        using var page = Page();
        var (id, first) = await FirstUpdate(page, lastId: null);
        Assert.NotEmpty(first["resources"]!.AsArray());
        Assert.NotEmpty(first["logs"]!.AsArray());

        var (_, again) = await FirstUpdate(page, id);
        Assert.Empty(again["logs"]!.AsArray());
        var (_, ofAnotherRun) = await FirstUpdate(page, "1-1000");
        Assert.NotEmpty(ofAnotherRun["logs"]!.AsArray());
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/page.js", "text/javascript")]
    [InlineData("/page.svg", "image/svg+xml")]
    public async Task Only_what_is_its_own_runs_in_it(string path, string type)
    {
        using var page = Page();
        using var reply = await page.GetAsync(path, Ct);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(type, reply.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            reply.Headers.GetValues("Content-Security-Policy").Single()
        );
        Assert.DoesNotContain(
            "://",
            (await reply.Content.ReadAsStringAsync(Ct))
                .Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)
                .Replace("tcp://", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("school.example.com")]
    [InlineData("localhost.example.com")]
    [InlineData("localhost")]
    [InlineData("localhost:80")]
    public async Task A_name_that_somebody_else_pointed_here_is_refused(string host)
    {
        using var page = Page();
        foreach (var path in new[] { "/", "/status.json", "/updates" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using var reply = await page.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, reply.StatusCode);
            Assert.Empty(await reply.Content.ReadAsStringAsync(Ct));
        }
    }

    [Fact]
    public async Task It_only_listens_and_only_here()
    {
        using var page = Page();
        using var reply = await page.PostAsync("/status.json", null, Ct);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, reply.StatusCode);
        foreach (var address in await Dns.GetHostAddressesAsync(Dns.GetHostName(), Ct))
            if (!IPAddress.IsLoopback(address))
                await Assert.ThrowsAsync<HttpRequestException>(() =>
                    page.GetAsync(new UriBuilder(page.BaseAddress!) { Host = $"{address}" }.Uri, Ct)
                );
    }

    [Theory]
    [InlineData("To log in as teacher: maryam, password: Sesame-open-9", "To log in as teacher: maryam, password: ***")]
    [InlineData("Host=a;Password=s3cret;Port=1", "Host=a;Password=***;Port=1")]
    [InlineData("AccountKey=Eby8vdM02/K1SZFPTOtr==;x", "AccountKey=***;x")]
    [InlineData("{\"password\": \"s3cret\", \"a\": 1}", "{\"password\": \"***\", \"a\": 1}")]
    [InlineData("Authorization: Bearer abc.def", "Authorization: Bearer ***")]
    [InlineData("got eyJhbGciOi.eyJzdWIi.c2ln here", "got *** here")]
    [InlineData("the admin's is EduPro-admin-1.", "the admin's is ***.")]
    [InlineData("Password hashing has 2 places", "Password hashing has 2 places")]
    public void Secrets_are_masked_in_what_it_shows(string line, string shown) =>
        Assert.Equal(shown, new StackHistory { Secrets = ["EduPro-admin-1"] }.Mask(line));

    [Fact]
    public void A_noisy_resource_does_not_push_out_what_others_said()
    {
        var history = new StackHistory();
        history.Add("quiet", "once");
        for (var line = 0; line < 5000; line++)
            history.Add("noisy", $"{line}");

        var (logs, _, last) = history.After(0);

        Assert.Equal(5001, last);
        Assert.Equal("once", logs[0].Text);
        Assert.Equal("4999", logs[^1].Text);
        Assert.InRange(logs.Count, 100, 1000);
        Assert.Equal(["4998", "4999"], history.After(last - 2).Logs.Select(line => line.Text));
    }

    [Fact]
    public async Task Tests_that_do_not_ask_for_it_have_none()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EduPro_AppHost>(Ct);
        await using var app = await builder.BuildAsync(Ct);
        Assert.DoesNotContain(builder.Resources, resource => resource.Name == "status");
    }

    private HttpClient Page() => stack.App.CreateHttpClient("status");

    private static JsonNode Resource(JsonNode status, string name) =>
        status["resources"]!.AsArray().Single(resource => (string?)resource!["name"] == name)!;

    private static IEnumerable<JsonNode> Requests(JsonNode status) => status["requests"]!.AsArray().OfType<JsonNode>();

    private async Task<JsonNode> Until(Func<JsonNode, bool> satisfied)
    {
        using var page = Page();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var status = (await page.GetFromJsonAsync<JsonNode>("/status.json", patience.Token))!;
            if (satisfied(status))
                return status;
            await Task.Delay(200, patience.Token);
        }
    }

    private static async Task<(string Id, JsonNode Update)> FirstUpdate(HttpClient page, string? lastId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/updates");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using var reply = await page.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        var events = SseParser.Create(await reply.Content.ReadAsStreamAsync(Ct));
        await foreach (var update in events.EnumerateAsync(Ct))
            return (events.LastEventId, JsonNode.Parse(update.Data)!);
        throw new InvalidOperationException("The updates ended before the first.");
    }

    public sealed class SmallStack : IAsyncLifetime
    {
        public DistributedApplication App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EduPro_AppHost>(
                ["--StatusPage:Port=0"],
                Ct
            );
            foreach (var other in builder.Resources.Where(resource => resource.Name != "vdocipher").ToList())
                builder.Resources.Remove(other);
            App = await builder.BuildAsync(Ct);
            await App.StartAsync(Ct);
            foreach (var resource in new[] { "vdocipher", "status" })
                await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, Ct);
        }

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
