using System.Globalization;
using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Contract;

/// <summary>
/// Each operation of the contract answers its success, with each documented key of the documented type, under both
/// prefixes, with the slash and without. The shapes in <c>responses.json</c> are those of the API document.
/// </summary>
public sealed class OperationsTests(ContractSchool school) : IClassFixture<ContractSchool>
{
    private static readonly JsonElement Shapes = Read();

    /// <summary>Where the web client in use wants another shape under <c>/api/v1/</c>.</summary>
    private static readonly HashSet<string> OtherwiseInV1 =
    [
        "GET /api/course/course-enrollment-list/<teacher_username>/",
        "GET /api/coupon/list/",
        "GET /api/coupon/used-coupons/",
        "GET /api/student/attempts/<attempt_id>/result/",
    ];

    /// <summary>Documented without "or null", though there are times when there is none.</summary>
    private static readonly HashSet<string> SometimesNull = ["last_login", "last_activity"];

    [Theory]
    [MemberData(nameof(Operation.Names), MemberType = typeof(Operation))]
    public async Task Each_operation_succeeds_as_documented(string name)
    {
        var operation = Operation.Of(name);
        var reads = operation.Method == "GET";
        await school.Renew();
        if (reads)
            await school.FillLists();
        foreach (var prefix in new[] { "/api/", "/api/v1/" })
        foreach (var slash in new[] { true, false })
        {
            if (!reads)
                await school.Renew();
            var call = await school.CallOf(name);
            var path = slash ? call.Path : call.Path.Replace("/?", "?", StringComparison.Ordinal).TrimEnd('/');
            var caller = school.CallerOf(operation);
            var reply = (await caller.Send(HttpMethod.Parse(operation.Method), prefix + path, call.Body)).Expect(
                operation.Success
            );
            if (prefix == "/api/" || !OtherwiseInV1.Contains(name))
                Assert.Empty(Faults(reply.Json, Shapes.GetProperty(name), "$"));
        }
    }

    [Fact]
    public void Each_operation_has_a_documented_response() =>
        Assert.Equal(
            Operation.All.Select(operation => operation.Name).Order(StringComparer.Ordinal),
            Shapes.EnumerateObject().Select(shape => shape.Name).Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> Faults(JsonElement value, JsonElement shape, string at) =>
        shape.ValueKind switch
        {
            JsonValueKind.Object => shape
                .EnumerateObject()
                .SelectMany(key =>
                    value.ValueKind is JsonValueKind.Object && value.TryGetProperty(key.Name, out var child)
                        ? child.ValueKind is JsonValueKind.Null && SometimesNull.Contains(key.Name)
                            ? []
                            : Faults(child, key.Value, $"{at}.{key.Name}")
                        : [$"{at}.{key.Name} is missing"]
                ),
            JsonValueKind.Array => value.ValueKind is JsonValueKind.Array && value.GetArrayLength() > 0
                ? value.EnumerateArray().SelectMany((item, i) => Faults(item, shape[0], $"{at}[{i}]"))
                : [$"{at} is no list with items"],
            _ => Is(value, shape.GetString()!) ? [] : [$"{at} is no {shape}: {value.GetRawText()}"],
        };

    private static bool Is(JsonElement value, string type) =>
        type.EndsWith(" or null", StringComparison.Ordinal)
            ? value.ValueKind is JsonValueKind.Null || Is(value, type[..^" or null".Length])
            : type switch
            {
                "string" => value.ValueKind is JsonValueKind.String,
                "string or array" => value.ValueKind is JsonValueKind.String or JsonValueKind.Array,
                "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "object" => value.ValueKind is JsonValueKind.Object,
                "uuid" => value.TryGetGuid(out _),
                "[uuid]" => value.ValueKind is JsonValueKind.Array
                    && value.EnumerateArray().All(id => id.TryGetGuid(out _)),
                "decimal" => value.ValueKind is JsonValueKind.String
                    && decimal.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var amount)
                    && value.GetString() == amount.ToString("F2", CultureInfo.InvariantCulture),
                "datetime" => value.ValueKind is JsonValueKind.String && value.TryGetDateTimeOffset(out _),
                "date" => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", out _),
                "url" => Uri.TryCreate(value.GetString(), UriKind.Absolute, out _),
                ['=', .. var words] => value.ValueEquals(words),
                _ => throw new NotSupportedException(type),
            };

    private static JsonElement Read()
    {
        using var stream = typeof(OperationsTests).Assembly.GetManifestResourceStream("responses.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
