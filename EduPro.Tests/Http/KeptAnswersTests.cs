using EduPro.Tests.Catalogue;
using EduPro.Tests.Support;
using Npgsql;

namespace EduPro.Tests.Http;

/// <summary>What an Idempotency-Key promises when the API dies at the worst moment.</summary>
public sealed class KeptAnswersTests(Stack stack)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="Row">Whose lock the work has to wait for, before it has done anything.</param>
    /// <param name="Done">Counts the work.</param>
    private sealed record Work(
        Caller Caller,
        string Path,
        object Body,
        (string Table, Guid Id) Row,
        FormattableString Done
    )
    {
        public string Key { get; } = School.Unique("key");

        public Task<Reply> Ask(Caller? through = null) =>
            (through ?? Caller).Send(HttpMethod.Post, Path, Body, ("Idempotency-Key", Key));
    }

    [Fact]
    public async Task The_api_dies_between_work_and_answer_and_a_repeat_does_the_work_once()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        // Two sales of one teacher would wait for each other.
        using var otherTeacher = await stack.Teacher();
        using var buyer = await stack.Student(otherTeacher);
        var (course, other) = (await teacher.Course(price: 10), await otherTeacher.Course(price: 10));
        var exam = await teacher.Exam();
        using var pupil = await stack.Student(teacher);
        var attempt = await pupil.Begin(teacher, exam.Id);
        Work[] all =
        [
            new(
                teacher,
                "/api/v1/coupon/create/",
                new { number_of_coupons = 3, price = 5 },
                ("teachers", teacher.Id),
                $"SELECT count(*) / 3 FROM coupons WHERE teacher_id = {teacher.Id}"
            ),
            new(
                student,
                "course/course-enrollment/",
                new { course },
                ("students", student.Id),
                $"SELECT count(*) FROM enrollments WHERE student_id = {student.Id}"
            ),
            new(
                buyer,
                "course/course-enrollment/",
                new { course = other, payment_token = "good" },
                ("students", buyer.Id),
                $"SELECT count(*) FROM enrollments WHERE student_id = {buyer.Id}"
            ),
            new(
                pupil,
                $"students/attempts/{attempt}/submit/",
                new { answers = exam.RightAnswers },
                ("attempts", attempt),
                $"SELECT count(*) FROM attempts WHERE id = {attempt} AND status <> 'InProgress'"
            ),
        ];
        await DieBeforeTheAnswersAreKept(all);

        // What is being worked on by nobody may be taken over after a minute, and a payment be asked about.
        foreach (var work in all)
            await stack.Execute(
                "UPDATE idempotency_keys SET created_at = created_at - interval '2 minutes' WHERE key = $1",
                work.Key
            );
        await stack.Execute(
            "UPDATE payments SET created_at = created_at - interval '2 minutes' WHERE student_id = $1",
            buyer.Id
        );
        foreach (var work in all)
        {
            var first = await work.Ask();
            Assert.True(first.Status is 200 or 201, first.Text);
            Assert.Null(first.Header("Idempotency-Replayed"));
            var again = (await work.Ask()).Expect(first.Status);
            Assert.Equal("true", again.Header("Idempotency-Replayed"));
            Assert.Equal(first.Text, again.Text);
            Assert.Equal(first.Header("Content-Type"), again.Header("Content-Type"));
            Assert.Equal(1, await stack.Ask<long>(work.Done));
        }
        await stack.ExpectBooksBalance(teacher.Id, otherTeacher.Id);
    }

    /// <summary>Has an API of its own do the work up to the keeping of the answer, and kills it there.</summary>
    private async Task DieBeforeTheAnswersAreKept(Work[] all)
    {
        await using var api = await ServiceProcess.Api(stack);
        await using var rows = await stack.Database();
        await using var waitForWork = await rows.BeginTransactionAsync(Ct);
        foreach (var (table, id) in all.Select(work => work.Row).Distinct())
            await Execute(rows, $"SELECT 1 FROM {table} WHERE id = $1 FOR UPDATE", id);
        var callers = all.Select(work => api.As(work.Caller)).ToList();
        var requests = all.Zip(callers, (work, caller) => work.Ask(caller)).ToList();

        var keys = all.Select(work => work.Key).ToArray();
        await Until(async () =>
            await stack.Ask<long>($"SELECT count(*) FROM idempotency_keys WHERE key = ANY ({keys})") == all.Length
        );
        await using var answers = await stack.Database();
        await using var waitForAnswers = await answers.BeginTransactionAsync(Ct);
        await Execute(answers, "SELECT 1 FROM idempotency_keys WHERE key = ANY ($1) FOR UPDATE", keys);
        await waitForWork.RollbackAsync(Ct);
        int[] waiting = [];
        await Until(async () =>
        {
            waiting = await stack.Ask<int[]>(
                $"""
                SELECT ARRAY (
                    SELECT pid FROM pg_stat_activity WHERE {answers.ProcessID} = ANY (pg_blocking_pids(pid))
                )
                """
            );
            return waiting.Length == all.Length;
        });
        foreach (var work in all)
            Assert.Equal(0, await stack.Ask<long>(work.Done));

        await api.Kill();
        await waitForAnswers.RollbackAsync(Ct);
        foreach (var request in requests)
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
        await Until(async () =>
            await stack.Ask<long>($"SELECT count(*) FROM pg_stat_activity WHERE pid = ANY ({waiting})") == 0
        );
        foreach (var work in all)
            Assert.Equal(0, await stack.Ask<long>(work.Done));
        callers.ForEach(caller => caller.Dispose());
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, object value)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tables are named here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        var patience = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < patience, "It did not happen in time.");
            await Task.Delay(50, Ct);
        }
    }
}
