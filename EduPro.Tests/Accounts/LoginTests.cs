using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class LoginTests(Stack stack)
{
    [Fact]
    public async Task A_teacher_gets_tokens_and_cookies()
    {
        using var teacher = await stack.Teacher();

        var reply = (
            await teacher.Post("teacher/login/", new { username = teacher.Username, password = teacher.Password })
        ).Expect(200);

        Assert.Equal(teacher.Id, reply["user.id"].GetGuid());
        Assert.Equal(
            (teacher.Username, teacher.Email, "teacher"),
            (reply["user.username"].GetString(), reply["user.email"].GetString(), reply["user.user_type"].GetString())
        );
        var cookies = reply.Header("Set-Cookie")!;
        Assert.Contains(
            $"access_token={reply["access"].GetString()}; max-age=900; path=/; samesite=lax; httponly",
            cookies
        );
        Assert.Contains(
            $"refresh_token={reply["refresh"].GetString()}; max-age=604800; path=/api/; samesite=lax; httponly",
            cookies
        );
        Assert.DoesNotContain("secure", cookies);
    }

    [Fact]
    public async Task Cookies_are_secure_when_the_request_came_over_https()
    {
        using var teacher = await stack.Teacher();
        var reply = (
            await teacher.Send(
                HttpMethod.Post,
                "teacher/login/",
                new { username = teacher.Username, password = teacher.Password },
                ("X-Forwarded-Proto", "https")
            )
        ).Expect(200);
        Assert.Equal(2, reply.Header("Set-Cookie")!.Split("; secure;").Length - 1);
    }

    [Theory]
    [InlineData("/api/teacher/login/", "username")]
    [InlineData("/api/teacher/login/", "email")]
    [InlineData("/api/v1/teacher/login/", "email")]
    [InlineData("/api/v1/teacher/login", "username")]
    public async Task Username_and_email_are_taken_in_either_field_in_any_case(string path, string field)
    {
        using var teacher = await stack.Teacher();
        foreach (var name in new[] { teacher.Username, teacher.Email, teacher.Email.ToUpperInvariant() })
        {
            (
                await teacher.Post(
                    path,
                    new Dictionary<string, string> { [field] = name, ["password"] = teacher.Password }
                )
            ).Expect(200);
        }
    }

    [Fact]
    public async Task Missing_credentials_are_named()
    {
        using var stranger = stack.Stranger();
        object[] bodies =
        [
            new { },
            new { username = "somebody" },
            new { password = "x" },
            new { username = "", password = "" },
        ];
        foreach (var body in bodies)
        {
            (await stranger.Post("teacher/login/", body)).ExpectProblem(
                400,
                "Invalid credentials",
                "Email and password are required."
            );
        }
        (await stranger.Post("teacher/login/")).Expect(400);
    }

    [Fact]
    public async Task Unknown_user_wrong_password_and_wrong_kind_of_user_get_one_answer()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var password = teacher.Password;
        (string, object)[] tries =
        [
            ("teacher/login/", new { username = School.Unique("nobody"), password }),
            ("teacher/login/", new { username = teacher.Username, password = "wrong" }),
            ("teacher/login/", new { username = student.Username, password }),
            ($"student/login/{teacher.Username}/", new { username = teacher.Username, password }),
            ($"student/login/{teacher.Username}/", new { username = student.Username, password = "wrong" }),
        ];
        foreach (var (path, body) in tries)
        {
            var reply = (await teacher.Post(path, body)).ExpectProblem(
                404,
                "User not found",
                "No user found with the provided credentials."
            );
            Assert.Null(reply.Header("Set-Cookie"));
        }
    }

    [Fact]
    public async Task A_student_logs_in_at_their_own_teachers_only()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var credentials = new { username = student.Username, password = student.Password };

        var reply = (await student.Post($"student/login/{teacher.Username.ToUpperInvariant()}/", credentials)).Expect(
            200
        );
        Assert.Equal("student", reply["user.user_type"].GetString());
        (await student.Post($"student/login/{other.Username}/", credentials)).ExpectProblem(
            403,
            "Permission denied",
            "You are not registered with this teacher."
        );
        (await student.Post("student/login/no-such-teacher/", credentials)).ExpectProblem(
            404,
            "Teacher not found",
            "Teacher with this username does not exist."
        );
    }

    [Fact]
    public async Task Ten_failures_in_a_row_lock_the_password_login()
    {
        using var teacher = await stack.Teacher();
        for (var failure = 1; failure <= 9; failure++)
            (await teacher.Post("teacher/login/", new { username = teacher.Username, password = "wrong" })).Expect(404);
        (await teacher.Post("teacher/login/", new { username = teacher.Username, password = teacher.Password })).Expect(
            200
        );

        // A success starts the count anew.
        for (var failure = 1; failure <= 10; failure++)
            (await teacher.Post("teacher/login/", new { username = teacher.Username, password = "wrong" })).Expect(404);
        var locked = await teacher.Post(
            "teacher/login/",
            new { username = teacher.Username, password = teacher.Password }
        );
        locked.ExpectProblem(429, "Rate limit exceeded", "Too many requests. Please try again later.");
        Assert.InRange(int.Parse(locked.Header("Retry-After")!, null), 1, 900);

        // Sessions that are open stay so.
        (await teacher.Get("teacher/teacher-profile/")).Expect(200);
    }

    [Fact]
    public async Task Nobody_learns_from_a_lock_whether_an_account_exists()
    {
        using var stranger = stack.Stranger();
        var name = School.Unique("nobody");
        for (var failure = 1; failure <= 10; failure++)
            (await stranger.Post("teacher/login/", new { username = name, password = "wrong" })).Expect(404);
        (await stranger.Post("teacher/login/", new { username = name, password = "wrong" })).ExpectProblem(
            429,
            "Rate limit exceeded",
            "Too many requests. Please try again later."
        );
    }
}
