using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EduPro.Api.Http;
using EduPro.Data.Sales;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;
using EduPro.Domain.Enrollments;
using EduPro.Tests.Media;
using EduPro.Tests.Support;
using EduPro.Tests.Video;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EduPro.Tests.Contract;

/// <summary>
/// What <c>errors.txt</c> has in braces, by name: each is brought about when it is first asked for, and stays, since
/// what is refused changes nothing.
/// </summary>
public sealed partial class Situations(Stack stack) : IAsyncLifetime
{
    private readonly Dictionary<string, Task<string>> known = [];
    private readonly List<Caller> extras = [];
    private Exam exam = null!,
        running = null!;
    private JsonElement coupon;

    public ContractSchool School { get; } = new(stack);

    private Caller Owner => School.Owner;
    private Caller Enrolled => School.Enrolled;
    private Guid Course => Guid.Parse(School.Ids["course_id"]);
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await School.InitializeAsync();
        await School.Renew();
        exam = await Owner.Exam();
        running = await Owner.Exam();
        coupon = (await Owner.Coupon(code: Support.School.Unique("TAKEN"))).Json;
    }

    public async ValueTask DisposeAsync()
    {
        extras.ForEach(caller => caller.Dispose());
        await School.DisposeAsync();
    }

    /// <summary>The text with what stands in its braces.</summary>
    public async Task<string> Fill(string text)
    {
        foreach (var name in Braces().Matches(text).Select(match => match.Groups[1].Value).Distinct())
            text = text.Replace($"{{{name}}}", await Value(name), StringComparison.Ordinal);
        return text;
    }

    /// <summary>The file of that name.</summary>
    public static byte[] File(string name) =>
        name switch
        {
            "empty.png" => [],
            "words.png" or "words.pdf" or "words.mp4" => "In the beginning was the word."u8.ToArray(),
            "half a picture.png" => Pictures.JpegFromPhone(300, 200)[..1000],
            "50000 by 50000.png" => Pictures.PngHeader(50_000, 50_000),
            "6 MB.png" => [.. Pictures.JpegFromPhone(300, 200), .. new byte[6 << 20]],
            "11 MB.pdf" => [.. Documents.Pdf(), .. new byte[11 << 20]],
            "100 MB and more.mp4" => new byte[(100 << 20) + 1],
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such file."),
        };

    private Task<string> Value(string name)
    {
        if (!known.TryGetValue(name, out var value))
            known[name] = value = BringAbout(name);
        return value;
    }

    private async Task<Guid> Id(string name) => Guid.Parse(await Value(name));

    private async Task<string> BringAbout(string name) =>
        name switch
        {
            [>= '0' and <= '9', ..] => new string('a', int.Parse(name.Split(' ')[0], CultureInfo.InvariantCulture)),
            "nothing" => $"{Guid.CreateVersion7()}",
            "nobody" => Support.School.Unique("nobody"),

            "teacher" => Owner.Username,
            "teacher's email" => Owner.Email,
            "teacher's phone" => (await Owner.Get("teacher/teacher-profile/")).Expect(200)["phone"].GetString()!,
            "other teacher" => School.OtherTeacher.Username,
            "enrolled student" => $"{Enrolled.Id}",
            "student with a password" => (await NewStudent()).Username,
            "student with a password, blocked" => await BlockedStudent(),
            "teacher after ten failed logins" => await LockedTeacher(),
            "email that was sent a code" or "another email that was sent a code" => await Coded(),
            "email whose code has expired" => await Coded(),
            "code that has expired" => await ExpiredCode(await Value("email whose code has expired")),
            "expired token" => ExpiredToken(),

            "category" => School.Ids["category_id"],
            "category's name" => await NameOfCategory(),
            "course" => $"{Course}",
            "another course" => $"{await Owner.Course(price: 100)}",
            "draft course" => $"{await Owner.Course(published: false)}",
            "basic course" => await BasicCourse(),
            "advanced course" => await AdvancedCourse(await Id("basic course")),
            "full course" => await With(await Owner.Course(), $"max_enrollments = 1, enrollment_count = 1"),
            "course for Egypt" => await With(await Owner.Course(), $"allowed_countries = ARRAY['EG']"),
            "course that is being paid" => await CourseBeingPaid(),
            "place in the course" => $"{await Enrolled.EnrollmentOf(Owner, Course)}",
            "module" => School.Ids["module_id"],
            "module with the enrolled student" => await ModuleWithStudent(),
            "lesson" => School.Ids["lesson_id"],
            "lesson of a draft" => $"{await Owner.Lesson(await Owner.Module(await Id("draft course")))}",
            "lesson whose video is queued" => await LessonWithQueuedVideo(),
            "video that failed" => await FailedVideo(),
            "rated course" => await RatedCourse(),
            "rating" => (await Owner.Get($"courses/{await Value("rated course")}/list-ratings/"))
                .Expect(200)["0.id"]
                .GetString()!,

            "coupon" => coupon.GetProperty("id").GetString()!,
            "taken code" => coupon.GetProperty("code").GetString()!,
            "expired code" => await ExpiredCoupon(),
            "code that others used up" => await UsedCoupon(await NewStudent(), uses: 1),
            "code that the enrolled student used" => await UsedCoupon(Enrolled, uses: 2),
            "voucher of 5" => (await Owner.Post("coupon/create/", new { number_of_coupons = 1, price = 5 }))
                .Expect(201)["code"]
                .GetString()!,
            "used key" => await UsedKey(),

            "exam" => await AttemptedExam(),
            "inactive exam" => $"{await Owner.Assessment(("is_active", false))}",
            "exam of the course" => $"{await Owner.Assessment(("course", Course))}",
            "choice question" => $"{exam.Choice}",
            "new question" => $"{await Owner.Question(await Owner.Assessment(), "multiple_choice")}",
            "submitted attempt" => await SubmittedAttempt(),
            "essay's answer" => await Answer(3),
            "choice's answer" => await Answer(0),
            "running attempt" => await RunningAttempt(),
            "choice question of the running attempt" => $"{running.Choice}",
            "true or false question" => $"{running.Truth}",
            "essay question" => $"{running.Essay}",
            "attempt whose time is over" => await ExpiredAttempt(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such situation."),
        };

    private async Task<Caller> NewStudent()
    {
        var student = await stack.Student(Owner);
        extras.Add(student);
        return student;
    }

    private async Task<string> BlockedStudent()
    {
        var student = await NewStudent();
        await Owner.Block(student);
        return student.Username;
    }

    private async Task<string> LockedTeacher()
    {
        using var teacher = await stack.Teacher();
        for (var failures = 0; failures < 10; failures++)
            (
                await teacher.Post("teacher/login/", new { username = teacher.Username, password = "Sesame-shut-9" })
            ).Expect(404);
        return teacher.Username;
    }

    private async Task<string> Coded()
    {
        using var student = await stack.Passerby();
        var email = student.Username + "@example.com";
        (await student.Post("password-reset/request/", new { email })).Expect(200);
        return email;
    }

    private async Task<string> ExpiredCode(string email)
    {
        var otp = await stack.OtpFor(email);
        await stack.Execute(
            "UPDATE password_resets SET expires_at = now() WHERE user_id = (SELECT id FROM users WHERE email = $1)",
            email
        );
        return otp;
    }

    /// <summary>Issued by us, an hour ago.</summary>
    private string ExpiredToken() =>
        new Tokens(
            Options.Create(new TokenOptions()),
            MasterKeys.From(
                new ConfigurationManager(),
                new HostingEnvironment { EnvironmentName = Environments.Development }
            ),
            new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-1))
        ).Access(Owner.Id, UserType.Teacher, Guid.CreateVersion7());

    private async Task<string> NameOfCategory() =>
        (await Owner.Get("course/category/list/"))
            .Expect(200)
            .Json.EnumerateArray()
            .Single(category => category.GetProperty("id").GetString() == School.Ids["category_id"])
            .GetProperty("name")
            .GetString()!;

    private async Task<string> With(Guid changed, FormattableString assignment)
    {
        await stack.Set(changed, assignment);
        return $"{changed}";
    }

    private async Task<string> BasicCourse()
    {
        var basic = await Owner.Course();
        await Owner.Lesson(await Owner.Module(basic));
        return $"{basic}";
    }

    private async Task<string> AdvancedCourse(Guid basic)
    {
        var advanced = await Owner.Course();
        (await Owner.Patch($"course/update/{advanced}/", new { prerequisites = new[] { basic } })).Expect(200);
        return $"{advanced}";
    }

    /// <summary>By the student who is not enrolled; the gateway has not answered yet.</summary>
    private async Task<string> CourseBeingPaid()
    {
        var course = await Owner.Course(price: 20);
        var now = TimeProvider.System.GetUtcNow();
        await using var db = await stack.Db();
        await db.Database.BeginTransactionAsync(Ct);
        var payment = new Payment
        {
            Id = Guid.CreateVersion7(now),
            TeacherId = Owner.Id,
            StudentId = School.NotEnrolled.Id,
            CourseId = course,
            CourseTitle = "Course",
            ModuleId = null,
            CouponId = null,
            Gross = 20,
            Discount = 0,
            Net = 20,
            Gateway = "fake",
            Status = PaymentStatus.Pending,
            CreatedAt = now,
            HeldCourseId = course,
            HeldModuleId = null,
        };
        Assert.True(await db.Reserve(payment, percentage: null, Ct));
        await db.Database.CommitTransactionAsync(Ct);
        return $"{course}";
    }

    private async Task<string> ModuleWithStudent()
    {
        var module = await Owner.Module(Course);
        (await Enrolled.Post("course/module-enrollment/", new { module })).Expect(201);
        return $"{module}";
    }

    private async Task<string> LessonWithQueuedVideo()
    {
        var lesson = await Owner.Lesson(await Id("module"));
        await stack.Execute(
            "UPDATE lessons SET video_id = $2, video_status = 'Queued' WHERE id = $1",
            lesson,
            Support.School.Unique("queued")
        );
        return $"{lesson}";
    }

    private async Task<string> FailedVideo()
    {
        var credentials = (await Owner.Post("course/create-vdocipher-upload-credentials/")).Expect(200);
        var video = credentials["video_id"].GetString()!;
        using var emulator = new EmulatorControls(stack.ClientOf("vdocipher"));
        await emulator.Change(video, new { status = "Encoding error", now = true });
        await VideoJourneyTests.Send(credentials, [1]);
        return video;
    }

    private async Task<string> RatedCourse()
    {
        var rated = await Owner.Course();
        await stack.Enroll(Enrolled, rated);
        (await Enrolled.Post($"courses/{rated}/ratings/create/", new { rating = 4 })).Expect(201);
        return $"{rated}";
    }

    private async Task<string> ExpiredCoupon()
    {
        var expired = await Owner.Coupon();
        await stack.Execute(
            "UPDATE coupons SET valid_until = now() - interval '1 minute' WHERE id = $1",
            expired["id"].GetGuid()
        );
        return expired["code"].GetString()!;
    }

    private async Task<string> UsedCoupon(Caller by, int uses)
    {
        var code = (await Owner.Coupon(uses: uses))["code"].GetString()!;
        (await by.Enroll(await Owner.Course(), code)).Expect(201);
        return code;
    }

    private async Task<string> UsedKey()
    {
        var key = Support.School.Unique("key");
        (
            await Owner.Send(
                HttpMethod.Post,
                "coupon/create/",
                new { number_of_coupons = 1, price = 5 },
                ("Idempotency-Key", key)
            )
        ).Expect(201);
        return key;
    }

    /// <summary>By the enrolled student, as often as they may.</summary>
    private async Task<string> AttemptedExam()
    {
        await Value("submitted attempt");
        return $"{exam.Id}";
    }

    private async Task<string> SubmittedAttempt()
    {
        var attempt = await Enrolled.Begin(Owner, exam.Id);
        (await Enrolled.Submit(attempt, exam.RightAnswers)).Expect(200);
        return $"{attempt}";
    }

    private async Task<string> Answer(int number) =>
        (await Enrolled.Result(await Id("submitted attempt"))).Expect(200)[$"answers.{number}.id"].GetString()!;

    /// <summary>Its essay, and only it, has to be written.</summary>
    private async Task<string> RunningAttempt()
    {
        (await Owner.Patch($"teacher/assessments/questions/{running.Essay}/", new { is_required = true })).Expect(200);
        return $"{await Enrolled.Begin(Owner, running.Id)}";
    }

    private async Task<string> ExpiredAttempt()
    {
        var attempt = await Enrolled.Begin(Owner, await Owner.Assessment());
        await stack.Age(attempt, TimeSpan.FromMinutes(31));
        return $"{attempt}";
    }

    [GeneratedRegex(@"\{([a-z0-9][a-zA-Z0-9', ]*)\}")]
    private static partial Regex Braces();
}
