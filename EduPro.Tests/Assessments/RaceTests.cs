using EduPro.Tests.Support;

namespace EduPro.Tests.Assessments;

public sealed class RaceTests(Stack stack)
{
    [Fact]
    public async Task Of_twenty_submissions_at_once_one_counts()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var twin = stack.Stranger(replica: 2);
        twin.Access = student.Access;
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? student : twin).Submit(attempt, exam.RightAnswers))
        );

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(
            replies.Where(reply => reply.Status != 200),
            reply =>
                reply.ExpectProblem(400, "Already submitted", "This assessment attempt has already been submitted.")
        );
        Assert.Equal(4L, await stack.Query<long>("SELECT count(*) FROM answers WHERE attempt_id = $1", attempt));
    }

    [Fact]
    public async Task A_repeated_submission_with_its_key_gets_the_first_answer_again()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        var key = ("Idempotency-Key", School.Unique("key"));
        var body = new { answers = exam.RightAnswers };

        var first = await student.Send(HttpMethod.Post, $"students/attempts/{attempt}/submit/", body, key);
        var second = await student.Send(HttpMethod.Post, $"students/attempts/{attempt}/submit/", body, key);

        Assert.Equal(first.Expect(200).Text, second.Expect(200).Text);
        (await student.Submit(attempt, exam.RightAnswers)).Expect(400);
    }

    [Fact]
    public async Task Of_many_starts_at_once_one_starts_and_the_others_join_it()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var twin = stack.Stranger(replica: 2);
        twin.Access = student.Access;
        var exam = await teacher.Exam(("max_attempts", 3));

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? student : twin).Start(teacher, exam.Id))
        );

        Assert.Single(replies, reply => reply.Status == 201);
        Assert.Equal(11, replies.Count(reply => reply.Status == 200));
        Assert.Single(replies.Select(reply => reply["attempt_id"].GetGuid()).Distinct());
        Assert.All(replies, reply => Assert.Equal(1, reply["attempt_number"].GetInt32()));
    }

    [Fact]
    public async Task A_save_is_in_before_the_submission_or_refused_after_it()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var twin = stack.Stranger(replica: 2);
        twin.Access = student.Access;
        var exam = await teacher.Exam(("max_attempts", 5));
        for (var round = 0; round < 5; round++)
        {
            var attempt = await student.Begin(teacher, exam.Id);
            var saves = Enumerable
                .Range(0, 6)
                .Select(i => twin.Save(attempt, new { question = exam.Essay, text_answer = $"saved {i}" }))
                .ToArray();
            var submitted = await student.Submit(attempt, exam.RightAnswers);

            submitted.Expect(200);
            Assert.All(
                await Task.WhenAll(saves),
                reply =>
                {
                    if (reply.Status != 200)
                        reply.ExpectProblem(
                            400,
                            "Already submitted",
                            "This assessment attempt has already been submitted."
                        );
                }
            );
            var result = (await student.Result(attempt)).Expect(200);
            Assert.Equal("Because two has no other divisors.", result["answers.3.student_answer"].GetString());
            Assert.Equal("{}", await stack.Query<string>("SELECT saved::text FROM attempts WHERE id = $1", attempt));
        }
    }

    [Fact]
    public async Task Saves_of_different_answers_at_once_are_all_kept()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);

        await Task.WhenAll(exam.RightAnswers.Select(async answer => (await student.Save(attempt, answer)).Expect(200)));

        Assert.Equal(4, (await student.Start(teacher, exam.Id)).Expect(200)["answers"].GetArrayLength());
    }

    [Fact]
    public async Task No_attempt_starts_on_half_a_change()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        for (var round = 0; round < 5; round++)
        {
            var assessment = await teacher.Assessment();
            var changes = Enumerable
                .Range(0, 4)
                .Select(i =>
                    teacher.Post(
                        $"teacher/assessments/{assessment}/questions/",
                        new
                        {
                            text = $"{i}",
                            question_type = "essay",
                            points = 1,
                        }
                    )
                )
                .ToArray();
            var started = (await student.Start(teacher, assessment)).Expect(201);

            var added = (await Task.WhenAll(changes)).Count(reply => reply.Status == 201);
            Assert.Equal(added, started["questions"].GetArrayLength());
        }
    }

    [Fact]
    public async Task Two_gradings_of_one_attempt_at_once_both_count()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var assessment = await teacher.Assessment();
        var essays = new[]
        {
            await teacher.Question(assessment, "essay", 5),
            await teacher.Question(assessment, "essay", 5),
            await teacher.Question(assessment, "essay", 5),
        };
        var attempt = await student.Begin(teacher, assessment);
        (
            await student.Submit(attempt, [.. essays.Select(id => (object)new { question = id, text_answer = "x" })])
        ).Expect(200);
        var pending = (await teacher.Get("teacher/grading/pending/")).Expect(200);

        await Task.WhenAll(
            pending
                .Json.EnumerateArray()
                .Select(async a => (await teacher.Grade(a.GetProperty("id").GetGuid(), 4)).Expect(200))
        );

        var result = (await student.Result(attempt)).Expect(200);
        Assert.Equal((12, "graded"), (result["score"].GetInt32(), result["status"].GetString()));
    }
}
