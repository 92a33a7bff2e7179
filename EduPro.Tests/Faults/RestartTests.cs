using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EduPro.Tests.Catalogue;
using EduPro.Tests.Support;
using static EduPro.Tests.Support.Patience;

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
        var (saving, handingIn, handedIn) = (attempts[..3], attempts[3..7], attempts[7..]);
        foreach (var (student, attempt) in handedIn)
            (await student.Submit(attempt, exam.RightAnswers)).Expect(200);
        var pending = (await teacher.Get($"teacher/grading/pending/?assessment_id={exam.Id}"))
            .Expect(200)
            .Json.EnumerateArray()
            .Select(answer => answer.GetProperty("id").GetGuid())
            .ToList();
        Assert.Equal(handedIn.Count, pending.Count);
        var course = await teacher.Course(price: 10);
        var crowd = await stack.Crowd(200);
        await using var api = await ServiceProcess.Api(stack);
        var (enrolled, saved) = (new ConcurrentBag<Guid>(), new ConcurrentBag<Guid>());
        var (submitted, graded) = (new ConcurrentBag<Guid>(), new ConcurrentBag<Guid>());
        using var forgetful = api.Stranger(stack);
        (await forgetful.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);

        async Task Note(ConcurrentBag<Guid> acknowledged, Guid id, Caller who, Func<Caller, Task<Reply>> ask)
        {
            using var there = api.As(who);
            if ((await ask(there)).Status is 200 or 201)
                acknowledged.Add(id);
        }
        var working = saving
            .ConvertAll(one =>
                Note(saved, one.Attempt, one.Student, there => there.Save(one.Attempt, Answer(exam, "Acknowledged")))
            )
            .Concat(
                handingIn.ConvertAll(one =>
                    Note(submitted, one.Attempt, one.Student, there => there.Submit(one.Attempt, exam.RightAnswers))
                )
            )
            .Concat(pending.ConvertAll(answer => Note(graded, answer, teacher, there => there.Grade(answer, 3))))
            .ToList();
        await Until(() => !saved.IsEmpty && !submitted.IsEmpty && !graded.IsEmpty);
        working.AddRange(
            crowd.ConvertAll(student => Note(enrolled, student.Id, student, there => there.Enroll(course)))
        );
        await Until(() => enrolled.Count >= 50);
        await api.Kill();
        foreach (var task in working)
            await task.ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);

        output.WriteLine(
            $"Acknowledged: {enrolled.Count} enrolments, {saved.Count} answers, {submitted.Count} submissions, {graded.Count} grades"
        );
        Assert.InRange(enrolled.Count, 50, crowd.Count - 1);
        Assert.All([saved, submitted, graded], Assert.NotEmpty);
        var (ids, kept, grades) = (enrolled.ToArray(), saved.ToArray(), graded.ToArray());
        Assert.Equal(
            ids.Length,
            await stack.Ask<long>(
                $"SELECT count(*) FROM enrollments WHERE course_id = {course} AND student_id = ANY ({ids})"
            )
        );
        Assert.Equal(
            kept.Length,
            await stack.Ask<long>(
                $"SELECT count(*) FROM attempts WHERE id = ANY ({kept}) AND saved::text LIKE '%Acknowledged%'"
            )
        );
        Assert.Equal(
            grades.Length,
            await stack.Ask<long>($"SELECT count(*) FROM answers WHERE id = ANY ({grades}) AND points_earned = 3")
        );
        foreach (var (_, attempt) in handingIn)
        {
            // Submitted whole, or not at all.
            var answers = await stack.Ask<long>($"SELECT count(*) FROM answers WHERE attempt_id = {attempt}");
            var isOver = await stack.Ask<bool>($"SELECT status <> 'InProgress' FROM attempts WHERE id = {attempt}");
            Assert.Equal(isOver ? exam.RightAnswers.Length : 0, answers);
            Assert.True(isOver || !submitted.Contains(attempt));
        }
        foreach (var (_, attempt) in handedIn)
        {
            // Graded with its sum, or not at all.
            Assert.True(
                await stack.Ask<bool>(
                    $"SELECT score = (SELECT sum(points_earned) FROM answers WHERE attempt_id = {attempt}) FROM attempts WHERE id = {attempt}"
                )
            );
        }
        attempts.ForEach(one => one.Student.Dispose());
        await stack.ExpectBooksBalance(teacher.Id);
        Assert.Single(await stack.MailsTo(teacher.Email));
    }

    private static object Answer(Exam exam, string text) => new { question = exam.Essay, text_answer = text };

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
