using System.Diagnostics;
using System.Globalization;
using EduPro.Tests.Support;

namespace EduPro.Tests.Catalogue;

public sealed class CachingTests(Stack stack)
{
    [Fact]
    public async Task Public_reads_have_a_tag_that_changes_with_what_they_show()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        using var elsewhere = stack.Stranger(replica: 2);
        var course = await teacher.Course(title: "Before");
        var module = await teacher.Module(course);
        string[] paths =
        [
            $"course/course-detail/{course}/",
            $"course/teacher-list/{teacher.Username}/",
            $"course/course-search-filter/?teacher={teacher.Username}",
            $"courses/{course}/modules/",
            $"modules/{module}/",
            $"courses/{course}/list-ratings/",
            $"teacher/teacher-profile/{teacher.Username}/",
        ];
        foreach (var path in paths)
        {
            var first = (await stranger.Get(path)).Expect(200);
            var tag = first.Header("ETag")!;
            Assert.Equal(["no-cache", "public"], first.Header("Cache-Control")!.Split(", ").Order());
            var same = (
                await stranger.Send(HttpMethod.Get, path, null, ("If-None-Match", $"\"other\", W/{tag}"))
            ).Expect(304);
            Assert.Equal((tag, 0), (same.Header("ETag"), same.Bytes.Length));
            (await stranger.Send(HttpMethod.Get, path, null, ("If-None-Match", "\"other\""))).Expect(200);
            var head = (await stranger.Send(HttpMethod.Head, path)).Expect(200);
            Assert.Equal((tag, first.Header("Content-Length")), (head.Header("ETag"), head.Header("Content-Length")));
        }
        foreach (var path in (string[])["course/list/", "course/category/list/"])
            Assert.NotNull((await stranger.Get(path)).Expect(200).Header("ETag"));

        var before = (await stranger.Get(paths[0])).Expect(200);
        Assert.NotNull(before.Header("Last-Modified"));
        (await teacher.Patch($"course/update/{course}/", new { title = "After" })).Expect(200);
        foreach (var path in paths[..3])
            (await elsewhere.Send(HttpMethod.Get, path, null, ("If-None-Match", before.Header("ETag")!))).Expect(200);
        Assert.Equal(
            "After",
            (await stranger.Send(HttpMethod.Get, paths[0], null, ("If-None-Match", before.Header("ETag")!)))
                .Expect(200)["title"]
                .GetString()
        );
    }

    [Fact]
    public async Task A_change_shows_to_its_writer_at_once_and_to_strangers_of_another_replica_within_five_seconds()
    {
        await using var quiet = await ServiceProcess.Api(stack, ("RateLimits:Factor", "100000"));
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(title: "First");
        var path = $"course/course-detail/{course}/";
        using var stranger = quiet.Stranger(stack);
        using var writer = quiet.Stranger(stack);
        writer.Access = teacher.Access;
        var tag = (await stranger.Get(path)).Expect(200).Header("ETag")!;
        // Kept is what was asked for before, unless it took longer to make than it may be kept, as in a new process.
        var shared = (await stranger.Get(path)).Expect(200);
        await Patience.Until(async () => (shared = (await stranger.Get(path)).Expect(200)).Header("Age") is not null);
        Assert.Equal(tag, shared.Header("ETag"));
        (await stranger.Send(HttpMethod.Get, path, null, ("If-None-Match", tag))).Expect(304);
        (await stranger.Send(HttpMethod.Get, path, null, ("If-Modified-Since", shared.Header("Date")!))).Expect(200);

        (await teacher.Patch($"course/update/{course}/", new { title = "Second" })).Expect(200);
        var changed = Stopwatch.GetTimestamp();
        Assert.Equal("Second", await Title(writer));
        Assert.Equal("Second", await Title(stack.Stranger()));
        while (await Title(stranger) != "Second")
            Assert.True(Stopwatch.GetElapsedTime(changed) < TimeSpan.FromSeconds(5), "Still the first title.");

        (await writer.Patch($"course/update/{course}/", new { title = "Third" })).Expect(200);
        Assert.Equal("Third", await Title(stranger));

        async Task<string?> Title(Caller caller) => (await caller.Get(path)).Expect(200)["title"].GetString();
    }

    [Fact]
    public async Task What_is_kept_counts_against_the_limit_and_differs_from_the_first_answer_only_by_its_age()
    {
        const int permits = 200;
        await using var quiet = await ServiceProcess.Api(
            stack,
            ("RateLimits:Factor", "1"),
            ("RateLimits:Client:Permits", $"{permits}"),
            ("RateLimits:Client:Window", "00:10:00")
        );
        using var teacher = await stack.Teacher();
        using var stranger = quiet.Stranger(stack);
        const string page = "http://localhost:5173";
        var path = $"teacher/teacher-profile/{teacher.Username}/";
        Task<Reply> Ask(params (string, string)[] headers) =>
            stranger.Send(HttpMethod.Get, path, null, [("Origin", page), .. headers]);

        var first = (await Ask()).Expect(200);
        var kept = first;
        await Patience.Until(async () => (kept = (await Ask()).Expect(200)).Header("Age") is not null);
        Assert.Equal(page, kept.Header("Access-Control-Allow-Origin"));
        Assert.Equal(first.Text, kept.Text);
        Assert.Equal(Lasting(first), Lasting(kept));
        // Who may be known is looked at first.
        (await Ask(("Authorization", "Bearer nonsense"))).Expect(401);
        (await Ask(("X-Long", new string('x', 40_000)))).Expect(431);

        var left = int.Parse(kept.Header("X-RateLimit-Remaining")!, CultureInfo.InvariantCulture);
        Assert.InRange(left, 0, permits - 3);
        var last = kept;
        for (var i = 0; i < permits && last.Status == 200; i++)
            last = await Ask();
        Assert.Equal("0", last.Expect(429).Header("X-RateLimit-Remaining"));

        static IEnumerable<KeyValuePair<string, string>> Lasting(Reply reply) =>
            reply
                .Headers.Where(header =>
                    !header.Key.StartsWith("X-R", StringComparison.Ordinal) && header.Key is not ("Age" or "Date")
                )
                .OrderBy(header => header.Key);
    }

    [Fact]
    public async Task The_dialects_and_hosts_have_tags_of_their_own()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        await teacher.Module(course);
        var documented = (await teacher.Get($"/api/courses/{course}/modules/")).Expect(200);
        using var stranger = stack.Stranger();
        var ours = (await stranger.Get($"/api/courses/{course}/modules/")).Expect(200).Header("ETag");
        var theirs = (await stranger.Get($"/api/v1/courses/{course}/modules/")).Expect(200).Header("ETag");
        Assert.NotEqual(ours, theirs);
        Assert.Null(documented.Header("ETag"));
    }

    [Fact]
    public async Task What_depends_on_the_caller_is_kept_nowhere()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(published: false);
        var module = await teacher.Module(course);
        var lesson = await teacher.Lesson(module);
        foreach (
            var path in (string[])
                [
                    $"course/course-detail/{course}/",
                    $"courses/{course}/modules/",
                    $"modules/{module}/",
                    $"modules/{module}/lessons/",
                    $"lessons/{lesson}/",
                    "course/list-by-teacher/",
                    $"course/private-deatils/{course}/",
                ]
        )
        {
            var reply = (await teacher.Get(path)).Expect(200);
            Assert.Equal(["no-store", "private"], reply.Header("Cache-Control")!.Split(", ").Order());
            Assert.Null(reply.Header("ETag"));
        }
    }
}
