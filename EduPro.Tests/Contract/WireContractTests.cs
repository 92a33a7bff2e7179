using System.Text;
using EduPro.Tests.Support;
using Xunit.Sdk;

namespace EduPro.Tests.Contract;

/// <summary>That <see cref="WireContract"/>, which looks at every answer of the other tests, would see what is wrong.</summary>
public sealed class WireContractTests
{
    private const string Category =
        """[{"id":"019aafd2-7f3a-7c21-b1f6-0d6f6a2f4c11","name":"Mathematics","description":null}]""";

    [Fact]
    public void It_lets_pass_what_is_documented()
    {
        Hold(200, Category);
        Hold(429, """{"error":"Rate limit exceeded","detail":"Too many requests. Please try again later."}""");
    }

    [Theory]
    [InlineData(
        200,
        """[{"id":"019aafd2-7f3a-7c21-b1f6-0d6f6a2f4c11","name":"Mathematics"}]""",
        "description is missing"
    )]
    [InlineData(200, """{"count":0}""", "is no")]
    [InlineData(201, "[]", "undocumented status")]
    [InlineData(403, """{"error":"Not now","detail":"Please."}""", "undocumented status")]
    [InlineData(429, """{"error":"Rate limit exceeded","detail":"Slowly."}""", "undocumented refusal")]
    [InlineData(429, """{"error":"Rate limit exceeded"}""", "detail is missing")]
    public void It_refuses_what_is_not(int status, string body, string fault) =>
        Assert.Contains(
            fault,
            Assert.ThrowsAny<XunitException>(() => Hold(status, body)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("\"name\":\"Mathematics\"", "\"name\":\"Mathematics\",\"colour\":\"blue\"", "colour is undocumented")]
    [InlineData("\"Mathematics\"", "5", "name is no")]
    [InlineData("019aafd2-7f3a-7c21-b1f6-0d6f6a2f4c11", "five", "id is no uuid")]
    public void It_refuses_other_fields_types_and_formats(string right, string wrong, string fault) =>
        Assert.Contains(
            fault,
            Assert
                .ThrowsAny<XunitException>(() => Hold(200, Category.Replace(right, wrong, StringComparison.Ordinal)))
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("HEAD", 200, "", null)]
    [InlineData("HEAD", 200, Category, "a body where none is documented")]
    [InlineData("HEAD", 201, "", "undocumented status")]
    [InlineData("OPTIONS", 204, "", null)]
    [InlineData("OPTIONS", 204, "{}", "a body where none is documented")]
    [InlineData("OPTIONS", 405, "{}", "error is missing")]
    public void It_looks_at_answers_without_a_body_too(string method, int status, string body, string? fault)
    {
        var failure = Record.Exception(() => Hold(status, body, method));
        if (fault is null)
            Assert.Null(failure);
        else
            Assert.Contains(fault, failure?.Message, StringComparison.Ordinal);
    }

    private static void Hold(int status, string body, string method = "GET") =>
        WireContract.Api.Hold(
            HttpMethod.Parse(method),
            "/api/course/category/list/",
            new Reply(
                "GET categories",
                status,
                new Dictionary<string, string> { ["Content-Type"] = "application/json; charset=utf-8" },
                Encoding.UTF8.GetBytes(body)
            )
        );
}
