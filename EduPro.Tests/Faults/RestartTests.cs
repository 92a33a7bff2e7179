using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EduPro.Tests.Catalogue;
using EduPro.Tests.Support;

namespace EduPro.Tests.Faults;

/// <summary>An API of its own that is asked to end, or killed, while it works for many.</summary>
public sealed class RestartTests(Stack stack, ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asked_to_end_it_finishes_what_it_has_begun_and_takes_nothing_new()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        var crowd = await stack.Crowd(20);
        await using var api = await ServiceProcess.Api(stack);
        var there = crowd.ConvertAll(api.As);
        var bodies = crowd.ConvertAll(_ => new HeldBody(new { course }));
        var requests = there
            .Zip(
                bodies,
                (student, body) =>
                    student.Send(HttpMethod.Post, "course/course-enrollment/", body, ("Expect", "100-continue"))
            )
            .ToList();
        await Task.WhenAll(bodies.Select(body => body.Asked));

        var watch = Stopwatch.StartNew();
        api.Terminate();
        await Until(async () =>
        {
            using var late = api.Stranger(stack);
            return await Record.ExceptionAsync(() => late.Get("course/category/list/")) is HttpRequestException;
        });
        Assert.All(requests, request => Assert.False(request.IsCompleted));
        bodies.ForEach(body => body.Release());

        foreach (var request in requests)
            (await request).Expect(201);
        Assert.Equal(0, await api.Ended());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        output.WriteLine($"{requests.Count} requests finished, ended after {watch.ElapsedMilliseconds} ms");
        Assert.Equal(20, await stack.Ask<long>($"SELECT count(*) FROM enrollments WHERE course_id = {course}"));
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Killed_under_load_it_leaves_all_that_it_acknowledged_and_nothing_half_done()
    {
        using var teacher = await stack.Teacher();
        var exam = await teacher.Exam();
        var attempts = new List<(Caller Student, Guid Attempt)>();
        for (var i = 0; i < 10; i++)
        {
            var student = await stack.Student(teacher);
            attempts.Add((student, await student.Begin(teacher, exam.Id)));
        }
        var course = await teacher.Course(price: 10);
        var crowd = await stack.Crowd(200);
        await using var api = await ServiceProcess.Api(stack);
        var (enrolled, submitted) = (new ConcurrentBag<Guid>(), new ConcurrentBag<Guid>());
        using var forgetful = api.Stranger(stack);
        (await forgetful.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);

        var enrolling = crowd.ConvertAll(async student =>
        {
            using var there = api.As(student);
            if ((await there.Enroll(course)).Status == 201)
                enrolled.Add(student.Id);
        });
        var submitting = attempts.ConvertAll(async one =>
        {
            using var there = api.As(one.Student);
            if ((await there.Submit(one.Attempt, exam.RightAnswers)).Status == 200)
                submitted.Add(one.Attempt);
        });
        await Until(() => Task.FromResult(enrolled.Count >= 50));
        await api.Kill();
        foreach (var task in enrolling.Concat(submitting))
            await task.ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);

        output.WriteLine($"Acknowledged: {enrolled.Count} enrolments, {submitted.Count} submissions");
        Assert.InRange(enrolled.Count, 50, crowd.Count - 1);
        var ids = enrolled.ToArray();
        Assert.Equal(
            ids.Length,
            await stack.Ask<long>(
                $"SELECT count(*) FROM enrollments WHERE course_id = {course} AND student_id = ANY ({ids})"
            )
        );
        foreach (var (student, attempt) in attempts)
        {
            // Submitted whole, or not at all.
            var answers = await stack.Ask<long>($"SELECT count(*) FROM answers WHERE attempt_id = {attempt}");
            var isOver = await stack.Ask<bool>($"SELECT status <> 'InProgress' FROM attempts WHERE id = {attempt}");
            Assert.Equal(isOver ? exam.RightAnswers.Length : 0, answers);
            Assert.True(isOver || !submitted.Contains(attempt));
            student.Dispose();
        }
        await stack.ExpectBooksBalance(teacher.Id);
        Assert.Single(await stack.MailsTo(teacher.Email));
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "It did not happen in time.");
            await Task.Delay(20, Ct);
        }
    }

    /// <summary>A body that is sent when the test says so, once the server has asked for it.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly byte[] json;
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody(object body)
        {
            json = JsonSerializer.SerializeToUtf8Bytes(body);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        public Task Asked => asked.Task;

        public void Release() => released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            asked.SetResult();
            await released.Task;
            await stream.WriteAsync(json, Ct);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = json.Length;
            return true;
        }
    }
}
