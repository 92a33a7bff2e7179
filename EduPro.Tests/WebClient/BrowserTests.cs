using System.Diagnostics;
using EduPro.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace EduPro.Tests.WebClient;

/// <summary>A page of another origin in a real browser, which alone decides what CORS and cookies come to.</summary>
public sealed class BrowserTests(Stack stack)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_page_from_localhost_5173_works_as_a_front_end_does()
    {
        var chromium = Find("chromium", "chromium-browser", "google-chrome", "chrome");
        Assert.SkipWhen(chromium is null, "There is no Chromium on PATH.");
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var category = await stack.Category();
        using var browser = stack.Browser(WebClientSchool.Origin);
        var asked = new Dictionary<string, string?>
        {
            ["api"] = browser.Address.GetLeftPart(UriPartial.Authority),
            ["teacher"] = teacher.Email,
            ["username"] = teacher.Username,
            ["student"] = student.Email,
            ["password"] = teacher.Password,
            ["category"] = $"{category}",
        };

        var steps = await Walk(chromium!, QueryHelpers.AddQueryString(WebClientSchool.Origin + "/", asked));

        Assert.Equal(
            """
            profile of nobody: 401
            login with a wrong password: 404
            login: 200
            cookies that a script can read: none
            profile: 200
            refresh without a body: 200
            profile with a picture: 200
            course with a picture: 201
            its picture: shown
            course published: 200
            course with a wrong field: 400
            empty form: 200
            assessment: 201
            assessment edited as JSON: 200
            assessment deleted: 200
            logout: 200
            refresh after logout: 400
            profile after logout: 401
            student's login: 200
            free enrolment: 201
            student's courses: 200
            student's logout: 200
            password reset at another host name, without cookies: 200
            """,
            steps
        );
    }

    /// <summary>Opens the page and answers what it reports.</summary>
    private static async Task<string> Walk(string chromium, string url)
    {
        var ct = TestContext.Current.CancellationToken;
        var report = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var site = builder.Build();
        site.Urls.Add(WebClientSchool.Origin);
        site.MapGet(
            "/",
            () => Results.File(Path.Combine(AppContext.BaseDirectory, "WebClient", "page.html"), "text/html")
        );
        site.MapPost(
            "/report",
            async (HttpRequest request) => report.TrySetResult(await new StreamReader(request.Body).ReadToEndAsync(ct))
        );
        await site.StartAsync(ct);
        var profile = Directory.CreateTempSubdirectory("edupro-browser-");
        using var process = Orphans.Watch(
            Process.Start(
                new ProcessStartInfo(
                    chromium,
                    [
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        $"--user-data-dir={profile.FullName}",
                        url,
                    ]
                )
                {
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            )!
        );
        try
        {
            return await report.Task.WaitAsync(Patience, ct);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            Orphans.Ended(process);
            profile.Delete(recursive: true);
        }
    }

    private static string? Find(params string[] names) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
