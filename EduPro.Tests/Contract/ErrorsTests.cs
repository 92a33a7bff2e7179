using System.Reflection;
using EduPro.Api.Http;
using EduPro.Tests.Support;

namespace EduPro.Tests.Contract;

/// <summary>
/// <c>errors.tsv</c> lists every refusal of the API and every message of the API document, each with the test that
/// provokes it word by word, or with why nothing does. Those that no feature's test provokes, are provoked here.
/// </summary>
public sealed class ErrorsTests(ContractSchool school) : IClassFixture<ContractSchool>
{
    private static readonly IReadOnlyList<string[]> Rows = [.. Table.Read("errors.tsv")];

    [Fact]
    public void The_catalogue_has_every_refusal_of_the_API()
    {
        var listed = Rows.Select(row => (row[0], row[1], row[2])).ToHashSet();
        Assert.NotEmpty(ErrorResponses.Catalogue);
        Assert.All(
            ErrorResponses.Catalogue.Where(named => named.Key != "MalformedBody"),
            named => Assert.Contains(($"{named.Value.Status}", named.Value.Error, named.Value.Detail), listed)
        );
    }

    [Fact]
    public void Each_line_names_a_test_or_a_reason()
    {
        var tests = typeof(ErrorsTests)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            )
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .ToHashSet();
        Assert.NotEmpty(Rows);
        Assert.All(
            Rows,
            row =>
                Assert.True(tests.Contains(row[3]) || row[3].StartsWith("nothing:", StringComparison.Ordinal), row[3])
        );
    }

    [Theory]
    [InlineData("PUT", "course/category/update/x/", "Category not found", "No category found with the provided ID.")]
    [InlineData(
        "GET",
        "teacher/assessments/questions/x/",
        "Question not found",
        "The specified question does not exist."
    )]
    [InlineData("GET", "teacher/questions/options/x/", "Option not found", "The specified option does not exist.")]
    [InlineData("GET", "nowhere/", "Not found", "No route matches this address.")]
    public async Task What_is_not_there_is_named(string method, string path, string error, string detail)
    {
        var caller = path.StartsWith("course/category/", StringComparison.Ordinal) ? school.Admin : school.Owner;
        (await caller.Send(HttpMethod.Parse(method), path, method == "PUT" ? new { } : null)).ExpectProblem(
            404,
            error,
            detail
        );
    }

    [Fact]
    public async Task A_course_with_students_stays()
    {
        await school.Renew();
        (await school.Owner.Delete($"course/course-delete/{school.Ids["course_id"]}/")).ExpectProblem(
            400,
            "Cannot delete course",
            "Course has active enrollments and cannot be deleted."
        );
    }

    [Fact]
    public async Task Another_sites_page_may_not_use_the_cookies() =>
        (
            await school.Anybody.Send(
                HttpMethod.Post,
                "logout/",
                null,
                ("Cookie", "refresh_token=x"),
                ("Origin", "http://evil.example")
            )
        ).ExpectProblem(403, "Origin not allowed", "This origin may not send requests with cookies.");

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public async Task An_idempotency_key_has_a_length(int length) =>
        (
            await school.Owner.Send(
                HttpMethod.Post,
                "coupon/create/",
                new { },
                ("Idempotency-Key", new string('k', length))
            )
        ).ExpectProblem(400, "Invalid idempotency key", "The Idempotency-Key header takes 1 to 255 characters.");
}
