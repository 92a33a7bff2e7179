using EduPro.Tests.Support;
using static EduPro.Tests.WebClient.WebClientSchool;

namespace EduPro.Tests.WebClient;

public sealed partial class WebClientTests
{
    private const string Assessments = V1 + "teacher/assessments/";

    [Fact, Row(46)]
    public async Task A_teacher_lists_assessments()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(Assessments))
            .Expect(200)
            .ReadsEach("id,title,description,assessment_type,is_published,passing_score,created_at");
    }

    [Theory, Row(47)]
    [InlineData("/api/")]
    [InlineData(V1)]
    public async Task A_teacher_makes_an_assessment_timed_or_not(string prefix)
    {
        using var browser = await school.TeachersBrowser();
        var path = prefix + "teacher/assessments/";
        var timed = new Dictionary<string, object?>
        {
            ["title"] = "Final",
            ["assessment_type"] = "course_exam",
            ["is_published"] = true,
            ["is_timed"] = true,
            ["time_limit"] = 45,
            ["max_attempts"] = 2,
            ["course"] = school.Course,
        };
        var made = (await browser.Post(path, timed)).Expect(201);
        Assert.Equal(
            ("exam", 45, true, 2),
            (
                made["assessment_type"].GetString(),
                made["duration_minutes"].GetInt32(),
                made["is_active"].GetBoolean(),
                made["max_attempts"].GetInt32()
            )
        );
        timed.Remove("time_limit");
        (await browser.Post(path, timed)).ExpectFault("time_limit", "This field is required.");
        (timed["is_timed"], timed["is_published"]) = (false, false);
        (await browser.Post(path, timed)).Expect(201).Reads("duration_minutes(null),is_active(false)");
    }

    [Fact, Row(48)]
    public async Task A_teacher_lists_a_courses_assessments()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + $"teacher/courses/{school.Course}/assessments/"))
            .Expect(200)
            .ReadsEach(
                """
                id,title,assessment_type,is_published,related_to(string),total_questions(number),total_marks(number),
                is_timed,time_limit,max_attempts,is_available,created_at
                """
            );
    }

    [Fact, Row(49)]
    public async Task A_teacher_opens_an_assessment()
    {
        using var browser = await school.TeachersBrowser();
        var shown = (await browser.Get(Assessments + $"{school.Assessment}/"))
            .Expect(200)
            .Reads(
                """
                title,description,assessment_type,related_to{type,title},is_published,is_available,available_from,
                available_until,created_at,is_timed,time_limit,max_attempts,total_questions,total_marks,passing_score,
                total_attempts,average_score(number),questions[].{id,question_text,question_type,mark(number),order,
                explanation,image,options}
                """
            );
        Assert.Equal(
            ("course", "Optics"),
            (shown["related_to.type"].GetString(), shown["related_to.title"].GetString())
        );
        (await browser.Get(Assessments + $"{await Quiz()}/"))
            .Expect(200)
            .Reads("questions[].options[].{id,option_text,is_correct,order}");
    }

    [Fact, Row(50)]
    public async Task A_teacher_edits_an_assessment()
    {
        using var browser = await school.TeachersBrowser();
        var edited = (
            await browser.Patch(
                Assessments + $"{await Quiz()}/",
                new
                {
                    title = "Primes",
                    description = "",
                    is_published = true,
                    is_timed = true,
                    time_limit = 10,
                    max_attempts = 3,
                    passing_score = 70,
                    available_from = (string?)null,
                    available_until = (string?)null,
                }
            )
        ).Expect(200);
        Assert.Equal((10, 3), (edited["time_limit"].GetInt32(), edited["max_attempts"].GetInt32()));
        (await browser.Patch(Assessments + $"{school.Assessment}/", new { passing_score = 700 }))
            .Expect(400)
            .Reads("passing_score[]");
    }

    [Fact, Row(51)]
    public async Task A_teacher_deletes_an_assessment()
    {
        using var browser = await school.TeachersBrowser();
        var path = Assessments + $"{await Quiz()}/";
        Assert.InRange((await browser.Delete(path)).Status, 200, 299);
        (await browser.Get(path)).Expect(404);
    }

    [Fact, Row(52)]
    public async Task A_teacher_lists_an_assessments_attempts()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(Assessments + $"{school.Assessment}/attempts/"))
            .Expect(200)
            .ReadsEach(
                """
                id,attempt_number,status,score,total_points,percentage,started_at,submitted_at,time_taken,
                student.{avatar,username,first_name,last_name}
                """
            );
    }

    [Fact, Row(53)]
    public async Task A_teacher_adds_a_question_with_a_picture()
    {
        using var browser = await school.TeachersBrowser();
        var quiz = await Quiz();
        var form = Form(
            ("assessment", $"{quiz}"),
            ("question_text", "Two is prime."),
            ("question_type", "true_false"),
            ("mark", "3"),
            ("order", "2"),
            ("explanation", "By definition.")
        );
        With(form, "image", "two.png", Picture());
        (await browser.Post(Assessments + $"{quiz}/questions/", form)).Expect(201).Reads("id,image(string)");
        (await browser.Post(Assessments + $"{quiz}/questions/", new { question_text = "", mark = 0 })).ExpectFault(
            "mark",
            "Marks must be greater than 0."
        );
    }

    [Fact, Row(54)]
    public async Task A_teacher_lists_questions()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(Assessments + $"{school.Assessment}/questions/")).Expect(200).ReadsEach("id,question_text");
    }

    [Fact, Row(55)]
    public async Task A_teacher_edits_a_question()
    {
        using var browser = await school.TeachersBrowser();
        var question = await Question(await Quiz());
        var edited = (
            await browser.Patch(
                Assessments + $"questions/{question}/",
                new
                {
                    question_text = "Three is prime.",
                    question_type = "multiple_choice",
                    mark = 5,
                    order = 1,
                }
            )
        ).Expect(200);
        Assert.Equal(("Three is prime.", 5), (edited["question_text"].GetString(), edited["mark"].GetInt32()));
    }

    [Fact, Row(56)]
    public async Task A_teacher_deletes_a_question()
    {
        using var browser = await school.TeachersBrowser();
        var question = await Question(await Quiz());
        Assert.InRange((await browser.Delete(Assessments + $"questions/{question}/")).Status, 200, 299);
    }

    [Fact, Row(57)]
    public async Task A_teacher_adds_an_option()
    {
        using var browser = await school.TeachersBrowser();
        var added = await Option(browser, await Question(await Quiz()));
        Assert.Equal("Three", added["option_text"].GetString());
    }

    [Fact, Row(58)]
    public async Task A_teacher_replaces_an_option()
    {
        using var browser = await school.TeachersBrowser();
        var question = await Question(await Quiz());
        var option = (await Option(browser, question))["id"].GetGuid();
        var replaced = (
            await browser.Put(
                V1 + $"teacher/questions/options/{option}/",
                new
                {
                    question,
                    option_text = "Five",
                    is_correct = false,
                    order = 1,
                }
            )
        ).Expect(200);
        Assert.Equal("Five", replaced["option_text"].GetString());
    }

    [Fact, Row(59)]
    public async Task A_teacher_deletes_an_option()
    {
        using var browser = await school.TeachersBrowser();
        var option = (await Option(browser, await Question(await Quiz())))["id"].GetGuid();
        Assert.InRange((await browser.Delete(V1 + $"teacher/questions/options/{option}/")).Status, 200, 299);
    }

    [Fact, Row(60)]
    public async Task A_teacher_sees_what_waits_for_a_grade()
    {
        using var browser = await school.TeachersBrowser();
        var pending = (await browser.Get(V1 + $"teacher/grading/pending/?assessment_id={school.Assessment}"))
            .Expect(200)
            .ReadsEach(
                """
                id,student_name,attempt_id,assessment_title,question_text,question_mark,text_answer,marks_awarded,
                is_correct,teacher_feedback
                """
            );
        Assert.Equal(school.UngradedAttempt, pending["0.attempt_id"].GetGuid());
    }

    [Fact, Row(61)]
    public async Task A_teacher_grades_with_marks_as_text()
    {
        using var student = await school.Stack.Student(school.Teacher);
        var quiz = await Quiz();
        var essay = await school.Teacher.Question(quiz, "essay", 4);
        (
            await student.Submit(
                await student.Begin(school.Teacher, quiz),
                new { question = essay, text_answer = "So." }
            )
        ).Expect(200);
        using var browser = await school.TeachersBrowser();
        (
            await browser.Put(
                V1 + $"teacher/grading/answer/{await school.Teacher.Pending(quiz)}/",
                new
                {
                    marks_awarded = "2",
                    teacher_feedback = "Why so?",
                    is_correct = true,
                }
            )
        ).Expect(200);
    }

    [Fact, Row(62)]
    public async Task A_student_lists_a_courses_assessments()
    {
        using var browser = await school.StudentsBrowser();
        (await browser.Get(V1 + $"student/assessments/{school.Teacher.Username}/?course_id={school.Course}"))
            .Expect(200)
            .ReadsEach(
                """
                id,title,description,assessment_type,related_to(string),is_timed,time_limit,total_questions,
                total_marks,max_attempts,is_available
                """
            );
    }

    [Fact, Row(63)]
    public async Task A_student_starts()
    {
        using var student = await school.Stack.Student(school.Teacher);
        var quiz = await Quiz();
        (
            await student.Post(
                V1 + $"student/assessments/{quiz}/{school.Teacher.Username}/start/",
                new { assessment_id = quiz }
            )
        )
            .Expect(201)
            .Reads(
                """
                attempt_id,time_limit(number),assessment.{id,title,description,max_attempts,
                questions[].{id,question_text,question_type,mark,options[].{id,option_text}}}
                """
            );
    }

    [Fact, Row(64)]
    public async Task A_student_submits_with_put_leaving_questions_out()
    {
        using var student = await school.Stack.Student(school.Teacher);
        var quiz = await Quiz();
        await school.Teacher.Question(quiz, "essay", 4);
        var started = (await student.Start(school.Teacher, quiz)).Expect(201);
        (
            await student.Put(
                V1 + $"students/attempts/{started["attempt_id"].GetGuid()}/submit/",
                new
                {
                    answers = new[]
                    {
                        new
                        {
                            question_id = started["questions.0.id"].GetGuid(),
                            selected_option = started["questions.0.options.0.id"].GetGuid(),
                        },
                    },
                }
            )
        ).Expect(200);
    }

    [Fact, Row(65)]
    public async Task A_student_lists_attempts()
    {
        using var browser = await school.StudentsBrowser();
        (await browser.Get(V1 + $"student/{school.Teacher.Username}/attempts/"))
            .Expect(200)
            .ReadsEach("id,assessment_title,assessment_type,score,percentage,time_taken,is_passed,started_at");
    }

    [Fact, Row(66)]
    public async Task A_student_waits_for_the_grades_then_sees_the_result()
    {
        using var browser = await school.StudentsBrowser();
        var waiting = (await browser.Get(V1 + $"student/attempts/{school.UngradedAttempt}/result/")).Expect(202);
        Assert.Equal("Please wait until all questions are graded.", waiting["message"].GetString());
        var result = (await browser.Get(V1 + $"student/attempts/{school.GradedAttempt}/result/"))
            .Expect(200)
            .Reads(
                """
                assessment_title,attempt_number,status,score,percentage,time_taken,is_passed,
                answers[].{id,question(string),selected_option_text,text_answer,marks_awarded,is_correct,
                teacher_feedback}
                """
            );
        Assert.Equal("2", result["answers.0.selected_option_text"].GetString());
        Assert.Equal("Nearly.", result["answers.1.teacher_feedback"].GetString());
        (await browser.Get(V1 + $"student/attempts/{Guid.Empty}/result/")).Expect(404);
    }

    /// <summary>A timed assessment outside any course with a question that has an option.</summary>
    private async Task<Guid> Quiz()
    {
        var quiz = await school.Teacher.Assessment();
        await school.Teacher.Option(await Question(quiz), "Two", correct: true);
        return quiz;
    }

    private Task<Guid> Question(Guid assessment) => school.Teacher.Question(assessment, "multiple_choice", 2);

    private static async Task<Reply> Option(Caller browser, Guid question) =>
        (
            await browser.Post(
                V1 + $"teacher/questions/{question}/options/",
                new
                {
                    question,
                    option_text = "Three",
                    is_correct = true,
                    order = 1,
                }
            )
        ).Expect(201);
}
