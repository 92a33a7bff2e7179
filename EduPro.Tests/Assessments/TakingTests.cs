using EduPro.Tests.Support;

namespace EduPro.Tests.Assessments;

public sealed class TakingTests(Stack stack)
{
    private const string Expired = "Assessment expired",
        ExpiredDetail = "The time limit for this assessment has expired.";

    [Fact]
    public async Task Nothing_of_what_is_correct_leaks_before_submission()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam(("max_attempts", 2));
        (await teacher.Patch($"teacher/assessments/questions/{exam.Choice}/", new { explanation = "TELLTALE" })).Expect(
            200
        );

        var first = (await student.Start(teacher, exam.Id)).Expect(201);
        var attempt = first["attempt_id"].GetGuid();
        Reply[] seen =
        [
            first,
            (await student.Start(teacher, exam.Id)).Expect(200),
            await student.Post($"/api/v1/student/assessments/{exam.Id}/{teacher.Username}/start/"),
            (await student.Get($"student/assessments/{teacher.Username}/")).Expect(200),
            (await student.Get($"/api/v1/student/assessments/{teacher.Username}/")).Expect(200),
            (await student.Save(attempt, new { question = exam.Proof, text_answer = "Gauss" })).Expect(200),
            (await student.Result(attempt)).Expect(200),
            (await student.Get($"/api/v1/student/attempts/{attempt}/result/")).Expect(202),
            (await student.Get($"student/{teacher.Username}/attempts/")).Expect(200),
        ];

        Assert.All(
            seen,
            reply =>
            {
                foreach (var secret in new[] { "is_correct", "correct_answer", "TELLTALE", "Euclid" })
                    Assert.DoesNotContain(secret, reply.Text, StringComparison.Ordinal);
            }
        );
        Assert.Equal(0, first["questions.2.options"].GetArrayLength());
        Assert.Equal(["id", "text"], first["questions.0.options.0"].EnumerateObject().Select(p => p.Name));
        (await student.Submit(attempt)).Expect(200);
        Assert.Contains("TELLTALE", (await student.Result(attempt)).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_attempts_of_others_do_not_exist()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var other = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);

        foreach (var id in new[] { attempt.ToString(), Guid.CreateVersion7().ToString(), "nonsense" })
        {
            Reply[] replies =
            [
                await other.Get($"student/attempts/{id}/result/"),
                await other.Put($"students/attempts/{id}/answers/", new { }),
                await other.Post($"students/attempts/{id}/submit/", new { }),
            ];
            Assert.All(
                replies,
                reply =>
                    reply.ExpectProblem(404, "Attempt not found", "The specified assessment attempt does not exist.")
            );
        }
        Assert.Equal(0, (await other.Get($"student/{teacher.Username}/attempts/")).Expect(200).Json.GetArrayLength());
        (await teacher.Post($"students/attempts/{attempt}/submit/")).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for students."
        );
    }

    [Fact]
    public async Task Only_students_of_the_teacher_and_of_the_course_take_part()
    {
        using var teacher = await stack.Teacher();
        using var elsewhere = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var stranger = await stack.Student(elsewhere);
        var course = await teacher.Course();
        var module = await teacher.Module(course);
        var exam = await teacher.Assessment(("module", module));
        var list = $"student/assessments/{teacher.Username}/";

        (await stranger.Start(teacher, exam)).ExpectProblem(
            403,
            "Permission denied",
            "You are not registered with this teacher."
        );
        (await stranger.Get(list)).Expect(403);
        (await stranger.Get($"student/{teacher.Username}/attempts/")).Expect(403);
        (await student.Start(elsewhere, exam)).ExpectProblem(
            404,
            "Assessment not found",
            "The specified assessment does not exist."
        );
        (await student.Post($"student/assessments/{exam}/nobody-here/start/")).ExpectProblem(
            404,
            "Teacher not found",
            "Teacher with this username does not exist."
        );
        (await student.Post($"student/assessments/x/{teacher.Username}/start/")).Expect(404);
        (await student.Start(teacher, exam)).ExpectProblem(
            403,
            "Not enrolled",
            "You must be enrolled in the course to take this assessment."
        );
        Assert.Equal(0, (await student.Get(list)).Expect(200).Json.GetArrayLength());

        await stack.Enroll(student, course);
        Assert.Equal(1, (await student.Get($"{list}?course_id={course}")).Expect(200).Json.GetArrayLength());
        Assert.Equal(0, (await student.Get($"{list}?course_id={module}")).Expect(200).Json.GetArrayLength());
        (await student.Get($"{list}?course_id=x")).ExpectFault("course_id", "Must be a valid UUID.");
        var attempt = await student.Begin(teacher, exam);

        await stack.Execute("UPDATE teacher_students SET is_active = false WHERE student_id = $1", student.Id);
        Reply[] blocked =
        [
            await student.Start(teacher, exam),
            await student.Get(list),
            await student.Save(attempt),
            await student.Submit(attempt),
            await student.Result(attempt),
        ];
        Assert.All(
            blocked,
            reply => reply.ExpectProblem(403, "Account blocked", "Your account has been blocked by the teacher.")
        );
        await stack.Execute(
            "UPDATE teacher_students SET is_active = true, removed_at = now() WHERE student_id = $1",
            student.Id
        );
        (await student.Submit(attempt)).Expect(403);
    }

    [Fact]
    public async Task What_hangs_on_a_draft_is_a_draft()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var course = await teacher.Course();
        await stack.Enroll(student, course);
        var module = await teacher.Module(course);
        var exam = await teacher.Assessment(("lesson", await teacher.Lesson(module)));
        var list = $"student/assessments/{teacher.Username}/";
        Assert.Equal(1, (await student.Get(list)).Expect(200).Json.GetArrayLength());

        await stack.Execute("UPDATE modules SET is_published = false WHERE id = $1", module);

        Assert.Equal(0, (await student.Get(list)).Expect(200).Json.GetArrayLength());
        (await student.Start(teacher, exam)).ExpectProblem(
            400,
            "Assessment not available",
            "This assessment is not active or available for students."
        );
    }

    [Fact]
    public async Task An_assessment_starts_only_while_it_is_active_and_in_its_window()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var now = TimeProvider.System.GetUtcNow();

        foreach (
            var change in new object[]
            {
                new { is_active = false },
                new { is_active = true, available_from = now.AddHours(1) },
                new { available_from = now.AddHours(-2), available_until = now.AddHours(-1) },
            }
        )
        {
            (await teacher.Patch($"teacher/assessments/{exam.Id}/", change)).Expect(200);
            (await student.Start(teacher, exam.Id)).ExpectProblem(
                400,
                "Assessment not available",
                "This assessment is not active or available for students."
            );
        }
        (await teacher.Patch($"teacher/assessments/{exam.Id}/", new { available_until = now.AddHours(1) })).Expect(200);
        var attempt = await student.Begin(teacher, exam.Id);
        (await teacher.Patch($"teacher/assessments/{exam.Id}/", new { available_until = now.AddDays(-2) })).ExpectFault(
            "available_until",
            "Must be after available_from."
        );

        // A running attempt goes on, also when the assessment is withdrawn.
        (await teacher.Patch($"teacher/assessments/{exam.Id}/", new { is_active = false })).Expect(200);
        Assert.Equal(attempt, (await student.Start(teacher, exam.Id)).Expect(200)["attempt_id"].GetGuid());
    }

    [Fact]
    public async Task A_closed_tab_does_not_cost_the_exam()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);

        (await student.Save(attempt, new { question = exam.Choice, selected_options = new[] { exam.Two } })).Expect(
            200
        );
        (await student.Save(attempt, new { question = exam.Essay, text_answer = "Because" })).Expect(200);
        (await student.Save(attempt, new { question = exam.Essay, text_answer = "Because of" })).Expect(200);

        var resumed = (await student.Start(teacher, exam.Id)).Expect(200);
        Assert.Equal(attempt, resumed["attempt_id"].GetGuid());
        var saved = resumed["answers"].EnumerateArray().ToDictionary(a => a.GetProperty("question").GetGuid());
        Assert.Equal(2, saved.Count);
        Assert.Equal("Because of", saved[exam.Essay].GetProperty("text_answer").GetString());
        Assert.Equal(exam.Two, saved[exam.Choice].GetProperty("selected_options")[0].GetGuid());
    }

    [Fact]
    public async Task Attempts_are_numbered_up_to_the_limit()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam(("max_attempts", 2));

        foreach (var number in new[] { 1, 2 })
        {
            var started = (await student.Start(teacher, exam.Id)).Expect(201);
            Assert.Equal(number, started["attempt_number"].GetInt32());
            (await student.Submit(started["attempt_id"].GetGuid())).Expect(200);
        }
        (await student.Start(teacher, exam.Id)).ExpectProblem(
            400,
            "Already attempted",
            "You have already attempted this assessment."
        );
    }

    [Fact]
    public async Task Faults_of_a_submission_are_told_each_at_its_place()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        (await teacher.Patch($"teacher/assessments/questions/{exam.Essay}/", new { is_required = true })).Expect(200);
        var attempt = await student.Begin(teacher, exam.Id);

        (await student.Post($"students/attempts/{attempt}/submit/", new { })).ExpectFault(
            "answers",
            "This field is required."
        );
        var faults = await student.Submit(
            attempt,
            new { question = exam.Choice },
            new { question = exam.Truth },
            new { question = exam.Proof, text_answer = " " },
            new { question = exam.Four, text_answer = "x" },
            new { question = exam.Proof, text_answer = "twice" }
        );
        faults.ExpectFault(
            "answers.0.selected_options",
            "Selected options are required for multiple_choice questions."
        );
        faults.ExpectFault("answers.1.true_false_answer", "True/false answer is required for true_false questions.");
        faults.ExpectFault("answers.2.text_answer", "Text answer is required for short_answer/essay questions.");
        faults.ExpectFault("answers.3.question", "Invalid question ID.");
        faults.ExpectFault("answers.4.question", "Invalid question ID.");
        faults.ExpectFault("answers", $"Question {exam.Essay} is required.");
        (await student.Submit(attempt, new { question = "x" })).ExpectFault(
            "answers.0.question",
            "Invalid question ID."
        );
        (
            await student.Submit(attempt, new { question = exam.Choice, selected_options = new[] { exam.True } })
        ).ExpectFault("answers.0.selected_options", $"Invalid pk \"{exam.True}\" - object does not exist.");
        (await student.Save(attempt, new { question = exam.Four })).ExpectFault(
            "answers.0.question",
            "Invalid question ID."
        );
        (await student.Save(attempt, new { question = exam.Essay, text_answer = "" })).Expect(200);
        (await student.Submit(attempt, exam.RightAnswers)).Expect(200);
    }

    [Fact]
    public async Task A_partial_submission_counts_its_gaps_as_blanks()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);

        var submitted = (
            await student.Submit(attempt, new { question = exam.Truth, selected_options = new[] { exam.True } })
        ).Expect(200);

        Assert.Equal((1, 10), (submitted["score"].GetInt32(), submitted["total_points"].GetInt32()));
        Assert.Equal("graded", submitted["status"].GetString());
        Assert.False(submitted["passed"].GetBoolean());
        var result = (await student.Result(attempt)).Expect(200);
        Assert.Equal(4, result["answers"].GetArrayLength());
        Assert.Equal("", result["answers.3.student_answer"].GetString());
    }

    [Fact]
    public async Task After_the_time_and_its_grace_nothing_more_is_taken()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        await stack.Age(attempt, TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(3));

        // The worker may or may not have been there in between.
        (await student.Save(attempt, new { question = exam.Essay, text_answer = "late" })).ExpectProblem(
            400,
            Expired,
            ExpiredDetail
        );
        (await student.Submit(attempt, exam.RightAnswers)).ExpectProblem(400, Expired, ExpiredDetail);
        (await student.Start(teacher, exam.Id)).Expect(400);
    }

    [Fact]
    public async Task The_worker_hands_in_what_was_saved_once()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        (await student.Save(attempt, new { question = exam.Truth, true_false_answer = true })).Expect(200);
        (await student.Save(attempt, new { question = exam.Essay, text_answer = "Half of it" })).Expect(200);
        await stack.Age(attempt, TimeSpan.FromHours(1));

        var patience = TimeProvider.System.GetUtcNow().AddSeconds(60);
        Reply result;
        while ((result = (await student.Result(attempt)).Expect(200))["status"].GetString() == "in_progress")
        {
            Assert.True(TimeProvider.System.GetUtcNow() < patience, "The attempt is still running.");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, "submitted"), (result["score"].GetInt32(), result["status"].GetString()));
        Assert.Equal("Half of it", result["answers.3.student_answer"].GetString());
        Assert.Equal(
            TimeSpan.FromMinutes(30),
            result["submitted_at"].GetDateTimeOffset() - result["started_at"].GetDateTimeOffset()
        );
        Assert.Equal(4L, await stack.Query<long>("SELECT count(*) FROM answers WHERE attempt_id = $1", attempt));
        (await student.Submit(attempt)).ExpectProblem(400, Expired, ExpiredDetail);
        Assert.Equal(
            attempt,
            (await teacher.Get($"teacher/grading/pending/?assessment_id={exam.Id}")).Expect(200)["0.attempt"].GetGuid()
        );
    }

    [Fact]
    public async Task An_untimed_attempt_has_no_end()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var quiz = (
            await teacher.Post(
                "teacher/assessments/",
                new
                {
                    title = "Untimed",
                    assessment_type = "quiz",
                    is_published = true,
                    is_timed = false,
                    max_attempts = 1,
                }
            )
        ).Expect(201)["id"].GetGuid();

        var started = (await student.Start(teacher, quiz)).Expect(201);

        Assert.Equal("null", started["expires_at"].GetRawText());
        (await student.Submit(started["attempt_id"].GetGuid())).Expect(200);
    }
}
