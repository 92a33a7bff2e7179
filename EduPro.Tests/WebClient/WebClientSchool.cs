using EduPro.Tests.Media;
using EduPro.Tests.Support;
using NetVips;

namespace EduPro.Tests.WebClient;

/// <summary>
/// A school that has everything the client's pages show: a teacher and a student in two browsers, a course with a
/// module and a lesson, a free one, a rating, a used voucher, an assessment with one attempt graded and one not.
/// </summary>
public sealed class WebClientSchool(Stack stack) : IAsyncLifetime
{
    /// <summary>Where the client's pages come from.</summary>
    public const string Origin = "http://localhost:5173";

    public Stack Stack => stack;
    public Caller Teacher { get; private set; } = null!;
    public Caller Student { get; private set; } = null!;
    public Guid Category { get; private set; }
    public Guid Course { get; private set; }
    public Guid Module { get; private set; }
    public Guid Lesson { get; private set; }
    public Guid Assessment { get; private set; }
    public Guid Question { get; private set; }
    public Guid GradedAttempt { get; private set; }
    public Guid UngradedAttempt { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Category = await stack.Category();
        Teacher = await stack.Teacher();
        Course = await Teacher.Course(title: "Optics");
        Module = await Teacher.Module(Course);
        Lesson = await Teacher.Lesson(Module);
        Student = await stack.Student(Teacher);
        var voucher = (await Teacher.Post("coupon/create/", new { number_of_coupons = 1, price = "60.00" }))
            .Expect(201)["code"]
            .GetString();
        (await Student.Enroll(Course, voucher)).Expect(201);
        (await Student.Post($"courses/{Course}/ratings/create/", new { rating = 5, comment = "Bright." })).Expect(201);

        Assessment = await Teacher.Assessment(("course", Course), ("max_attempts", 9));
        Question = await Teacher.Question(Assessment, "multiple_choice", 2, "Which is prime?");
        var right = await Teacher.Option(Question, "2", correct: true);
        var essay = await Teacher.Question(Assessment, "essay", 4, "Why?");
        GradedAttempt = await Attempt();
        (await Teacher.Grade(await Teacher.Pending(Assessment), 3, "Nearly.")).Expect(200);
        UngradedAttempt = await Attempt();

        async Task<Guid> Attempt()
        {
            var attempt = await Student.Begin(Teacher, Assessment);
            (
                await Student.Submit(
                    attempt,
                    new { question = Question, selected_options = new[] { right } },
                    new { question = essay, text_answer = "It has no other divisors." }
                )
            ).Expect(200);
            return attempt;
        }
    }

    /// <summary>A browser in which nobody is logged in yet.</summary>
    public Caller Browser() => stack.Browser(Origin);

    /// <summary>The teacher's browser, logged in by cookies alone.</summary>
    public Task<Caller> TeachersBrowser() => LoggedIn("teacher/login/", Teacher);

    /// <summary>The student's browser, logged in by cookies alone.</summary>
    public Task<Caller> StudentsBrowser() => LoggedIn($"student/login/{Teacher.Username}/", Student);

    /// <summary>What a browser sends for a FormData with these entries.</summary>
    public static MultipartFormDataContent Form(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    /// <summary>What a browser sends for a FormData without entries.</summary>
    public static StringContent EmptyForm()
    {
        var form = new StringContent("------WebKitFormBoundaryABC--\r\n");
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=----WebKitFormBoundaryABC");
        return form;
    }

    /// <summary>Adds a file as a file input does.</summary>
    public static MultipartFormDataContent With(
        MultipartFormDataContent form,
        string name,
        string fileName,
        byte[] file
    )
    {
        form.Add(new ByteArrayContent(file), name, fileName);
        return form;
    }

    public static byte[] Picture()
    {
        using var picture = Pictures.Plain(64, 48);
        return picture.PngsaveBuffer();
    }

    public ValueTask DisposeAsync()
    {
        Teacher.Dispose();
        Student.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Caller> LoggedIn(string path, Caller account)
    {
        var browser = Browser();
        (await browser.Post("/api/v1/" + path, new { email = account.Email, password = account.Password })).Expect(200);
        return browser;
    }
}
