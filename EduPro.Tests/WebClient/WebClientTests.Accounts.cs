using EduPro.Tests.Support;
using static EduPro.Tests.WebClient.WebClientSchool;

namespace EduPro.Tests.WebClient;

public sealed partial class WebClientTests
{
    private const string TeachersProfile = """
        user.{first_name,last_name,username,email,phone}, full_name, profile_picture, logo, bio, specialization,
        institution, experiance, date_of_birth, address, country, city, gender, created_at, number_of_courses,
        number_of_students, rating, primary_color, primary_color_light, primary_color_dark, secondary_color,
        accent_color, background_color
        """;

    [Fact, Row(1)]
    public async Task A_teacher_refreshes_by_cookie_with_an_empty_body()
    {
        using var browser = await school.TeachersBrowser();
        var refreshed = (await browser.Post(V1 + "token/refresh/")).Expect(200);
        Assert.Contains("access_token=", refreshed.Header("Set-Cookie"));
        (await browser.Get(V1 + "teacher/teacher-profile/")).Expect(200);

        using var students = await school.StudentsBrowser();
        Refused(await students.Post(V1 + "token/refresh/"));
        using var nobodys = school.Browser();
        Refused(await nobodys.Post(V1 + "token/refresh/"));
    }

    [Fact, Row(2)]
    public async Task A_student_refreshes_by_cookie_and_403_is_kept_for_other_devices()
    {
        var path = V1 + $"student/refresh/{school.Teacher.Username}/";
        using var browser = await school.StudentsBrowser();
        Assert.Contains("access_token=", (await browser.Post(path)).Expect(200).Header("Set-Cookie"));

        using var teachers = await school.TeachersBrowser();
        Refused(await teachers.Post(path));
        using var nobodys = school.Browser();
        Refused(await nobodys.Post(path));
    }

    [Fact, Row(3)]
    public async Task After_logging_out_a_refresh_fails()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Post(V1 + "logout/")).Expect(200);
        Refused(await browser.Post(V1 + "token/refresh/"));
        (await browser.Get(V1 + "teacher/teacher-profile/")).Expect(401);
    }

    [Fact, Row(4)]
    public async Task A_teacher_logs_in_with_an_email()
    {
        using var browser = school.Browser();
        var (email, password) = (school.Teacher.Email, school.Teacher.Password);
        var loggedIn = (await browser.Post(V1 + "teacher/login/", new { email, password })).Expect(200);
        Assert.Contains("access_token=", loggedIn.Header("Set-Cookie"));
        Assert.Contains("refresh_token=", loggedIn.Header("Set-Cookie"));
    }

    [Fact, Row(5)]
    public async Task A_student_logs_in_with_an_email_or_a_username_in_its_place()
    {
        using var browser = school.Browser();
        var path = V1 + $"student/login/{school.Teacher.Username}/";
        var password = school.Student.Password;
        (await browser.Post(path, new { email = school.Student.Email, password })).Expect(200);
        (await browser.Post(path, new { email = school.Student.Username, password })).Expect(200);
        (await browser.Post(path, new { email = school.Student.Email, password = "wrong" }))
            .Expect(404)
            .Reads("detail(string)");
    }

    [Fact, Row(6)]
    public async Task A_teacher_registers()
    {
        using var browser = school.Browser();
        (await browser.Post(V1 + "teacher/teacher-register/", Registration(School.Unique("client")))).Expect(201);
    }

    [Fact, Row(7)]
    public async Task A_student_registers_without_the_slash_and_reads_what_is_wrong()
    {
        using var browser = school.Browser();
        var path = V1 + $"student/student-register/{school.Teacher.Username}";
        var username = School.Unique("client");
        var form = Registration(username);
        (await browser.Post(path, form)).Expect(201);
        (await browser.Post(path, form)).Expect(400).Reads("username[], email[], phone[]");
        form["password1"] = "short";
        (await browser.Post(path, form)).Expect(400).Reads("password1[]");
    }

    [Fact, Row(8)]
    public async Task A_teacher_sees_their_profile()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + "teacher/teacher-profile/")).Expect(200).Reads(TeachersProfile);
    }

    [Fact, Row(9)]
    public async Task Anyone_sees_a_teachers_page()
    {
        using var browser = school.Browser();
        var profile = (await browser.Get(V1 + $"teacher/teacher-profile/{school.Teacher.Username}"))
            .Expect(200)
            .Reads(
                """
                username, achievements, user.username, full_name, profile_picture, logo, bio, specialization,
                institution, experiance, created_at, number_of_courses, number_of_students, rating, primary_color,
                primary_color_light, primary_color_dark, secondary_color, accent_color, background_color
                """
            );
        Assert.Equal(school.Teacher.Username, profile["user.username"].GetString());
        (await browser.Get(V1 + "teacher/teacher-profile/nobody")).Expect(404);
    }

    [Fact, Row(10)]
    public async Task A_teacher_edits_their_profile_with_pictures()
    {
        using var teacher = await school.Stack.Teacher();
        var form = Form(
            ("full_name", "Maryam al-Ijliya"),
            ("experiance", "12"),
            ("date_of_birth", "1980-02-29"),
            ("country", "Syria"),
            ("primary_color", "#102030"),
            ("background_color", "#ffffff")
        );
        With(form, "profile_picture", "me.png", Picture());
        With(form, "logo", "logo.png", Picture());
        (await teacher.Put(V1 + "teacher/update-profile/", form)).Expect(200);
        var profile = (await teacher.Get(V1 + "teacher/teacher-profile/")).Expect(200);
        Assert.Equal("Maryam al-Ijliya", profile["full_name"].GetString());
        Assert.Equal("#102030", profile["primary_color"].GetString());
        Assert.Equal(12, profile["experiance"].GetInt32());
        Assert.StartsWith("http", profile["profile_picture"].GetString(), StringComparison.Ordinal);
        Assert.StartsWith("http", profile["logo"].GetString(), StringComparison.Ordinal);
    }

    [Fact, Row(11)]
    public async Task A_student_sees_their_profile()
    {
        using var browser = await school.StudentsBrowser();
        (await browser.Get(V1 + $"student/student-profile/{school.Teacher.Username}"))
            .Expect(200)
            .Reads(
                """
                student.{full_name,profile_picture,bio,date_of_birth,address,country,city,gender},
                student.user.{created_at,slug,phone,parent_phone}
                """
            );
    }

    [Fact, Row(12)]
    public async Task A_student_edits_their_profile()
    {
        using var student = await school.Stack.Student(school.Teacher);
        var form = Form(("full_name", "Noor Salem"), ("bio", "Curious."), ("gender", "female"), ("city", "Tripoli"));
        With(form, "profile_picture", "me.png", Picture());
        (await student.Put(V1 + "student/update-profile/", form)).Expect(200);
        var profile = (await student.Get(V1 + $"student/student-profile/{school.Teacher.Username}")).Expect(200);
        Assert.Equal("Noor Salem", profile["student.full_name"].GetString());
        Assert.Equal("Tripoli", profile["student.city"].GetString());
        Assert.StartsWith("http", profile["student.profile_picture"].GetString(), StringComparison.Ordinal);
    }

    [Fact, Row(13)]
    public async Task A_code_to_reset_the_password_is_asked_for_at_127_0_0_1()
    {
        using var browser = school.Stack.Browser(Origin, host: "127.0.0.1");
        var asked = (await browser.Post(V1 + "password-reset/request/", new { email = school.Teacher.Email })).Expect(
            200
        );
        Assert.Equal(Origin, asked.Header("Access-Control-Allow-Origin"));
        (await browser.Post(V1 + "password-reset/request/", new { email = "nobody@example.com" }))
            .Expect(400)
            .Reads("email[]");
    }

    [Fact, Row(14)]
    public async Task The_mailed_code_and_the_new_password_once_set_it()
    {
        using var teacher = await school.Stack.Teacher();
        using var browser = school.Stack.Browser(Origin, host: "127.0.0.1");
        (await browser.Post(V1 + "password-reset/request/", new { email = teacher.Email })).Expect(200);
        var otp = await school.Stack.OtpFor(teacher.Email);
        const string renewed = "Open-sesame-11";
        var body = new
        {
            email = teacher.Email,
            otp,
            new_password = renewed,
        };
        (await browser.Post(V1 + "password-reset/confirm/", body)).Expect(200);
        (await browser.Post(V1 + "teacher/login/", new { email = teacher.Email, password = renewed })).Expect(200);
    }

    /// <summary>Not with 403, which the client keeps for a login on another device.</summary>
    private static void Refused(Reply reply) =>
        Assert.True(reply.Status is 400 or 401, $"{reply.Status}: {reply.Text}");

    private static Dictionary<string, string> Registration(string username) =>
        new()
        {
            ["first_name"] = "Noor",
            ["last_name"] = "Salem",
            ["username"] = username,
            ["email"] = username + "@example.com",
            ["phone"] = School.UniquePhone(),
            ["parent_phone"] = "441234567",
            ["password1"] = "Sesame-open-9",
            ["password2"] = "Sesame-open-9",
        };
}
