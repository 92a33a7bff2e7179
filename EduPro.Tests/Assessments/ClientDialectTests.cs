using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Assessments;

/// <summary>What the web client in use sends and reads, step by step through an exam.</summary>
public sealed class ClientDialectTests(Stack stack)
{
    private const string V1 = "/api/v1/";

    [Fact]
    public async Task The_client_runs_an_exam_from_form_to_result()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var course = await teacher.Course(title: "Algebra");
        await stack.Enroll(student, course);

        // 47, 48, 49: the form of an assessment.
        var exam = (
            await teacher.Post(
                V1 + "teacher/assessments/",
                new
                {
                    title = "Final",
                    assessment_type = "course_exam",
                    is_published = true,
                    is_timed = true,
                    time_limit = 45,
                    max_attempts = 2,
                    course,
                }
            )
        ).Expect(201)["id"].GetGuid();
        // 53, 57: multipart questions, options.
        using var form = new MultipartFormDataContent
        {
            { new StringContent(exam.ToString()), "assessment" },
            { new StringContent("Two is prime."), "question_text" },
            { new StringContent("true_false"), "question_type" },
            { new StringContent("3"), "mark" },
            { new StringContent("1"), "order" },
            { new StringContent("By definition."), "explanation" },
        };
        var question = (await teacher.Post(V1 + $"teacher/assessments/{exam}/questions/", form))
            .Expect(201)["id"]
            .GetGuid();
        var options = V1 + $"teacher/questions/{question}/options/";
        var yes = await Option("True", true, 1);
        await Option("False", false, 2);
        var essay = (
            await teacher.Post(
                V1 + $"teacher/assessments/{exam}/questions/",
                new
                {
                    question_text = "Why?",
                    question_type = "essay",
                    mark = 2,
                    order = 2,
                }
            )
        ).Expect(201)["id"].GetGuid();
        (
            await teacher.Put(
                V1 + $"teacher/questions/options/{yes}/",
                new
                {
                    question,
                    option_text = "True",
                    is_correct = true,
                    order = 1,
                }
            )
        ).Expect(200);
        (
            await teacher.Post(V1 + $"teacher/assessments/{exam}/questions/", new { question_text = "", mark = 0 })
        ).ExpectFault("mark", "Marks must be greater than 0.");

        var listed = (await teacher.Get(V1 + $"teacher/courses/{course}/assessments/")).Expect(200);
        Assert.Equal("Algebra", listed["0.related_to"].GetString());
        Assert.Equal((2, 5), (listed["0.total_questions"].GetInt32(), listed["0.total_marks"].GetInt32()));
        Assert.Equal((true, 45), (listed["0.is_timed"].GetBoolean(), listed["0.time_limit"].GetInt32()));
        Assert.True(listed["0.is_published"].GetBoolean());
        var shown = (await teacher.Get(V1 + $"teacher/assessments/{exam}/")).Expect(200);
        Assert.Equal(
            ("course", "Algebra"),
            (shown["related_to.type"].GetString(), shown["related_to.title"].GetString())
        );
        Assert.Equal(
            ("Two is prime.", 3, "By definition."),
            (
                shown["questions.0.question_text"].GetString(),
                shown["questions.0.mark"].GetInt32(),
                shown["questions.0.explanation"].GetString()
            )
        );
        Assert.Equal("True", shown["questions.0.options.0.option_text"].GetString());
        Assert.Equal(JsonValueKind.Number, shown["average_score"].ValueKind);

        // 62, 63, 64: the student.
        var offered = (await student.Get(V1 + $"student/assessments/{teacher.Username}/?course_id={course}")).Expect(
            200
        );
        Assert.True(offered["0.is_available"].GetBoolean());
        Assert.Equal(2, offered["0.max_attempts"].GetInt32());
        var started = (
            await student.Post(
                V1 + $"student/assessments/{exam}/{teacher.Username}/start/",
                new { assessment_id = exam }
            )
        ).Expect(201);
        Assert.Equal(45, started["time_limit"].GetInt32());
        Assert.Equal("Final", started["assessment.title"].GetString());
        Assert.Equal("Two is prime.", started["assessment.questions.0.question_text"].GetString());
        Assert.Equal("True", started["assessment.questions.0.options.0.option_text"].GetString());
        var attempt = started["attempt_id"].GetGuid();
        (
            await student.Put(
                V1 + $"students/attempts/{attempt}/submit/",
                new
                {
                    answers = new object[]
                    {
                        new { question_id = question, selected_option = yes },
                        new { question_id = essay, text_answer = "So." },
                    },
                }
            )
        ).Expect(200);

        // 66, 60, 61: waiting, grading, the result.
        var waiting = (await student.Get(V1 + $"student/attempts/{attempt}/result/")).Expect(202);
        Assert.Equal("Please wait until all questions are graded.", waiting["message"].GetString());
        var pending = (await teacher.Get(V1 + "teacher/grading/pending/")).Expect(200);
        Assert.Equal(
            ("Sara Haddad", "Final", "Why?", 2, "So."),
            (
                pending["0.student_name"].GetString(),
                pending["0.assessment_title"].GetString(),
                pending["0.question_text"].GetString(),
                pending["0.question_mark"].GetInt32(),
                pending["0.text_answer"].GetString()
            )
        );
        (
            await teacher.Put(
                V1 + $"teacher/grading/answer/{pending["0.id"].GetGuid()}/",
                new
                {
                    marks_awarded = "1",
                    teacher_feedback = "Why so?",
                    is_correct = true,
                }
            )
        ).Expect(200);
        var result = (await student.Get(V1 + $"student/attempts/{attempt}/result/")).Expect(200);
        Assert.Equal(
            ("Final", 4, 80.0),
            (result["assessment_title"].GetString(), result["score"].GetInt32(), result["percentage"].GetDouble())
        );
        Assert.True(result["is_passed"].GetBoolean());
        Assert.Equal(
            ("Two is prime.", "True", 3),
            (
                result["answers.0.question"].GetString(),
                result["answers.0.selected_option_text"].GetString(),
                result["answers.0.marks_awarded"].GetInt32()
            )
        );
        Assert.Equal(
            ("So.", "Why so?", true),
            (
                result["answers.1.text_answer"].GetString(),
                result["answers.1.teacher_feedback"].GetString(),
                result["answers.1.is_correct"].GetBoolean()
            )
        );
        // 65
        var attempts = (await student.Get(V1 + $"student/{teacher.Username}/attempts/")).Expect(200);
        Assert.Equal(
            ("Final", "exam", 80.0, true),
            (
                attempts["0.assessment_title"].GetString(),
                attempts["0.assessment_type"].GetString(),
                attempts["0.percentage"].GetDouble(),
                attempts["0.is_passed"].GetBoolean()
            )
        );

        async Task<Guid> Option(string text, bool correct, int order) => (
                await teacher.Post(
                    options,
                    new
                    {
                        question,
                        option_text = text,
                        is_correct = correct,
                        order,
                    }
                )
            ).Expect(201)["id"].GetGuid();
    }
}
