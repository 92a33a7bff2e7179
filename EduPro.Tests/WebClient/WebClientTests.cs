using System.Reflection;
using EduPro.Tests.Support;

namespace EduPro.Tests.WebClient;

/// <summary>
/// The web client in use, call by call as it was measured: what it sends is accepted, what it reads is there. Its
/// pages know cookies only and live under <c>/api/v1/</c>.
/// </summary>
public sealed partial class WebClientTests(WebClientSchool school) : IClassFixture<WebClientSchool>
{
    private const string V1 = "/api/v1/";

    [Fact]
    public void Every_row_has_its_test()
    {
        var rows = typeof(WebClientTests)
            .GetMethods()
            .Select(method => method.GetCustomAttribute<RowAttribute>()?.Number)
            .OfType<int>();
        Assert.Equal(Enumerable.Range(1, RowAttribute.Last), rows.Order());
    }

    [Theory]
    [InlineData("POST", "teacher/login/", "content-type")]
    [InlineData("PUT", "teacher/update-profile/", "")]
    [InlineData("PATCH", "lessons/0192e3c1-0000-7000-8000-000000000000/status/", "content-type")]
    [InlineData("DELETE", "lessons/0192e3c1-0000-7000-8000-000000000000/delete/", "")]
    public async Task A_preflight_without_cookies_is_granted(string method, string path, string headers)
    {
        using var browser = school.Browser();
        var granted = (
            await browser.Send(
                HttpMethod.Options,
                V1 + path,
                null,
                ("Access-Control-Request-Method", method),
                ("Access-Control-Request-Headers", headers)
            )
        ).Expect(204);
        Assert.Equal(WebClientSchool.Origin, granted.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", granted.Header("Access-Control-Allow-Credentials"));
        Assert.Contains(method, granted.Header("Access-Control-Allow-Methods"));
        if (headers.Length > 0)
            Assert.Contains(headers, granted.Header("Access-Control-Allow-Headers")!.ToLowerInvariant());
    }

    [Theory]
    [InlineData("teacher/teacher-profile/", 401)]
    [InlineData("course/course-detail/null", 404)]
    [InlineData("no/such/route/", 404)]
    public async Task Errors_can_be_read_by_the_page(string path, int status)
    {
        using var browser = school.Browser();
        var refused = (await browser.Get(V1 + path)).Expect(status);
        Assert.Equal(WebClientSchool.Origin, refused.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", refused.Header("Access-Control-Allow-Credentials"));
    }
}
