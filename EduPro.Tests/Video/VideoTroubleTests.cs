using System.Diagnostics;
using EduPro.Domain;
using EduPro.Domain.Catalogue;
using EduPro.Media.VdoCipher;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Tests.Video;

/// <summary>The API over an emulator of its own: the service in trouble, and who may have which video.</summary>
public sealed class VideoTroubleTests(Stack stack) : IAsyncLifetime
{
    private VideoHouse _house = null!;
    private Caller _teacher = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("status", 503)]
    [InlineData("status", 401)]
    [InlineData("nonsense", 0)]
    [InlineData("wrong_shape", 0)]
    [InlineData("abort", 0)]
    [InlineData("delay", 0)]
    public async Task While_the_service_is_in_trouble_lessons_wait_and_the_rest_goes_on(string kind, int status)
    {
        var id = await _house.UploadedVideo();
        var ready = await _house.AddLesson(l => l.SetVideo("seen-before", _house.Now, VideoStatus.Ready, 60));
        await _house.Service.Break(kind, status: status, delayMs: kind == "delay" ? 60_000 : 0);

        var refused = await _teacher.Post("course/create-vdocipher-upload-credentials/");
        refused.ExpectProblem(
            503,
            "Service unavailable",
            "The service is temporarily unavailable. Please try again later."
        );
        Assert.NotNull(refused.Header("Retry-After"));
        var made = (await Create(id)).Expect(201);
        Assert.Equal("queued", made["video_processing_status"].GetString());
        var shown = (await _teacher.Get($"lessons/{ready}/")).Expect(200);
        Assert.Equal("ready", shown["video_processing_status"].GetString());
        Assert.Null(shown["otp"].GetString());
        var watch = Stopwatch.StartNew();
        (await _teacher.Get($"video/check-status/{ready}/")).Expect(200);
        (await _teacher.Get($"courses/{_house.Course}/modules/")).Expect(200);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);

        await _house.Service.Repair();
        _house.CatchUp(TimeSpan.FromMinutes(1));
        await _house.Worker().Do<PollVideos>();
        var lesson = made["id"].GetGuid();
        Assert.True((await _teacher.Get($"video/check-status/{lesson}/")).Expect(200)["is_ready"].GetBoolean());
    }

    [Fact]
    public async Task An_id_that_the_service_does_not_know_or_another_teacher_has_is_refused()
    {
        const string message = "Invalid video ID format.";
        (await Create("no")).ExpectFault("video_id", message);
        (await Create("a/b")).ExpectFault("video_id", message);
        (await Create("nobody-has-this")).ExpectFault("video_id", message);
        var id = await _house.UploadedVideo();
        (await Create(id)).Expect(201);
        (await Create(id)).Expect(201);

        using var other = await _house.OtherTeacher();
        (await other.Post($"modules/{_house.OtherModule}/lessons/create/", Body(id))).ExpectFault("video_id", message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_got_the_credentials_owns_the_video_also_while_the_service_is_away(bool isAway)
    {
        var id = await Claim();
        if (isAway)
            await _house.Service.Break("status", status: 503);
        using var other = await _house.OtherTeacher();

        var path = $"modules/{_house.OtherModule}/lessons/create/";
        (await other.Post(path, Body(id))).ExpectFault("video_id", "Invalid video ID format.");
        var theirs = (await other.Post(path, new { title = "Film", description = "" })).Expect(201)["id"].GetGuid();
        (await other.Patch($"lessons/{theirs}/update/", new { video_id = id })).ExpectFault(
            "video_id",
            "Invalid video ID format."
        );
        (await Create(id)).Expect(201);
    }

    [Fact]
    public async Task A_video_that_no_lesson_got_in_a_week_is_deleted()
    {
        var worker = _house.Worker();
        var (unused, used) = (await Claim(), await Claim());
        (await Create(used)).Expect(201);

        _house.CatchUp(VideoClaim.Lifetime - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await worker.Do<EndVideoClaims>());
        _house.CatchUp(VideoClaim.Lifetime + TimeSpan.FromMinutes(1));
        Assert.Equal([0, 2], (await Task.WhenAll(worker.Do<EndVideoClaims>(), worker.Do<EndVideoClaims>())).Order());
        // On its way out it cannot be taken any more.
        (await Create(unused)).ExpectFault("video_id", "Invalid video ID format.");
        Assert.Equal(1, await worker.Do<DeleteVideos>());

        Assert.False(await _house.Service.Has(unused));
        Assert.True(await _house.Service.Has(used));
        Assert.Equal(0, await _house.Read(db => db.VideoClaims.CountAsync(Ct)));
        using var other = await _house.OtherTeacher();
        (await other.Post($"modules/{_house.OtherModule}/lessons/create/", Body(used))).Expect(400);
    }

    [Fact]
    public async Task A_video_goes_with_the_last_lesson_that_has_it()
    {
        var worker = _house.Worker();
        var id = await _house.UploadedVideo();
        await _house.Service.Change(id, new { now = true });
        var first = (await Create(id)).Expect(201)["id"].GetGuid();
        var second = (await Create(id)).Expect(201)["id"].GetGuid();
        (await _teacher.Get($"video/check-status/{first}/")).Expect(200);

        (await _teacher.Delete($"lessons/{first}/delete/")).Expect(200);
        _house.CatchUp();
        Assert.Equal(0, await worker.Do<DeleteVideos>());
        Assert.True(await _house.Service.Has(id));
        var next = await _house.UploadedVideo();
        (await _teacher.Patch($"lessons/{second}/update/", new { video_id = next })).Expect(200);
        // On its way out it cannot be taken again.
        (await Create(id)).ExpectFault("video_id", "Invalid video ID format.");
        _house.CatchUp();
        Assert.Equal(1, await worker.Do<DeleteVideos>());
        Assert.False(await _house.Service.Has(id));

        await _house.Service.Change(next, new { now = true });
        (await _teacher.Delete($"course/course-delete/{_house.Course}/")).Expect(200);
        _house.CatchUp();
        Assert.Equal(1, await worker.Do<DeleteVideos>());
        Assert.False(await _house.Service.Has(next));
    }

    [Fact]
    public async Task A_lesson_keeps_its_video_when_the_same_is_set_again_and_loses_it_on_null()
    {
        var id = await _house.UploadedVideo();
        await _house.Service.Change(id, new { now = true });
        var lesson = (await Create(id)).Expect(201)["id"].GetGuid();
        Assert.Equal(60, (await _house.Lesson(lesson)).Duration);

        (await _teacher.Patch($"lessons/{lesson}/update/", new { title = "New", video_id = id })).Expect(200);
        Assert.Equal(VideoStatus.Ready, (await _house.Lesson(lesson)).VideoStatus);
        (await _teacher.Patch($"lessons/{lesson}/update/", new { video_id = (string?)null })).Expect(200);

        var seen = await _house.Lesson(lesson);
        Assert.Equal((null, VideoStatus.PreUpload, 0), (seen.VideoId, seen.VideoStatus, seen.Duration));
        Assert.Equal(0, await _house.CourseDuration());
        Assert.Equal(1, await _house.Read(db => db.VideoDeletions.CountAsync(d => d.VideoId == id, Ct)));
    }

    [Fact]
    public async Task Two_teachers_who_take_a_video_at_once_do_not_share_it()
    {
        using var other = await _house.OtherTeacher();
        for (var round = 0; round < 5; round++)
        {
            var id = await _house.UploadedVideo();
            var replies = await Task.WhenAll(
                Create(id),
                other.Post($"modules/{_house.OtherModule}/lessons/create/", Body(id))
            );
            Assert.Equal([201, 400], replies.Select(reply => reply.Status).Order());
        }
    }

    public async ValueTask InitializeAsync()
    {
        _house = await VideoHouse.Open(stack);
        _house.CatchUp();
        _teacher = await _house.Teacher();
    }

    public async ValueTask DisposeAsync()
    {
        _teacher?.Dispose();
        await _house.DisposeAsync();
    }

    /// <summary>The id of a video that the teacher got credentials for.</summary>
    private async Task<string> Claim() =>
        (await _teacher.Post("course/create-vdocipher-upload-credentials/")).Expect(200)["video_id"].GetString()!;

    private Task<Reply> Create(string video) => _teacher.Post($"modules/{_house.Module}/lessons/create/", Body(video));

    private static object Body(string video) =>
        new
        {
            title = "Film",
            description = "",
            video_id = video,
        };
}
