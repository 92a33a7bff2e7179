using EduPro.Tests.Support;

namespace EduPro.Tests.Assessments;

public sealed class ExamJourneyTests(Stack stack)
{
    [Fact]
    public async Task A_student_takes_an_exam_of_all_four_types_and_the_teacher_grades_the_essay()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher, replica: 2);
        var exam = await teacher.Exam();

        var available = (await student.Get($"student/assessments/{teacher.Username}/")).Expect(200);
        Assert.Equal(exam.Id, available["0.id"].GetGuid());
        Assert.Equal(30, available["0.duration_minutes"].GetInt32());

        var started = (await student.Start(teacher, exam.Id)).Expect(201);
        Assert.Equal(
            TimeSpan.FromMinutes(30),
            started["expires_at"].GetDateTimeOffset() - started["started_at"].GetDateTimeOffset()
        );
        Assert.Equal(
            ["multiple_choice", "true_false", "short_answer", "essay"],
            started["questions"].EnumerateArray().Select(q => q.GetProperty("question_type").GetString()!)
        );
        var attempt = started["attempt_id"].GetGuid();

        var submitted = (await student.Submit(attempt, exam.RightAnswers)).Expect(200);
        Assert.Equal("Assessment submitted successfully", submitted["message"].GetString());
        Assert.Equal((6, 10), (submitted["score"].GetInt32(), submitted["total_points"].GetInt32()));
        Assert.True(submitted["passed"].GetBoolean());

        var pending = (await teacher.Get("teacher/grading/pending/")).Expect(200);
        Assert.Equal(1, pending.Json.GetArrayLength());
        Assert.Equal("Because two has no other divisors.", pending["0.student_answer"].GetString());
        Assert.Equal("Why is two prime?", pending["0.question.text"].GetString());
        Assert.Equal(student.Username, pending["0.student.username"].GetString());
        Assert.Equal((exam.Id, attempt), (pending["0.assessment.id"].GetGuid(), pending["0.attempt"].GetGuid()));

        var graded = (await teacher.Grade(pending["0.id"].GetGuid(), 3, "Say more.")).Expect(200);
        Assert.Equal("Answer graded successfully", graded["message"].GetString());
        Assert.Equal(0, (await teacher.Get("teacher/grading/pending/")).Expect(200).Json.GetArrayLength());

        var result = (await student.Result(attempt)).Expect(200);
        Assert.Equal((9, "graded"), (result["score"].GetInt32(), result["status"].GetString()));
        Assert.Equal(["2", "3"], result["answers.0.student_answer"].EnumerateArray().Select(t => t.GetString()!));
        Assert.Equal(["2", "3"], result["answers.0.correct_answer"].EnumerateArray().Select(t => t.GetString()!));
        Assert.Equal("True", result["answers.1.student_answer"].GetString());
        Assert.Equal("Euclid", result["answers.2.correct_answer"].GetString());
        Assert.Equal(
            (3, "Say more."),
            (result["answers.3.points_earned"].GetInt32(), result["answers.3.feedback"].GetString())
        );
        Assert.Equal(exam.Essay, result["answers.3.question.id"].GetGuid());

        var attempts = (await student.Get($"student/{teacher.Username}/attempts/")).Expect(200);
        Assert.Equal((attempt, 9), (attempts["0.id"].GetGuid(), attempts["0.score"].GetInt32()));
        Assert.Equal("exam", attempts["0.assessment.assessment_type"].GetString());
        (await student.Start(teacher, exam.Id)).ExpectProblem(
            400,
            "Already attempted",
            "You have already attempted this assessment."
        );
    }

    [Fact]
    public async Task Whatever_the_teacher_changes_a_past_attempt_shows_and_scores_what_was_asked()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        (
            await teacher.Patch(
                $"teacher/assessments/questions/{exam.Choice}/",
                new { text = "Other words", order = 4 }
            )
        ).Expect(200);
        (await teacher.Patch($"teacher/questions/options/{exam.Two}/", new { text = "two" })).Expect(200);
        (await teacher.Patch($"teacher/assessments/{exam.Id}/", new { passing_score = 100, is_active = false })).Expect(
            200
        );

        var submitted = (await student.Submit(attempt, exam.RightAnswers)).Expect(200);

        Assert.Equal(6, submitted["score"].GetInt32());
        Assert.True(submitted["passed"].GetBoolean());
        var result = (await student.Result(attempt)).Expect(200);
        Assert.Equal("Which are prime?", result["answers.0.question.text"].GetString());
        Assert.Equal("2", result["answers.0.correct_answer.0"].GetString());
    }
}
