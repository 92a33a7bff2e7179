using System.Text.Json;

namespace EduPro.Tests.Support;

/// <summary>
/// The committed OpenAPI documents, and whether an answer keeps to them: every answer to every <see cref="Caller"/>
/// must. Undocumented statuses, fields and refusals fail the test that met them.
/// </summary>
internal sealed class WireContract
{
    public static readonly WireContract Api = new("edupro"),
        V1 = new("v1");

    private readonly JsonElement document;
    private readonly SchemaCheck check;

    private WireContract(string name)
    {
        using var stream = typeof(WireContract).Assembly.GetManifestResourceStream(name + ".json")!;
        document = JsonDocument.Parse(stream).RootElement;
        check = new SchemaCheck(document);
        Operations =
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject()
                        .Select(operation => new Operation(
                            operation.Name.ToUpperInvariant(),
                            path.Name,
                            Segments(path.Name),
                            operation.Value
                        ))
                ),
        ];
    }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>What a reference of the document stands for; else the element itself.</summary>
    public JsonElement Resolve(JsonElement element) => check.Resolve(element);

    /// <summary>Where the value differs from a schema of the document, and how.</summary>
    public IEnumerable<string> FaultsOf(JsonElement value, JsonElement schema) => check.Faults(value, schema);

    /// <summary>The document that describes the path, null for none.</summary>
    public static WireContract? Of(string path) =>
        path.StartsWith("/api/v1/", StringComparison.Ordinal) ? V1
        : path.StartsWith("/api/", StringComparison.Ordinal) ? Api
        : null;

    /// <summary>Fails the test unless the answer is one that the document describes.</summary>
    public void Hold(HttpMethod method, string path, Reply reply)
    {
        var faults = (
            method == HttpMethod.Head ? FaultsOfHead(path, reply)
            : method == HttpMethod.Options && reply.Status == 204 ? FaultsOfNoBody(reply)
            : Faults(method.Method, path, reply)
        ).ToList();
        Assert.True(
            faults.Count == 0,
            $"{reply.Request}: {reply.Status} is not as documented: {string.Join("; ", faults)}\n{reply.Text}"
        );
    }

    /// <summary>HEAD answers what GET would, without the body.</summary>
    private IEnumerable<string> FaultsOfHead(string path, Reply reply)
    {
        if (Find("GET", path) is { } operation)
        {
            if (!operation.Json.GetProperty("responses").TryGetProperty($"{reply.Status}", out var documented))
                return ["undocumented status"];
            if (
                Resolve(documented).TryGetProperty("content", out var contents)
                && !contents.TryGetProperty(TypeOf(reply), out _)
            )
                return [$"undocumented content type {TypeOf(reply)}"];
        }
        return FaultsOfNoBody(reply);
    }

    private static IEnumerable<string> FaultsOfNoBody(Reply reply) =>
        reply.Bytes.Length == 0 ? [] : ["a body where none is documented"];

    private IEnumerable<string> Faults(string method, string path, Reply reply)
    {
        if (Find(method, path) is not { } operation)
            return reply.Status is >= 400 and < 500
                ? check.Faults(
                    reply.Json,
                    Schema(
                        TypeOf(reply) == "application/problem+json" ? "Problem"
                        : reply.Status == 400 ? "FieldErrors"
                        : "Error"
                    )
                )
                : ["no such operation"];
        if (!operation.Json.GetProperty("responses").TryGetProperty($"{reply.Status}", out var documented))
            return ["undocumented status"];
        if (!Resolve(documented).TryGetProperty("content", out var contents))
            return FaultsOfNoBody(reply);
        var type = TypeOf(reply);
        if (!contents.TryGetProperty(type, out var content))
            return [$"undocumented content type {type}"];
        return check
            .Faults(reply.Json, content.GetProperty("schema"))
            .Concat(content.TryGetProperty("examples", out var examples) ? Words(reply, examples) : []);
    }

    /// <summary>A refusal must have the words of one that the operation documents.</summary>
    private IEnumerable<string> Words(Reply reply, JsonElement examples)
    {
        if (!reply.Json.TryGetProperty("detail", out var detail) || detail.ValueKind is not JsonValueKind.String)
            return [];
        var known = examples.EnumerateObject().Select(named => Resolve(named.Value).GetProperty("value")).ToList();
        // Where a body broke, is told in other words each time.
        return known.Any(example =>
            JsonElement.DeepEquals(example, reply.Json)
            || (
                example.TryGetProperty("error", out var error)
                && error.GetString() == "Invalid request"
                && reply["error"].GetString() == "Invalid request"
            )
        )
            ? []
            : ["undocumented refusal"];
    }

    private static string TypeOf(Reply reply) => reply.Header("Content-Type")?.Split(';')[0] ?? "none";

    private JsonElement Schema(string name) =>
        document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private Operation? Find(string method, string path)
    {
        var segments = Segments(path);
        return Operations
            .Where(operation => operation.Method == method && operation.Matches(segments))
            .MinBy(operation => operation.Segments.Count(segment => segment.StartsWith('{')));
    }

    private static string[] Segments(string path) => path.Trim('/').Split('/');

    /// <summary>One operation of the document.</summary>
    internal sealed record Operation(string Method, string Path, string[] Segments, JsonElement Json)
    {
        public override string ToString() => $"{Method} {Path}";

        public bool Matches(string[] path) =>
            path.Length == Segments.Length
            && Segments
                .Zip(path)
                .All(pair =>
                    pair.First.StartsWith('{')
                        ? pair.Second.Length > 0
                        : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase)
                );
    }
}
