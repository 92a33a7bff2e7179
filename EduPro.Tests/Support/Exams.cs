using Npgsql;

namespace EduPro.Tests.Support;

/// <summary>An exam with a question of each type, worth 2, 1, 3 and 4 points; the essay and only it is graded by hand.</summary>
public sealed record Exam(
    Guid Id,
    Guid Choice,
    Guid Two,
    Guid Three,
    Guid Four,
    Guid Truth,
    Guid True,
    Guid False,
    Guid Proof,
    Guid Accepted,
    Guid Essay
)
{
    /// <summary>Everything right, the essay written.</summary>
    public object[] RightAnswers =>
        [
            new { question = Choice, selected_options = new[] { Two, Three } },
            new { question = Truth, true_false_answer = true },
            new { question = Proof, text_answer = " ÉUCLID " },
            new { question = Essay, text_answer = "Because two has no other divisors." },
        ];
}

/// <summary>Stories about exams.</summary>
internal static class Exams
{
    /// <summary>The id of a new assessment; <paramref name="with"/> says what is out of the ordinary.</summary>
    public static async Task<Guid> Assessment(this Caller teacher, params (string Field, object? Value)[] with)
    {
        var body = new Dictionary<string, object?>
        {
            ["title"] = "Primes",
            ["description"] = "All about primes.",
            ["assessment_type"] = "exam",
            ["duration_minutes"] = 30,
            ["passing_score"] = 60,
        };
        foreach (var (field, value) in with)
            body[field] = value;
        return (await teacher.Post("teacher/assessments/", body)).Expect(201)["id"].GetGuid();
    }

    public static async Task<Guid> Question(
        this Caller teacher,
        Guid assessment,
        string type,
        int points = 1,
        string text = "Why?",
        bool required = false
    ) => (
            await teacher.Post(
                $"teacher/assessments/{assessment}/questions/",
                new
                {
                    text,
                    question_type = type,
                    points,
                    is_required = required,
                }
            )
        ).Expect(201)["id"].GetGuid();

    public static async Task<Guid> Option(this Caller teacher, Guid question, string text, bool correct) =>
        (await teacher.Post($"teacher/questions/{question}/options/", new { text, is_correct = correct }))
            .Expect(201)["id"]
            .GetGuid();

    public static async Task<Exam> Exam(this Caller teacher, params (string Field, object? Value)[] with)
    {
        var id = await teacher.Assessment(with);
        var choice = await teacher.Question(id, "multiple_choice", 2, "Which are prime?");
        var two = await teacher.Option(choice, "2", true);
        var three = await teacher.Option(choice, "3", true);
        var four = await teacher.Option(choice, "4", false);
        var truth = await teacher.Question(id, "true_false", 1, "Two is prime.");
        var yes = await teacher.Option(truth, "True", true);
        var no = await teacher.Option(truth, "False", false);
        var shortAnswer = await teacher.Question(id, "short_answer", 3, "Who proved it?");
        var accepted = await teacher.Option(shortAnswer, "Euclid", true);
        var essay = await teacher.Question(id, "essay", 4, "Why is two prime?");
        return new Exam(id, choice, two, three, four, truth, yes, no, shortAnswer, accepted, essay);
    }

    public static Task<Reply> Start(this Caller student, Caller teacher, Guid assessment) =>
        student.Post($"student/assessments/{assessment}/{teacher.Username}/start/");

    /// <summary>The id of a newly started attempt.</summary>
    public static async Task<Guid> Begin(this Caller student, Caller teacher, Guid assessment) =>
        (await student.Start(teacher, assessment)).Expect(201)["attempt_id"].GetGuid();

    public static Task<Reply> Save(this Caller student, Guid attempt, params object[] answers) =>
        student.Put($"students/attempts/{attempt}/answers/", new { answers });

    public static Task<Reply> Submit(this Caller student, Guid attempt, params object[] answers) =>
        student.Post($"students/attempts/{attempt}/submit/", new { answers });

    public static Task<Reply> Result(this Caller student, Guid attempt) =>
        student.Get($"student/attempts/{attempt}/result/");

    public static Task<Reply> Grade(this Caller teacher, Guid answer, int points, string? feedback = null) =>
        teacher.Post($"teacher/grading/answer/{answer}/", new { points_earned = points, feedback });

    /// <summary>The id of the only answer of the assessment that awaits grading.</summary>
    public static async Task<Guid> Pending(this Caller teacher, Guid assessment) =>
        (await teacher.Get($"teacher/grading/pending/?assessment_id={assessment}")).Expect(200)["0.id"].GetGuid();

    /// <summary>Gives the student a place in the course.</summary>
    public static Task Enroll(this Stack stack, Caller student, Guid course) =>
        stack.Execute(
            """
            INSERT INTO enrollments (id, course_id, student_id, teacher_id, price_paid, enrolled_at, completed_lessons)
            SELECT gen_random_uuid(), id, $2, teacher_id, 0, now(), 0 FROM courses WHERE id = $1
            """,
            course,
            student.Id
        );

    /// <summary>Lets time pass for an attempt: it started, and ends, earlier.</summary>
    public static Task Age(this Stack stack, Guid attempt, TimeSpan by) =>
        stack.Execute(
            "UPDATE attempts SET started_at = started_at - $2, expires_at = expires_at - $2 WHERE id = $1",
            attempt,
            by
        );

    public static async Task Execute(this Stack stack, string sql, params object[] values)
    {
        await using var database = await stack.Database();
        await using var command = Command(database, sql, values);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    public static async Task<T> Query<T>(this Stack stack, string sql, params object[] values)
    {
        await using var database = await stack.Database();
        await using var command = Command(database, sql, values);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static NpgsqlCommand Command(NpgsqlConnection database, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, database);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
