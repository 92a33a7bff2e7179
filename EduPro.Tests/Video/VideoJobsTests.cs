using System.Diagnostics;
using System.Security.Cryptography;
using EduPro.Domain;
using EduPro.Domain.Catalogue;
using EduPro.Domain.Enrollments;
using EduPro.Domain.Outbox;
using EduPro.Media;
using EduPro.Tests.Media;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Tests.Video;

public sealed class VideoJobsTests(Stack stack, ITestOutputHelper output) : IAsyncLifetime
{
    private VideoHouse _house = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_video_is_polled_until_it_is_ready_and_its_length_counts()
    {
        var worker = _house.Worker();
        var id = await _house.UploadedVideo();
        var lesson = await _house.AddLesson(l => l.SetVideo(id, _house.Now));

        Assert.Equal(0, await worker.Do<PollVideos>());
        Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(0, await worker.Do<PollVideos>());
        Assert.Equal(0, await _house.Service.Count("get"));
        Pass(TimeSpan.FromSeconds(7));
        Assert.Equal(1, await worker.Do<PollVideos>());

        var seen = await _house.Lesson(lesson);
        Assert.Equal((VideoStatus.Ready, 60), (seen.VideoStatus, seen.Duration));
        Assert.Null(seen.VideoPollAt);
        Assert.Null(seen.VideoLease);
        Assert.Equal(60, await _house.CourseDuration());
        Pass(TimeSpan.FromDays(1));
        Assert.Equal(0, await worker.Do<PollVideos>());
    }

    [Fact]
    public async Task A_failed_encoding_and_a_video_that_is_gone_fail_the_lesson()
    {
        var worker = _house.Worker();
        var broken = await _house.UploadedVideo();
        await _house.Service.Change(broken, new { status = "Encoding error", now = true });
        var first = await _house.AddLesson(l => l.SetVideo(broken, _house.Now));
        var second = await _house.AddLesson(l => l.SetVideo("nowhere", _house.Now));

        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(2, await worker.Do<PollVideos>());

        foreach (var lesson in new[] { first, second })
        {
            var seen = await _house.Lesson(lesson);
            Assert.Equal(VideoStatus.Failed, seen.VideoStatus);
            Assert.Null(seen.VideoPollAt);
        }
    }

    [Fact]
    public async Task What_waits_and_what_was_settled_is_measured()
    {
        var worker = _house.Worker();
        using var pending = new Measured(worker.Meters, "edupro.videos.pending");
        using var settled = new Measured(worker.Meters, "edupro.videos.settled");
        var id = await _house.UploadedVideo();
        await _house.AddLesson(l => l.SetVideo(id, _house.Now));
        await _house.AddLesson(l => l.SetVideo("nowhere", _house.Now));

        await worker.Do<MeasureLevels>();
        Assert.Equal(["2"], pending.Values);
        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(2, await worker.Do<PollVideos>());
        await worker.Do<MeasureLevels>();

        Assert.Equal(["2", "0"], pending.Values);
        Assert.Equal(["1 failed", "1 ready"], settled.Values.Order());
    }

    [Fact]
    public async Task What_waits_in_the_outbox_and_what_was_earned_is_measured()
    {
        var worker = _house.Worker();
        string[] names = ["edupro.mail.pending", "edupro.mail.age", "edupro.coupons.redemptions", "edupro.revenue"];
        var levels = names.Select(name => new Measured(worker.Meters, name)).ToList();
        await _house.Read(async db =>
        {
            var teacher = await db.Teachers.Select(t => t.Id).FirstAsync(TestContext.Current.CancellationToken);
            db.Add(
                new OutboxMail
                {
                    Id = Guid.CreateVersion7(_house.Now),
                    UserId = teacher,
                    Template = "none",
                    CreatedAt = _house.Now.AddSeconds(-90),
                    NextAttemptAt = _house.Now,
                }
            );
            db.Add(
                new Coupon
                {
                    Id = Guid.CreateVersion7(_house.Now),
                    TeacherId = teacher,
                    Code = "THREE",
                    DiscountPercentage = 10,
                    ValidFrom = _house.Now,
                    ValidUntil = _house.Now.AddDays(1),
                    UsageCount = 3,
                    CreatedAt = _house.Now,
                }
            );
            db.Add(
                new TeacherMonth
                {
                    TeacherId = teacher,
                    Month = DateOnly.FromDateTime(_house.Now.UtcDateTime),
                    Revenue = 12.5m,
                }
            );
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        await worker.Do<MeasureLevels>();

        Assert.Equal(["1", "90", "3", "12.5"], levels.Select(level => level.Values.Single()));
        levels.ForEach(level => level.Dispose());
    }

    [Fact]
    public async Task Polls_back_off_to_five_minutes_and_end_after_a_day()
    {
        var worker = _house.Worker();
        var upload = (await _house.Service.Client().CreateUploadAsync("Never sent", Ct)).Value!;
        var lesson = await _house.AddLesson(l => l.SetVideo(upload.VideoId, _house.Now));
        var start = _house.Now;
        var polls = new List<double>();

        while ((await _house.Lesson(lesson)).VideoPollAt is { } next && polls.Count < 1000)
        {
            _house.Service.Clock.SetUtcNow(next);
            Assert.Equal(1, await worker.Do<PollVideos>());
            polls.Add((next - start).TotalSeconds);
        }

        Assert.Equal(VideoStatus.Failed, (await _house.Lesson(lesson)).VideoStatus);
        Assert.InRange(polls[^1], 86_400, 86_400 + 330);
        double[] expected = [20, 40, 80, 160, 300, 300];
        var pauses = polls.Zip(polls.Skip(1), (a, b) => Math.Round(b - a, 3)).ToArray();
        Assert.Equal(10, polls[0], 1.0);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(pauses[i], expected[i] * 0.9, expected[i] * 1.1);
        Assert.All(pauses.Skip(4), pause => Assert.InRange(pause, 270, 330));
        output.WriteLine($"{polls.Count(at => at <= 3600)} polls in the first hour, {polls.Count} in a day, measured");
    }

    [Fact]
    public async Task Trouble_keeps_the_status_and_is_logged_once()
    {
        var worker = _house.Worker();
        var id = await _house.UploadedVideo();
        var lesson = await _house.AddLesson(l => l.SetVideo(id, _house.Now));
        foreach (var (kind, status) in new[] { ("nonsense", 0), ("status", 500), ("status", 401) })
        {
            await _house.Service.Break(kind, status: status);
            for (var poll = 0; poll < 4; poll++)
            {
                Pass(TimeSpan.FromMinutes(6));
                Assert.Equal(1, await worker.Do<PollVideos>());
            }
            await _house.Service.Repair();
            Assert.Equal(VideoStatus.Queued, (await _house.Lesson(lesson)).VideoStatus);
        }
        Pass(TimeSpan.FromMinutes(6));
        await worker.Do<PollVideos>();

        Assert.Equal(VideoStatus.Ready, (await _house.Lesson(lesson)).VideoStatus);
        Assert.Equal(
            3,
            _house.Service.Log.Lines.Count(line =>
                line.StartsWith("Warning: VdoCipher fails", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Two_workers_share_a_thousand_videos_and_ask_for_each_once()
    {
        Worker[] workers = [_house.Worker(), _house.Worker()];
        var client = _house.Service.Client();
        var ids = new string[1000];
        await Parallel.ForAsync(
            0,
            ids.Length,
            Ct,
            async (i, ct) => ids[i] = (await client.CreateUploadAsync("Film", ct)).Value!.VideoId
        );
        await _house.AddLessons(ids.Length, (lesson, i) => lesson.SetVideo(ids[i], _house.Now));
        Pass(TimeSpan.FromSeconds(10));

        var watch = Stopwatch.StartNew();
        var done = await Task.WhenAll(workers.Select(worker => worker.Do<PollVideos>()));
        watch.Stop();

        Assert.Equal(ids.Length, done.Sum());
        Assert.All(done, count => Assert.InRange(count, 100, 900));
        Assert.Equal(ids.Length, await _house.Service.Count("get"));
        Assert.Equal(ids.Length, await _house.Read(db => db.Lessons.CountAsync(l => l.VideoPolls == 1, Ct)));
        output.WriteLine($"1,000 polls by two workers ({done[0]} and {done[1]}): {watch.Elapsed.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task What_was_replaced_during_a_poll_is_not_overwritten()
    {
        var worker = _house.Worker();
        var id = await _house.UploadedVideo();
        var lesson = await _house.AddLesson(l => l.SetVideo(id, _house.Now));
        Pass(TimeSpan.FromSeconds(10));
        await _house.Service.Break("delay", "get", delayMs: 1000, times: 1);

        var polling = worker.Do<PollVideos>();
        await Until(async () => (await _house.Lesson(lesson)).VideoLease is not null);
        await _house.Read(db =>
            db.Lessons.Where(l => l.Id == lesson)
                .ExecuteUpdateAsync(
                    l =>
                        l.SetProperty(x => x.VideoId, "another")
                            .SetProperty(x => x.VideoStatus, VideoStatus.PreUpload)
                            .SetProperty(x => x.VideoLease, (Guid?)null),
                    Ct
                )
        );
        await Until(async () => await _house.Service.Count("get") == 1);
        while (!polling.IsCompleted)
        {
            Pass(TimeSpan.FromMilliseconds(100));
            await Task.Delay(20, Ct);
        }

        Assert.Equal(1, await polling);
        var seen = await _house.Lesson(lesson);
        Assert.Equal(("another", VideoStatus.PreUpload), (seen.VideoId, seen.VideoStatus));
    }

    [Fact]
    public async Task A_staged_file_is_uploaded_whole_then_processed_and_its_blob_removed_later()
    {
        var worker = _house.Worker();
        var bytes = VideoUploadsTests.Mp4(3_000_000);
        var blob = await _house.Stage(bytes);
        var lesson = await _house.AddLesson(l => l.StageVideo(blob, _house.Now));

        Assert.Equal(1, await worker.Do<UploadStagedVideos>());

        var queued = await _house.Lesson(lesson);
        Assert.Equal((VideoStatus.Queued, null), (queued.VideoStatus, queued.StagedVideo));
        var arrived = await _house.Service.Inspect(queued.VideoId!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), arrived.GetProperty("sha256").GetString());
        Assert.Equal(10, _house.Service.Log.Lines.Count(line => line.Contains(" % of the video")));
        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await worker.Do<PollVideos>());
        Assert.Equal(VideoStatus.Ready, (await _house.Lesson(lesson)).VideoStatus);

        _house.Service.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        await worker.Sweep(blob);
        Assert.True(await worker.HasBlob(blob));
        Pass(SweepStagedVideos.Age + TimeSpan.FromMinutes(1));
        var waiting = await _house.AddLesson(l => l.StageVideo(blob, _house.Now));
        await worker.Sweep(blob);
        Assert.True(await worker.HasBlob(blob));
        await _house.Read(db => db.Lessons.Where(l => l.Id == waiting).ExecuteDeleteAsync(Ct));
        await worker.Sweep(blob);
        Assert.False(await worker.HasBlob(blob));
    }

    [Fact]
    public async Task A_refused_upload_begins_anew_under_another_id()
    {
        var worker = _house.Worker();
        var blob = await _house.Stage(VideoUploadsTests.Mp4(1000));
        var lesson = await _house.AddLesson(l => l.StageVideo(blob, _house.Now));
        await _house.Service.Break("status", "upload", status: 403, times: 1);

        Assert.Equal(1, await worker.Do<UploadStagedVideos>());
        var first = await _house.Lesson(lesson);
        Assert.Equal((VideoStatus.PreUpload, blob), (first.VideoStatus, first.StagedVideo));
        Assert.NotNull(first.VideoId);
        Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await worker.Do<UploadStagedVideos>());
        await worker.Do<DeleteVideos>();

        var second = await _house.Lesson(lesson);
        Assert.Equal((VideoStatus.Queued, null), (second.VideoStatus, second.StagedVideo));
        Assert.True(await _house.Service.Has(second.VideoId!));
        Assert.False(await _house.Service.Has(first.VideoId));
    }

    [Fact]
    public async Task A_file_that_arrived_before_a_crash_is_not_sent_again()
    {
        var worker = _house.Worker();
        var blob = await _house.Stage(VideoUploadsTests.Mp4(1000));
        var id = await _house.UploadedVideo();
        var lesson = await _house.AddLesson(l =>
        {
            l.StageVideo(blob, _house.Now);
            l.VideoId = id;
        });

        Assert.Equal(1, await worker.Do<UploadStagedVideos>());

        var seen = await _house.Lesson(lesson);
        Assert.Equal((id, VideoStatus.Queued, null), (seen.VideoId, seen.VideoStatus, seen.StagedVideo));
        Assert.Equal(1, await _house.Service.Count("create"));
        Assert.Equal(1, await _house.Service.Count("upload"));
    }

    [Fact]
    public async Task A_worker_that_stops_in_mid_upload_hands_the_video_back()
    {
        var worker = _house.Worker();
        var blob = await _house.Stage(VideoUploadsTests.Mp4(1000));
        var lesson = await _house.AddLesson(l => l.StageVideo(blob, _house.Now));
        await _house.Service.Break("delay", "upload", delayMs: 20_000, times: 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var uploading = worker.Do<UploadStagedVideos>(stop.Token);
        await Until(async () => await _house.Service.Count("upload") == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => uploading);

        var seen = await _house.Lesson(lesson);
        Assert.Equal((blob, null), (seen.StagedVideo, seen.VideoLease));
        Assert.Equal(1, await _house.Worker().Do<UploadStagedVideos>());
        Assert.Equal(VideoStatus.Queued, (await _house.Lesson(lesson)).VideoStatus);
    }

    [Fact]
    public async Task A_worker_process_killed_in_mid_upload_is_replaced_when_its_claim_ends()
    {
        _house.Worker();
        var bytes = VideoUploadsTests.Mp4(100_000);
        var blob = await _house.Stage(bytes);
        // The process lives in our time, the emulator's fault in its own: the upload hangs.
        var lesson = await _house.AddLesson(l => l.StageVideo(blob, TimeProvider.System.GetUtcNow()));
        await _house.Service.Break("delay", "upload", delayMs: 3_600_000, times: 1);
        await using (_house.Process())
            await Until(async () => await _house.Service.Count("upload") == 1);

        var left = await _house.Lesson(lesson);
        Assert.Equal((blob, VideoStatus.PreUpload), (left.StagedVideo, left.VideoStatus));
        Assert.NotNull(left.VideoLease);
        Assert.InRange(
            left.VideoPollAt!.Value - TimeProvider.System.GetUtcNow(),
            TimeSpan.Zero,
            TimeSpan.FromMinutes(2)
        );
        // Two minutes are long for a test.
        await _house.Read(db =>
            db.Lessons.ExecuteUpdateAsync(l => l.SetProperty(x => x.VideoPollAt, TimeProvider.System.GetUtcNow()), Ct)
        );
        await using (_house.Process())
        {
            await Until(async () => (await _house.Lesson(lesson)).StagedVideo is null);
            await Until(async () => !await _house.Service.Has(left.VideoId!));
        }

        var seen = await _house.Lesson(lesson);
        Assert.Equal(VideoStatus.Queued, seen.VideoStatus);
        var arrived = await _house.Service.Inspect(seen.VideoId!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), arrived.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Videos_are_deleted_however_often_it_takes()
    {
        var worker = _house.Worker();
        var id = await _house.UploadedVideo();
        await _house.Read(async db =>
        {
            foreach (var video in new[] { id, "gone-already" })
                db.Add(
                    new VideoDeletion
                    {
                        VideoId = video,
                        CreatedAt = _house.Now,
                        NextAttemptAt = _house.Now,
                    }
                );
            return await db.SaveChangesAsync(Ct);
        });
        await _house.Service.Break("status", "delete", status: 503);

        Assert.Equal(2, await worker.Do<DeleteVideos>());
        Assert.Equal(0, await worker.Do<DeleteVideos>());
        Assert.True(await _house.Service.Has(id));
        await _house.Service.Repair();
        Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(2, await worker.Do<DeleteVideos>());

        Assert.False(await _house.Service.Has(id));
        Assert.Equal(0, await _house.Read(db => db.VideoDeletions.CountAsync(Ct)));
    }

    public async ValueTask InitializeAsync() => _house = await VideoHouse.Open(stack);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    private void Pass(TimeSpan time) => _house.Service.Clock.Advance(time);

    private static async Task Until(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(90), "It did not happen in time.");
            await Task.Delay(50, Ct);
        }
    }
}
