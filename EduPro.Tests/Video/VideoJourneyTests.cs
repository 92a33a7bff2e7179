using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EduPro.Media.VdoCipher;
using EduPro.Tests.Media;
using EduPro.Tests.Support;

namespace EduPro.Tests.Video;

/// <summary>A video's way through API, worker and emulator of the running stack, which others use too.</summary>
public sealed class VideoJourneyTests(Stack stack) : IDisposable
{
    private readonly EmulatorControls _emulator = new(stack.ClientOf("vdocipher"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_teacher_uploads_a_video_that_a_student_then_plays()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var module = await teacher.Module(course);
        var video = await Upload(teacher, [1, 2, 3, 4]);

        var made = (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new
                {
                    title = "Film",
                    description = "Moving.",
                    video_id = video,
                    is_free = true,
                }
            )
        ).Expect(201);
        Assert.Equal("queued", made["video_processing_status"].GetString());
        var lesson = made["id"].GetGuid();
        (await teacher.Patch($"lessons/{lesson}/update/", new { video_id = "another" })).ExpectFault(
            "video_id",
            "Video is still being processed. Please wait."
        );
        Assert.Null((await teacher.Get($"lessons/{lesson}/")).Expect(200)["otp"].GetString());
        // The hook comes five seconds after the upload, the first poll ten seconds after the lesson.
        await UntilReady(teacher, lesson);

        Assert.Equal(60, (await teacher.Get($"lessons/{lesson}/")).Expect(200)["duration"].GetInt32());
        Assert.Equal(60, (await teacher.Get($"courses/{course}/modules/")).Expect(200)["0.total_duration"].GetInt32());
        using var student = await stack.Student(teacher);
        var shown = (await student.Get($"lessons/{lesson}/")).Expect(200);
        Assert.NotEmpty(shown["otp"].GetString()!);
        Assert.NotEmpty(shown["playback_info"].GetString()!);
        Assert.Contains("no-store", shown.Header("Cache-Control"));
        var grant = (await _emulator.Inspect(video)).GetProperty("last_otp");
        Assert.Equal(300, grant.GetProperty("ttl").GetInt32());
        var marks = JsonElement.Parse(grant.GetProperty("annotate").GetString()!);
        Assert.Equal("Sara Haddad", marks[0].GetProperty("text").GetString());
        Assert.Matches("^[0-9a-f]{10}$", marks[1].GetProperty("text").GetString()!);
        var again = (await student.Get($"lessons/{lesson}/")).Expect(200);
        Assert.NotEqual(shown["otp"].GetString(), again["otp"].GetString());

        using var stranger = stack.Stranger();
        var outside = (await stranger.Get($"lessons/{lesson}/")).Expect(200);
        Assert.Null(outside["otp"].GetString());
        Assert.Null(outside["playback_info"].GetString());
        Assert.Null(outside["video_id"].GetString());
        Assert.Equal("ready", outside["video_processing_status"].GetString());
    }

    [Fact]
    public async Task Playing_is_limited_for_each_user_and_lesson()
    {
        using var teacher = await stack.Teacher();
        var module = await teacher.Module(await teacher.Course());
        var video = await Upload(teacher, [1]);
        await _emulator.Change(video, new { now = true });
        var lesson = await Lesson(teacher, module, video);
        var other = await Lesson(teacher, module, video);
        await UntilReady(teacher, lesson);

        // Ten a minute, ten times as many in Development; a window may end in between.
        var replies = new List<Reply>();
        while (replies.Count < 210 && replies.All(reply => reply.Status == 200))
            replies.Add(await teacher.Get($"lessons/{lesson}/"));

        Assert.InRange(replies.Count, 101, 209);
        var refused = replies[^1]
            .ExpectProblem(429, "Rate limit exceeded", "Too many requests. Please try again later.");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.NotNull((await teacher.Get($"lessons/{other}/")).Expect(200)["otp"].GetString());
    }

    [Fact]
    public async Task A_lesson_with_a_file_becomes_playable_by_itself()
    {
        using var teacher = await stack.Teacher(replica: 2);
        var module = await teacher.Module(await teacher.Course());
        var bytes = VideoUploadsTests.Mp4(2_000_000);

        var made = (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new MultipartFormDataContent
                {
                    { new StringContent("Film"), "title" },
                    { new StringContent("Moving."), "description" },
                    { new ByteArrayContent(bytes), "video", "film.mp4" },
                }
            )
        ).Expect(201);
        Assert.Equal("pre-upload", made["video_processing_status"].GetString());
        Assert.Null(made["video_id"].GetString());
        var lesson = made["id"].GetGuid();
        await UntilReady(teacher, lesson);

        var shown = (await teacher.Get($"lessons/{lesson}/")).Expect(200);
        Assert.NotEmpty(shown["otp"].GetString()!);
        var video = shown["video_id"].GetString()!;
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            (await _emulator.Inspect(video)).GetProperty("sha256").GetString()
        );

        (await teacher.Delete($"lessons/{lesson}/delete/")).Expect(200);
        await Until(async () => !await _emulator.Has(video));
    }

    [Fact]
    public async Task Only_a_signed_hook_is_heard_and_one_that_comes_again_does_no_harm()
    {
        using var teacher = await stack.Teacher();
        var module = await teacher.Module(await teacher.Course());
        var video = await Upload(teacher, [1]);
        var lesson = await Lesson(teacher, module, video);
        using var stranger = stack.Stranger(replica: 2);
        var body = $$$"""{"event":"video:ready","payload":{"id":"{{{video}}}"}}""";
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        const string right = "vdocipher-emulator-hook";

        (await Hook(stranger, body, null, null)).Expect(401);
        (await Hook(stranger, body, now, "sha256=00")).Expect(401);
        (await Hook(stranger, body, now, Sign(body, now, "wrong"))).Expect(401);
        (await Hook(stranger, body, now - 600, Sign(body, now - 600, right))).Expect(401);
        (await Hook(stranger, body + " ", now, Sign(body, now, right))).Expect(401);
        (await Hook(stranger, new string(' ', VdoCipherHook.MaxBody) + body, now, Sign(body, now, right))).Expect(401);
        await _emulator.Change(video, new { now = true });
        (await Hook(stranger, body, now, Sign(body, now, right))).Expect(200);
        await UntilReady(teacher, lesson);
        (await Hook(stranger, body, now, Sign(body, now, right))).Expect(200);
        Assert.Equal("200", await _emulator.SendHook(video));

        var left = await stack.Query<long>(
            "SELECT count(*) FROM lessons WHERE id = $1 AND video_status = 'Ready' AND video_poll_at IS NULL",
            lesson
        );
        Assert.Equal(1, left);
    }

    [Fact]
    public async Task A_video_that_could_not_be_processed_fails_the_lesson_and_cannot_be_set()
    {
        using var teacher = await stack.Teacher();
        var module = await teacher.Module(await teacher.Course());
        var video = await Credentials(teacher);
        var id = video["video_id"].GetString()!;
        await _emulator.Change(id, new { status = "Encoding error" });
        var lesson = await Lesson(teacher, module, id);
        await Send(video, [1]);

        await Until(async () => await Status(teacher, lesson) == "failed", seconds: 60);

        (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new
                {
                    title = "Again",
                    description = "",
                    video_id = id,
                }
            )
        ).ExpectFault("video_processing_status", "Video processing failed. Please try again.");
        // A failed one can be replaced, and goes.
        var better = await Upload(teacher, [2]);
        (await teacher.Patch($"lessons/{lesson}/update/", new { video_id = better })).Expect(200);
        Assert.NotEqual("failed", await Status(teacher, lesson));
        await Until(async () => !await _emulator.Has(id));
    }

    public void Dispose() => _emulator.Dispose();

    private static async Task<Reply> Credentials(Caller teacher) =>
        (await teacher.Post("course/create-vdocipher-upload-credentials/", new { title = "A film" })).Expect(200);

    /// <summary>Uploads as a browser does, with what the API gave; the video's id.</summary>
    private static async Task<string> Upload(Caller teacher, byte[] bytes)
    {
        var credentials = await Credentials(teacher);
        await Send(credentials, bytes);
        return credentials["video_id"].GetString()!;
    }

    internal static async Task Send(Reply credentials, byte[] bytes)
    {
        using var form = new MultipartFormDataContent("browser");
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=browser");
        foreach (var field in credentials["upload_credentials"].EnumerateObject())
            form.Add(new StringContent(field.Value.GetString()!), $"\"{field.Name}\"");
        form.Add(new StringContent("201"), "\"success_action_status\"");
        form.Add(new StringContent(""), "\"success_action_redirect\"");
        form.Add(new ByteArrayContent(bytes), "\"file\"", "film.mp4");
        using var browser = new HttpClient();
        using var answer = await browser.PostAsync(credentials["upload_url"].GetString(), form, Ct);
        Assert.True((int)answer.StatusCode == 201, await answer.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<Guid> Lesson(Caller teacher, Guid module, string video) => (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new
                {
                    title = School.Unique("Lesson"),
                    description = "",
                    video_id = video,
                }
            )
        ).Expect(201)["id"].GetGuid();

    private static Task<Reply> Hook(Caller caller, string body, long? timestamp, string? signature)
    {
        var headers = new List<(string, string)>();
        if (timestamp is { } at)
            headers.Add((VdoCipherHook.TimestampHeader, $"{at}"));
        if (signature is not null)
            headers.Add((VdoCipherHook.SignatureHeader, signature));
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        return caller.Send(HttpMethod.Post, "video/hooks/vdocipher/", content, [.. headers]);
    }

    private static string Sign(string body, long timestamp, string secret) =>
        "sha256="
        + Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}"))
        );

    private static async Task<string?> Status(Caller caller, Guid lesson) =>
        (await caller.Get($"video/check-status/{lesson}/")).Expect(200)["processing_status"].GetString();

    private static Task UntilReady(Caller caller, Guid lesson) =>
        Until(async () => (await caller.Get($"video/check-status/{lesson}/")).Expect(200)["is_ready"].GetBoolean());

    private static async Task Until(Func<Task<bool>> condition, int seconds = 45)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"It did not happen within {seconds} seconds.");
            await Task.Delay(300, Ct);
        }
    }
}
