using System.Runtime.CompilerServices;
using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Contract;

/// <summary>The committed OpenAPI documents are what the API sends.</summary>
/// <remarks>
/// To write them anew after a change that is meant:
/// <c>EDUPRO_WRITE_OPENAPI=1 dotnet run --project EduPro.Tests -- --filter-class "*OpenApiTests"</c>, then look at the
/// difference and commit it. <c>docs/openapi/lint/lint.sh</c> lints them.
/// </remarks>
public sealed class OpenApiTests(Stack stack)
{
    [Theory]
    [InlineData("edupro")]
    [InlineData("v1")]
    public async Task The_committed_document_is_that_of_the_API(string name)
    {
        var ct = TestContext.Current.CancellationToken;
        var file = Path.Combine(Folder(), name + ".json");
        var now = await ComposedApi.OpenApi(name);
        if (Environment.GetEnvironmentVariable("EDUPRO_WRITE_OPENAPI") is "1")
            await File.WriteAllTextAsync(file, now, ct);
        Assert.Equal(await File.ReadAllTextAsync(file, ct), now);
    }

    [Theory]
    [InlineData("edupro", "/api/")]
    [InlineData("v1", "/api/v1/")]
    public async Task The_running_API_sends_it(string name, string prefix)
    {
        using var anybody = stack.Stranger();
        var sent = (await anybody.Get($"/openapi/{name}.json")).Expect(200).Json;
        Assert.NotNull((await anybody.Get($"/openapi/{name}.json?x=1")).Expect(200).Header("Age"));
        Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(await ComposedApi.OpenApi(name)), sent),
            "The running API sends another document."
        );
        Assert.StartsWith("3.1.", sent.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = sent.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(path.StartsWith(prefix, StringComparison.Ordinal) && path.EndsWith('/')));
    }

    [Theory]
    [InlineData("/api/")]
    [InlineData("/api/v1/")]
    public void Each_operation_shows_a_whole_request_and_a_whole_answer_that_fit_their_schemas(string prefix)
    {
        var contract = WireContract.Of(prefix)!;
        Assert.NotEmpty(contract.Operations);
        foreach (var operation in contract.Operations)
        {
            var contents = operation
                .Json.GetProperty("responses")
                .EnumerateObject()
                .Where(response => response.Name.StartsWith('2'))
                .Select(response => response.Value.GetProperty("content"))
                .ToList();
            Assert.NotEmpty(contents);
            if (operation.Json.TryGetProperty("requestBody", out var body))
                contents.Add(body.GetProperty("content"));
            foreach (var content in contents.Select(content => content.GetProperty("application/json")))
            {
                var faults = contract.FaultsOf(content.GetProperty("example"), content.GetProperty("schema")).ToList();
                Assert.True(faults.Count == 0, $"{operation}: {string.Join("; ", faults)}");
            }
        }
    }

    [Fact]
    public async Task The_reference_page_offers_both_documents()
    {
        using var anybody = stack.Stranger();
        var page = (await anybody.Get("/docs/")).Expect(200).Text;
        Assert.Contains("openapi/edupro.json", page, StringComparison.Ordinal);
        Assert.Contains("openapi/v1.json", page, StringComparison.Ordinal);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/openapi"));
}
