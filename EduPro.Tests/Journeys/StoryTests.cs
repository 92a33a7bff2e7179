using System.Globalization;
using System.Text.RegularExpressions;
using EduPro.Tests.Contract;
using EduPro.Tests.Support;

namespace EduPro.Tests.Journeys;

/// <summary>The demo school, and <c>requests/school.http</c>, sent from top to bottom as an editor sends it.</summary>
public sealed partial class StoryTests(Stack stack, StoryTests.Demo demo) : IClassFixture<StoryTests.Demo>
{
    private static readonly string Story = File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "requests", "school.http")
    );

    [Fact]
    public async Task The_demo_school_opens_once_and_its_accounts_log_in()
    {
        Assert.True(demo.ExitCode == 0, demo.Output);
        Assert.Contains("To log in as teacher: maryam, password: Sesame-open-9", demo.Output);
        var (exitCode, output) = await demo.Open();
        Assert.True(exitCode == 0, output);
        Assert.Contains("open already", output);

        using var stranger = stack.Stranger();
        var courses = (await stranger.Get("course/teacher-list/khwarizmi/")).Expect(200);
        Assert.Equal(3, courses.Json.GetArrayLength());
        var picture = (await stranger.Get(new Uri(courses["0.thumbnail"].GetString()!).AbsolutePath)).Expect(200);
        Assert.StartsWith("image/", picture.Header("Content-Type"), StringComparison.Ordinal);
        using var teacher = stack.Stranger();
        await teacher.LogIn("teacher/login/", "khwarizmi", "Sesame-open-9");
        Assert.Equal(8, (await teacher.Get("teacher/get_students/")).Expect(200)["count"].GetInt32());
        Assert.NotEqual("0.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        Assert.NotEqual(0, (await teacher.Get("teacher/grading/pending/")).Expect(200).Json.GetArrayLength());
        using var student = stack.Stranger();
        await student.LogIn("student/login/maryam/", "student1", "Sesame-open-9");
        var enrolments = (await student.Get("course/course-enrollment-list/maryam/")).Expect(200);
        Assert.NotEqual(0, enrolments.Json.GetArrayLength());
    }

    [Fact]
    public async Task The_story_can_be_told()
    {
        using var reader = stack.Stranger();
        var variables = Variable().Matches(Story).ToDictionary(v => v.Groups[1].Value, v => v.Groups[2].Value);
        variables["api"] = "/api";
        variables["$timestamp"] = TimeProvider
            .System.GetUtcNow()
            .ToUnixTimeSeconds()
            .ToString(CultureInfo.InvariantCulture);
        var answers = new Dictionary<string, Reply>();

        foreach (var request in Requests())
        {
            if (request.Path.Contains("password-reset/verify", StringComparison.Ordinal))
                variables["otp"] = await stack.OtpFor(Fill("{{newTeacher.response.body.$.user.email}}"));
            var reply = await reader.Send(
                new HttpMethod(request.Method),
                Fill(request.Path),
                request.Body.Length == 0 ? null : new StringContent(Fill(request.Body), null, "application/json"),
                [.. request.Authorization.Select(value => ("Authorization", Fill(value)))]
            );
            Assert.True(
                reply.Status is >= 200 and < 300,
                $"{request.Title}\n{reply.Request}: {reply.Status}\n{reply.Text}"
            );
            if (request.Name is not null)
                answers[request.Name] = reply;
        }

        string Fill(string text) => Placeholder().Replace(text, match => Value(match.Groups[1].Value));

        string Value(string name) =>
            name.Split(".response.body.$") is [var request, var path]
                ? answers[request]
                    [
                        path.Replace("[", ".", StringComparison.Ordinal)
                            .Replace("]", "", StringComparison.Ordinal)
                            .TrimStart('.')
                    ]
                    .ToString()
                : Fill(variables[name]);
    }

    [Fact]
    public void The_story_has_every_operation()
    {
        var told = Requests().Select(request => $"{request.Method} {Pattern(request.Path)}").ToHashSet();
        Assert.All(RoutesTests.Operations(), operation => Assert.Contains(operation.Data.Item1, told));

        static string Pattern(string path) =>
            Placeholder()
                .Replace(path.Replace("{{api}}", "/api", StringComparison.Ordinal), "*")
                .Split('?')[0]
                .TrimEnd('/');
    }

    private static IEnumerable<Request> Requests()
    {
        foreach (var block in Story.ReplaceLineEndings("\n").Split("\n### ").Skip(1))
        {
            var lines = block.Split('\n');
            var name = lines.FirstOrDefault(line => line.StartsWith("# @name ", StringComparison.Ordinal));
            var head = lines.Skip(1).Where(line => !line.StartsWith('#')).TakeWhile(line => line.Length > 0).ToList();
            var body = lines.SkipWhile(line => line.Length > 0).Where(line => !line.StartsWith('#'));
            var (method, path) = head[0].Split(' ', 2) is [var verb, var target] ? (verb, target) : ("", "");
            yield return new(
                lines[0],
                name?.Split(' ')[^1],
                method,
                path,
                [.. head.Where(IsAuthorization).Select(line => line["Authorization: ".Length..])],
                string.Join('\n', body).Trim()
            );
        }

        static bool IsAuthorization(string line) => line.StartsWith("Authorization: ", StringComparison.Ordinal);
    }

    private sealed record Request(
        string Title,
        string? Name,
        string Method,
        string Path,
        string[] Authorization,
        string Body
    );

    [GeneratedRegex(@"^@(\w+) = (.*)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{(.+?)\}\}")]
    private static partial Regex Placeholder();

    /// <summary>The demo school, opened once.</summary>
    public sealed class Demo(Stack stack) : IAsyncLifetime
    {
        public int ExitCode { get; private set; } = -1;
        public string Output { get; private set; } = "";

        public async ValueTask InitializeAsync() => (ExitCode, Output) = await Open();

        public async Task<(int ExitCode, string Output)> Open()
        {
            using var stranger = stack.Stranger();
            await using var demo = ServiceProcess.Start(
                ServiceProcess.Demo,
                new Dictionary<string, string?>
                {
                    ["services:api:http:0"] = stranger.Address.GetLeftPart(UriPartial.Authority),
                    ["Admin:Username"] = Stack.AdminUsername,
                    ["Admin:Password"] = Stack.AdminPassword,
                }
            );
            return (await demo.Ended(), demo.Output);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
