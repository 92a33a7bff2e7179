using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using EduPro.Tests.Support;

namespace EduPro.Tests.Contract;

/// <summary>
/// Requests that nobody meant, made from the OpenAPI documents: wrong types, odd characters, huge and tiny numbers,
/// deep nesting, SQL and HTML, missing and doubled fields. Each answer must be a documented one (every
/// <see cref="Caller"/> sees to that), no fault of ours, and come within two seconds.
/// </summary>
/// <remarks>The seed is printed. <c>EDUPRO_FUZZ=seed</c> makes the same requests again, <c>EDUPRO_FUZZ=seed/number</c>
/// one of them.</remarks>
public sealed class FuzzTests(Stack stack, ContractSchool school) : IClassFixture<ContractSchool>
{
    private const int Requests = 10_000,
        AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>These end the session that the next request needs.</summary>
    private static readonly string[] EndSessions = ["logout/", "change-password/"];

    /// <summary>As JSON, since some of it can be said in no other way.</summary>
    private static readonly string[] Odd =
    [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.5",
        "1e400",
        "-0.0000000000000000000001",
        "99999999999999999999999999999999999999",
        "9223372036854775808",
        "2147483648",
        "[]",
        "{}",
        "[[],{}]",
        """{"a":{"b":[1,"2",null]}}""",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\u202e\\u200f\\ufeff\"",
        "\"\\u0007\\u001b[31m\\r\\n\"",
        "\"\U0001F469\u200D\U0001F680 \u0645\u0631\u062D\u0628\u0627 e\u0301\u0301\u0301\"",
        "\"' OR 1=1; DROP TABLE users; --\"",
        "\"<script>alert(1)</script><img src=x onerror=1>\"",
        "\"../../../../etc/passwd\"",
        "\"%00%0d%0a\"",
        "\"{{7*7}}${7*7}\"",
        "\"NaN\"",
        "\"-Infinity\"",
        "\"1e308\"",
        "\"0x10\"",
        "\"٣\"",
        "\"2026-02-30\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59-14:00\"",
        "\"00000000-0000-0000-0000-000000000000\"",
        "\"" + new string('a', 20_000) + "\"",
        string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60)),
        string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500)),
        """["019aafd2-7f3a-7c21-b1f6-0d6f6a2f4c11","x",null,5]""",
    ];

    /// <summary>What an address can carry: servers refuse null characters there before we see them.</summary>
    private static readonly string[] OddSegments =
    [
        "0",
        "-1",
        "null",
        "x y",
        "' OR 1=1 --",
        "<b>",
        "a/b",
        "\u0645\u0631\u062D\u0628\u0627",
        "\u202e",
        "00000000-0000-0000-0000-000000000000",
        "019aafd2-7f3a-7c21-b1f6-0d6f6a2f4c11",
        new string('a', 2_000),
    ];

    [Fact]
    public async Task Ten_thousand_odd_requests_are_answered_as_documented()
    {
        var asked = Environment.GetEnvironmentVariable("EDUPRO_FUZZ")?.Split('/');
        var seed = asked is null
            ? (ulong)TimeProvider.System.GetTimestamp()
            : ulong.Parse(asked[0], CultureInfo.InvariantCulture);
        TestContext.Current.SendDiagnosticMessage($"Fuzzing with EDUPRO_FUZZ={seed}");
        await school.Renew();
        var callers = await Callers();
        var numbers = asked is [_, var one]
            ? [int.Parse(one, CultureInfo.InvariantCulture)]
            : Enumerable.Range(0, Requests);
        var failures = new ConcurrentQueue<string>();
        var answered = 0;
        var slowest = TimeSpan.Zero;
        var accepted = 0;
        await Parallel.ForEachAsync(
            numbers,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (number, _) =>
            {
                try
                {
                    var (status, took) = await Ask(seed, number, callers);
                    // Once more, alone with its slowness: others of this machine may have held it up.
                    if (took > Patience)
                        (status, took) = await Ask(seed, number, callers);
                    Assert.True(status < 500, $"Answered {status}.");
                    Assert.True(took < Patience, $"Took {took.TotalMilliseconds:0} ms.");
                    Interlocked.Increment(ref answered);
                    if (status < 300)
                        Interlocked.Increment(ref accepted);
                    lock (callers)
                        slowest = took > slowest ? took : slowest;
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    failures.Enqueue($"EDUPRO_FUZZ={seed}/{number}: {failure.Message}");
                }
            }
        );
        TestContext.Current.SendDiagnosticMessage(
            $"{answered} answered, {accepted} of them served; the slowest took {slowest.TotalMilliseconds:0} ms"
        );
        Assert.True(failures.IsEmpty, $"{failures.Count} failed:\n{string.Join('\n', failures.Take(20))}");
        Assert.True(asked is [_, _] || accepted > 0, "Nothing got through: the requests are too odd.");
    }

    private async Task<List<Caller>> Callers()
    {
        var callers = await stack.Crowd(4);
        foreach (var student in callers)
            await student.Join(school.Owner);
        callers.AddRange([school.Owner, school.OtherTeacher, school.Admin, school.Enrolled]);
        callers.AddRange(Enumerable.Range(0, 4).Select(_ => stack.Stranger()));
        return callers;
    }

    private async Task<(int Status, TimeSpan Took)> Ask(ulong seed, int number, List<Caller> callers)
    {
        var dice = new PCG((uint)number, seed);
        var contract = Pick(dice, [WireContract.Api, WireContract.V1]);
        var operation = Pick(dice, contract.Operations);
        var caller = Pick(dice, callers);
        if (caller.Access.Length > 0 && EndSessions.Any(end => operation.Path.EndsWith(end, StringComparison.Ordinal)))
            caller = callers[^1];
        var request = new HttpRequestMessage(
            HttpMethod.Parse(operation.Method),
            PathOf(dice, operation) + QueryOf(dice, operation)
        );
        if (operation.Json.TryGetProperty("requestBody", out var body))
        {
            var schema = contract.Resolve(
                body.GetProperty("content").GetProperty("application/json").GetProperty("schema")
            );
            request.Content = BodyOf(dice, schema);
        }
        var since = Stopwatch.GetTimestamp();
        var reply = await caller.Send(request);
        return (reply.Status, Stopwatch.GetElapsedTime(since));
    }

    private string PathOf(PCG dice, WireContract.Operation operation) =>
        "/"
        + string.Join(
            '/',
            operation.Segments.Select(segment =>
                segment is not ['{', .. var name, '}'] ? segment
                : dice.Next(3) > 0 && school.Ids.TryGetValue(name, out var known) ? known
                : Uri.EscapeDataString(Pick(dice, OddSegments))
            )
        )
        + "/";

    private string QueryOf(PCG dice, WireContract.Operation operation)
    {
        if (!operation.Json.TryGetProperty("parameters", out var parameters))
            return "";
        var fields = parameters
            .EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == "query" && dice.Next(3) > 0)
            .Select(parameter =>
                $"{parameter.GetProperty("name").GetString()}={Uri.EscapeDataString(TextOf(dice, parameter.GetProperty("schema")))}"
            )
            .ToList();
        return fields.Count == 0 ? "" : "?" + string.Join('&', fields);
    }

    private HttpContent BodyOf(PCG dice, JsonElement schema)
    {
        var properties = schema.GetProperty("properties").EnumerateObject().ToList();
        var sent = properties.Where(_ => dice.Next(8) > 0).ToList();
        if (sent.Count > 0 && dice.Next(10) == 0)
            sent.Add(Pick(dice, sent));
        switch (dice.Next(12))
        {
            case 0:
                return new StringContent(Pick(dice, Odd), Encoding.UTF8, "application/json");
            case 1:
                return new StringContent("{\"a\":", Encoding.UTF8, Pick(dice, ["application/json", "text/plain"]));
            case 2:
                return new FormUrlEncodedContent(
                    sent.Select(one => KeyValuePair.Create(one.Name, TextOf(dice, one.Value)))
                );
            case 3:
                var form = new MultipartFormDataContent();
                foreach (var one in sent)
                    if (IsFile(one.Value))
                        form.Add(
                            new ByteArrayContent(Encoding.UTF8.GetBytes(TextOf(dice, one.Value))),
                            one.Name,
                            "odd name.png"
                        );
                    else
                        form.Add(new StringContent(TextOf(dice, one.Value)), one.Name);
                return form;
            default:
                var json = new StringBuilder("{");
                foreach (var one in sent)
                    json.Append(json.Length > 1 ? "," : "")
                        .Append(CultureInfo.InvariantCulture, $"\"{one.Name}\":{ValueOf(dice, one.Value)}");
                return new StringContent(json.Append('}').ToString(), Encoding.UTF8, "application/json");
        }
    }

    private static bool IsFile(JsonElement schema) =>
        schema.TryGetProperty("format", out var format) && format.GetString() == "binary";

    /// <summary>A value for a form or an address.</summary>
    private string TextOf(PCG dice, JsonElement schema)
    {
        var value = ValueOf(dice, schema);
        try
        {
            return JsonElement.Parse(value) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : value;
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            return "\ufffd";
        }
        catch (JsonException)
        {
            // Deeper than we read ourselves.
            return value;
        }
    }

    /// <summary>A value as JSON: more often than not one that the field takes.</summary>
    private string ValueOf(PCG dice, JsonElement schema)
    {
        if (dice.Next(5) < 2)
            return Pick(dice, Odd);
        if (schema.TryGetProperty("enum", out var values))
            return Pick(dice, [.. values.EnumerateArray()]).GetRawText();
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "uuid")
            return $"\"{Pick(dice, [.. school.Ids.Values])}\"";
        if (schema.TryGetProperty("items", out var items))
            return items.TryGetProperty("properties", out var fields)
                ? "[{"
                    + string.Join(
                        ',',
                        fields.EnumerateObject().Select(field => $"\"{field.Name}\":{ValueOf(dice, field.Value)}")
                    )
                    + "}]"
                : $"[{ValueOf(dice, items)},{ValueOf(dice, items)}]";
        if (schema.TryGetProperty("examples", out var examples))
            return examples[0].GetRawText();
        return schema.GetProperty("type").GetRawText() switch
        {
            var type when type.Contains("boolean", StringComparison.Ordinal) => "true",
            var type when type.Contains("integer", StringComparison.Ordinal) => dice.Next(10)
                .ToString(CultureInfo.InvariantCulture),
            _ => $"\"{School.Unique("odd")}\"",
        };
    }

    private static T Pick<T>(PCG dice, IReadOnlyList<T> from) => from[(int)dice.Next((uint)from.Count)];
}
