using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EduPro.Tests.Contract;
using EduPro.Tests.Support;

namespace EduPro.Tests.Security;

/// <summary>
/// The API has no field for an address to fetch something from. Whoever gives one nevertheless, in any text, file,
/// query or header, gets no server of ours to go there.
/// </summary>
public sealed class OutgoingRequestsTests(ContractSchool school) : IClassFixture<ContractSchool>, IAsyncDisposable
{
    private static readonly string[] Headers =
    [
        "Origin",
        "Referer",
        "Forwarded",
        "X-Forwarded-Host",
        "X-Original-URL",
        "X-Rewrite-URL",
        "Idempotency-Key",
    ];

    private readonly TcpListener trap = new(IPAddress.Loopback, 0);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_address_that_a_caller_gives_is_visited()
    {
        trap.Start();
        await school.Renew();
        var url = $"http://127.0.0.1:{((IPEndPoint)trap.LocalEndpoint).Port}/x.png";
        var calls = new[] { WireContract.Api, WireContract.V1 }.SelectMany(contract => Calls(contract, url)).ToList();
        var answers = new List<int>();
        foreach (var (method, path, body) in calls)
        foreach (var caller in new[] { school.Owner, school.Enrolled, school.Admin })
        {
            var headers = Headers.Select(name => (name, url)).ToArray();
            var reply = await caller.Send(HttpMethod.Parse(method), path, body, headers);
            Assert.True(reply.Status < 500, $"{method} {path}: {reply.Status} {reply.Text}");
            answers.Add(reply.Status);
        }

        // Text is text: some of it is kept.
        Assert.InRange(answers.Count(status => status < 300), 20, int.MaxValue);
        Assert.InRange(calls.Count, 200, int.MaxValue);
        // Jobs look at what was stored within two seconds.
        await Task.Delay(TimeSpan.FromSeconds(3), Ct);
        Assert.False(trap.Pending(), "Somebody came.");
        using var visitor = new HttpClient();
        _ = visitor.GetAsync(new Uri(url), Ct);
        using var visit = await trap.AcceptSocketAsync(Ct);
    }

    public ValueTask DisposeAsync()
    {
        trap.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Each operation with the address in each of its texts, one at a time, and in its query.</summary>
    private IEnumerable<(string Method, string Path, JsonObject? Body)> Calls(WireContract contract, string url)
    {
        foreach (var operation in contract.Operations)
        {
            // It would end the session of those who call on.
            if (operation.Segments[^1] is "logout" or "change-password")
                continue;
            var path =
                "/"
                + string.Join(
                    '/',
                    operation.Segments.Select(segment =>
                        segment is ['{', .. var name, '}']
                            ? school.Ids.GetValueOrDefault(name) ?? Uri.EscapeDataString(url)
                            : segment
                    )
                )
                + "/";
            if (operation.Method is "GET")
                yield return (operation.Method, path + QueryOf(operation, url), null);
            if (!operation.Json.TryGetProperty("requestBody", out var body))
                continue;
            var content = body.GetProperty("content").GetProperty("application/json");
            var fields = contract.Resolve(content.GetProperty("schema")).GetProperty("properties");
            foreach (var field in fields.EnumerateObject().Where(field => IsText(field.Value)))
            {
                var given = Example(contract, content);
                given[field.Name] = url;
                yield return (operation.Method, path, given);
            }
        }
    }

    private static string QueryOf(WireContract.Operation operation, string url) =>
        operation.Json.TryGetProperty("parameters", out var parameters)
            ? "?"
                + string.Join(
                    '&',
                    parameters
                        .EnumerateArray()
                        .Where(parameter =>
                            parameter.GetProperty("in").GetString() == "query"
                            && IsText(parameter.GetProperty("schema"))
                        )
                        .Select(parameter => $"{parameter.GetProperty("name")}={Uri.EscapeDataString(url)}")
                )
            : "";

    private static bool IsText(JsonElement schema) =>
        schema.TryGetProperty("type", out var type)
        && type.GetRawText().Contains("string", StringComparison.Ordinal)
        && !schema.TryGetProperty("enum", out _);

    private static JsonObject Example(WireContract contract, JsonElement content) =>
        content.TryGetProperty("examples", out var examples)
            ? JsonObject.Create(
                contract.Resolve(examples.EnumerateObject().First().Value).GetProperty("value").Clone()
            )!
            : [];
}
