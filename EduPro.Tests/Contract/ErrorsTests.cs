using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EduPro.Api.Http;
using EduPro.Tests.Support;

namespace EduPro.Tests.Contract;

/// <summary>
/// The error catalogue: <c>errors.txt</c> has for each error a request that provokes it and the whole answer;
/// <c>errors.tsv</c> names the test that provokes what one request cannot, or why nothing does.
/// </summary>
public sealed partial class ErrorsTests(Situations situations) : IClassFixture<Situations>
{
    private const string ProblemJson = "application/problem+json";
    private static readonly IReadOnlyList<string[]> Elsewhere = [.. Table.Read("errors.tsv")];
    private static readonly IReadOnlyDictionary<string, Refused> Provoked = Refused.ReadAll();

    public static IEnumerable<TheoryDataRow<string>> Names() =>
        Provoked.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_error_is_answered_word_by_word(string name)
    {
        var error = Provoked[name];
        var path = await situations.Fill(error.Path);
        foreach (var v1 in new[] { false, true })
        {
            var (status, body) = error.Answers[v1 ? ^1 : 0];
            var reply = await Ask(v1 ? path.Replace("/api/", "/api/v1/", StringComparison.Ordinal) : path);
            reply.Expect(status);
            var expected = JsonElement.Parse(await situations.Fill(body));
            Assert.True(
                JsonElement.DeepEquals(expected, reply.Json),
                $"{reply.Request}\nexpected {expected.GetRawText()}\n     got {reply.Text}"
            );
        }
        await ExpectTheSameWords(await Ask(path, ("Accept", ProblemJson)), error.Answers[0]);

        async Task<Reply> Ask(string to, params (string, string)[] more)
        {
            var headers = new List<(string, string)>(more);
            foreach (var (header, value) in error.Headers)
                headers.Add((header, await situations.Fill(value)));
            return await situations
                .School.CallerOf(error.Caller)
                .Send(error.Method, to, await Content(error), [.. headers]);
        }
    }

    [Fact]
    public void The_catalogue_has_every_refusal_of_the_API()
    {
        var listed = Elsewhere.Select(row => (row[0], row[1], row[2])).ToHashSet();
        foreach (var (status, body) in Provoked.Values.SelectMany(error => error.Answers))
            if (JsonElement.Parse(body) is var json && json.TryGetProperty("detail", out var detail))
                listed.Add(($"{status}", json.GetProperty("error").GetString()!, detail.GetString()!));
        Assert.NotEmpty(ErrorResponses.Catalogue);
        Assert.All(
            ErrorResponses.Catalogue.Where(named => named.Key != "MalformedBody"),
            named => Assert.Contains(($"{named.Value.Status}", named.Value.Error, named.Value.Detail), listed)
        );
    }

    [Fact]
    public void What_is_provoked_elsewhere_names_a_test_or_a_reason()
    {
        var tests = typeof(ErrorsTests)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            )
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .ToHashSet();
        Assert.NotEmpty(Elsewhere);
        Assert.All(
            Elsewhere,
            row =>
                Assert.True(tests.Contains(row[3]) || row[3].StartsWith("nothing:", StringComparison.Ordinal), row[3])
        );
    }

    private async Task<HttpContent?> Content(Refused error)
    {
        if (error.Body.Length == 0)
            return null;
        var body = await situations.Fill(error.Body);
        if (error.ContentType != "multipart/form-data")
            return new StringContent(body, Encoding.UTF8, error.ContentType);
        var form = new MultipartFormDataContent();
        foreach (var field in JsonElement.Parse(body).EnumerateObject())
            if (field.Value.GetString() is ['@', .. var file])
                form.Add(new ByteArrayContent(Situations.File(file)), field.Name, file);
            else
                form.Add(new StringContent(field.Value.GetString()!), field.Name);
        return form;
    }

    private async Task ExpectTheSameWords(Reply problem, (int Status, string Body) answer)
    {
        problem.Expect(answer.Status);
        Assert.Equal(ProblemJson, problem.Header("Content-Type"));
        Assert.Equal(answer.Status, problem["status"].GetInt32());
        var expected = JsonElement.Parse(await situations.Fill(answer.Body));
        if (expected.TryGetProperty("detail", out var detail))
            Assert.Equal(
                (expected.GetProperty("error").GetString(), detail.GetString()),
                (problem["title"].GetString(), problem["detail"].GetString())
            );
        else
            Assert.True(JsonElement.DeepEquals(expected, problem.Json.GetProperty("errors")), problem.Text);
    }

    /// <summary>An error of <c>errors.txt</c>.</summary>
    /// <param name="Answers">Under <c>/api/</c> and, last, under <c>/api/v1/</c>.</param>
    private sealed partial record Refused(
        string Caller,
        HttpMethod Method,
        string Path,
        string Body,
        string ContentType,
        IReadOnlyList<(string Name, string Value)> Headers,
        IReadOnlyList<(int Status, string Body)> Answers
    )
    {
        public static Dictionary<string, Refused> ReadAll()
        {
            using var reader = new StreamReader(typeof(Refused).Assembly.GetManifestResourceStream("errors.txt")!);
            var all = new Dictionary<string, Refused>();
            var chapter = "";
            foreach (var block in reader.ReadToEnd().Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
                if (block.StartsWith("## ", StringComparison.Ordinal))
                    chapter = block[3..];
                else if (!block.StartsWith('#'))
                {
                    var lines = block.TrimEnd().Split('\n');
                    all.Add($"{chapter}: {lines[0]}", Read(lines));
                }
            return all;
        }

        private static Refused Read(string[] lines)
        {
            var request = Request().Match(lines[1]);
            var headers = lines
                .Where(line => line.StartsWith("  ", StringComparison.Ordinal))
                .Select(line => line.Trim().Split(": ", 2))
                .ToLookup(header => header[0] == "Content-Type", header => (header[0], header[1]));
            return new Refused(
                request.Groups["caller"].Value,
                HttpMethod.Parse(request.Groups["method"].Value),
                request.Groups["path"].Value,
                request.Groups["body"].Value,
                headers[true].Select(header => header.Item2).FirstOrDefault("application/json"),
                [.. headers[false]],
                [
                    .. lines
                        .Select(line => Answer().Match(line))
                        .Where(match => match.Success)
                        .Select(match =>
                            (
                                int.Parse(
                                    match.Groups["status"].Value,
                                    System.Globalization.CultureInfo.InvariantCulture
                                ),
                                match.Groups["body"].Value
                            )
                        ),
                ]
            );
        }

        [GeneratedRegex(@"^(?<caller>[a-z ]+) (?<method>[A-Z]+) (?<path>(\{[^}]*\}|\S)+)( (?<body>.*))?$")]
        private static partial Regex Request();

        [GeneratedRegex(@"^(/api/v1/ )?(?<status>\d{3}) (?<body>.*)$")]
        private static partial Regex Answer();
    }
}
