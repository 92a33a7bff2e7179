using EduPro.Tests.Support;

namespace EduPro.Tests.Assessments;

public sealed class GradingTests(Stack stack)
{
    [Fact]
    public async Task Pending_answers_are_listed_oldest_first_and_filtered()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var course = await teacher.Course();
        await stack.Enroll(student, course);
        var exam = await teacher.Exam(("course", course));
        var quiz = await teacher.Assessment(("assessment_type", "quiz"));
        var open = await teacher.Question(quiz, "short_answer", 2, "What do you think?");
        var first = await student.Begin(teacher, quiz);
        (await student.Submit(first, new { question = open, text_answer = "Much" })).Expect(200);
        var second = await student.Begin(teacher, exam.Id);
        (await student.Submit(second, exam.RightAnswers)).Expect(200);

        const string all = "teacher/grading/pending/";
        await Expect(all, first, second);
        await Expect($"{all}?assessment_id={exam.Id}", second);
        await Expect($"{all}?assessment_type=quiz", first);
        await Expect($"{all}?question_type=essay", second);
        await Expect($"{all}?question_type=essay&assessment_type=quiz");
        await Expect($"teacher/courses/{course}/grading/pending/", second);
        await Expect($"teacher/assessments/{quiz}/grading/pending/", first);
        await Expect($"{all}?page=2&page_size=1", second);
        Assert.Equal(0, (await other.Get(all)).Expect(200).Json.GetArrayLength());
        (await other.Get($"teacher/courses/{course}/grading/pending/")).Expect(403);
        (await teacher.Get($"{all}?assessment_id=x")).ExpectFault("assessment_id", "Must be a valid UUID.");
        (await teacher.Get($"{all}?assessment_type=x")).Expect(400);
        (await teacher.Get($"{all}?question_type=x")).ExpectFault("question_type", "Invalid question type.");

        async Task Expect(string path, params Guid[] attempts) =>
            Assert.Equal(
                attempts,
                (await teacher.Get(path))
                    .Expect(200)
                    .Json.EnumerateArray()
                    .Select(a => a.GetProperty("attempt").GetGuid())
            );
    }

    [Fact]
    public async Task Grading_again_replaces_the_grade_and_keeps_its_history()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        (await student.Submit(attempt, exam.RightAnswers)).Expect(200);
        var answer = await teacher.Pending(exam.Id);

        (await teacher.Grade(answer, 4, "Good")).Expect(200);
        var again = (await teacher.Put($"teacher/grading/answer/{answer}/", new { points_earned = "1" })).Expect(200);

        Assert.Equal((7, "graded"), (again["score"].GetInt32(), again["status"].GetString()));
        var result = (await student.Result(attempt)).Expect(200);
        Assert.Equal(
            (1, "Good"),
            (result["answers.3.points_earned"].GetInt32(), result["answers.3.feedback"].GetString())
        );
        var grades = (await teacher.Get($"teacher/grading/answer/{answer}/")).Expect(200);
        Assert.Equal((1, 4), (grades["points_earned"].GetInt32(), grades["points"].GetInt32()));
        Assert.Equal(
            ["null>4 Good", "4>1 Good"],
            grades["history"]
                .EnumerateArray()
                .Select(change =>
                    $"{change.GetProperty("points_before").GetRawText()}>{change.GetProperty("points_earned")} {change.GetProperty("feedback")}"
                )
        );
        using var other = await stack.Teacher();
        (await other.Get($"teacher/grading/answer/{answer}/")).Expect(403);
    }

    [Fact]
    public async Task Only_manual_answers_of_ones_own_are_graded_within_their_points()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        (await student.Submit(attempt, exam.RightAnswers)).Expect(200);
        var answer = await teacher.Pending(exam.Id);
        var path = $"teacher/grading/answer/{answer}/";

        foreach (var missing in new[] { Guid.CreateVersion7().ToString(), "x" })
            (await teacher.Post($"teacher/grading/answer/{missing}/", new { })).ExpectProblem(
                404,
                "Answer not found",
                "The specified student answer does not exist."
            );
        (await other.Post(path, new { })).ExpectProblem(
            403,
            "Permission denied",
            "You can only grade answers for your own questions."
        );
        (await teacher.Post(path, new { })).ExpectFault("points_earned", "This field is required.");
        (await teacher.Post(path, new { points_earned = "many" })).ExpectFault(
            "points_earned",
            "A valid integer is required."
        );
        (await teacher.Post(path, new { points_earned = 5 })).ExpectFault(
            "points_earned",
            "Points earned cannot exceed question points."
        );
        var both = await teacher.Post(path, new { points_earned = 5_000_000_000, is_correct = "perhaps" });
        both.ExpectFault("points_earned", "Points earned cannot exceed question points.");
        both.ExpectFault("is_correct", "Must be a valid boolean.");
        (await teacher.Post(path, new { points_earned = -1 })).ExpectFault(
            "points_earned",
            "Points earned cannot be negative."
        );
        var automatic = (await student.Result(attempt)).Expect(200)["answers.0.id"].GetGuid();
        (await teacher.Grade(automatic, 1)).ExpectProblem(
            400,
            "Cannot grade answer",
            "This answer is graded automatically."
        );
        (await student.Post(path, new { points_earned = 4 })).Expect(403);
    }

    [Fact]
    public async Task A_teacher_sees_the_attempts_of_an_assessment_and_of_a_student()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        (await student.Submit(attempt, exam.RightAnswers)).Expect(200);

        var ofExam = (await teacher.Get($"teacher/assessments/{exam.Id}/attempts/")).Expect(200);
        Assert.Equal((attempt, 60), (ofExam["0.id"].GetGuid(), ofExam["0.percentage"].GetInt32()));
        Assert.Equal((1, 1), (ofExam["0.attempt_number"].GetInt32(), ofExam["0.time_taken"].GetInt32()));
        Assert.Equal(
            (student.Username, "Sara"),
            (ofExam["0.student.username"].GetString(), ofExam["0.student.first_name"].GetString())
        );
        var ofStudent = (await teacher.Get($"teacher/assessments/attempts/{student.Username}/")).Expect(200);
        Assert.Equal(1, ofStudent["count"].GetInt32());
        Assert.Equal(
            ("Primes", "exam", "Ada Byron", "submitted"),
            (
                ofStudent["results.0.assessment_title"].GetString(),
                ofStudent["results.0.assessment_type"].GetString(),
                ofStudent["results.0.related_to"].GetString(),
                ofStudent["results.0.status"].GetString()
            )
        );
        Assert.True(ofStudent["results.0.is_passed"].GetBoolean());
        (await other.Get($"teacher/assessments/attempts/{student.Username}/")).ExpectProblem(
            404,
            "Student not found",
            "The specified student does not exist."
        );
    }
}
