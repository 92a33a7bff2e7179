using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class ProfileTests(Stack stack)
{
    [Fact]
    public async Task A_teacher_sees_all_of_the_own_profile_and_others_see_no_address()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();

        var own = (await teacher.Get("teacher/teacher-profile/")).Expect(200);
        var shown = (await stranger.Get($"teacher/teacher-profile/{teacher.Username.ToUpperInvariant()}/")).Expect(200);

        Assert.Equal(teacher.Email, own["email"].GetString());
        Assert.False(string.IsNullOrEmpty(own["phone"].GetString()));
        foreach (var profile in new[] { own, shown })
        {
            Assert.Equal(teacher.Id, profile["id"].GetGuid());
            Assert.Equal(
                (teacher.Username, "Ada", "Byron", "Ada Byron"),
                (
                    profile["username"].GetString(),
                    profile["first_name"].GetString(),
                    profile["last_name"].GetString(),
                    profile["full_name"].GetString()
                )
            );
            foreach (
                var field in new[] { "avatar", "logo", "bio", "specialization", "experience_years", "primary_color" }
            )
                Assert.Equal(JsonValueKind.Null, profile[field].ValueKind);
            Assert.False(profile.Json.TryGetProperty("profile_picture", out _));
        }
        Assert.False(shown.Json.TryGetProperty("email", out _));
        Assert.False(shown.Json.TryGetProperty("phone", out _));
        (await stranger.Get("teacher/teacher-profile/no-such-teacher/")).ExpectProblem(
            404,
            "Teacher not found",
            "Teacher with this username does not exist."
        );
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task A_teacher_changes_only_what_is_sent(string method)
    {
        using var teacher = await stack.Teacher();
        Task<Reply> Change(object body) => teacher.Send(new HttpMethod(method), "teacher/update-profile/", body);

        var changed = (
            await Change(
                new
                {
                    bio = "Counts.",
                    experience_years = 7,
                    specialization = "Engines",
                    primary_color = "#a1b2c3",
                }
            )
        ).Expect(200);
        Assert.Equal("Profile updated successfully", changed["message"].GetString());
        Assert.Equal("Counts.", changed["bio"].GetString());

        (await Change(new { bio = (string?)null, first_name = "Augusta" })).Expect(200);
        var own = (await teacher.Get("teacher/teacher-profile/")).Expect(200);
        Assert.Equal(
            ("Augusta", "Byron", null, 7, "Engines", "#a1b2c3"),
            (
                own["first_name"].GetString(),
                own["last_name"].GetString(),
                own["bio"].GetString(),
                own["experience_years"].GetInt32(),
                own["specialization"].GetString(),
                own["primary_color"].GetString()
            )
        );
        Assert.False(own.Json.TryGetProperty("message", out _));
        (await Change(new { })).Expect(200);

        var faults = await Change(
            new
            {
                first_name = (string?)null,
                experience_years = -1,
                date_of_birth = "yesterday",
                accent_color = "red;} body{display:none",
            }
        );
        faults.ExpectFault("first_name", "This field may not be null.");
        faults.ExpectFault("experience_years", "Ensure this value is greater than or equal to 0.");
        faults.ExpectFault("date_of_birth", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
        faults.ExpectFault("accent_color", "Enter a valid value.");
        (await Change(new { experience_years = "many" })).ExpectFault(
            "experience_years",
            "A valid integer is required."
        );
    }

    [Fact]
    public async Task Pictures_are_set_and_cleared()
    {
        using var teacher = await stack.Teacher();
        var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(RegistrationTests.Pixel), "avatar", "me.png" },
            { new ByteArrayContent(RegistrationTests.Pixel), "logo", "logo.png" },
        };
        var set = (await teacher.Patch("teacher/update-profile/", form)).Expect(200);
        using var stranger = stack.Stranger();
        foreach (var picture in new[] { "avatar", "logo" })
            Assert.Contains("/media/", set[picture].GetString());

        var cleared = (await teacher.Patch("teacher/update-profile/", new { avatar = (string?)null })).Expect(200);
        Assert.Null(cleared["avatar"].GetString());
        Assert.NotNull(cleared["logo"].GetString());

        foreach (var picture in new[] { "avatar", "logo" })
            (
                await teacher.Patch(
                    "teacher/update-profile/",
                    new MultipartFormDataContent
                    {
                        { new ByteArrayContent("no picture"u8.ToArray()), picture, "me.png" },
                    }
                )
            ).ExpectFault(
                picture,
                "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
            );
        var large = new byte[5 * 1024 * 1024 + 1];
        RegistrationTests.Pixel.CopyTo(large, 0);
        (
            await teacher.Patch(
                "teacher/update-profile/",
                new MultipartFormDataContent { { new ByteArrayContent(large), "avatar", "me.png" } }
            )
        ).ExpectFault("avatar", "Image file too large ( > 5MB )");
    }

    [Fact]
    public async Task The_web_clients_names_are_spoken_under_v1()
    {
        using var teacher = await stack.Teacher();
        var form = new MultipartFormDataContent
        {
            { new StringContent("Grace Brewster Hopper"), "full_name" },
            { new StringContent("12"), "experiance" },
            { new StringContent("Navy"), "institution" },
            { new StringContent("1906-12-09"), "date_of_birth" },
            { new StringContent("rgb(1, 2, 3)"), "background_color" },
            { new ByteArrayContent(RegistrationTests.Pixel), "profile_picture", "me.png" },
        };
        (await teacher.Put("/api/v1/teacher/update-profile/", form)).Expect(200);

        var own = (await teacher.Get("/api/v1/teacher/teacher-profile/")).Expect(200);
        Assert.Equal(
            ("Grace Brewster Hopper", "Grace", "Brewster Hopper", 12, "Navy", "1906-12-09", "rgb(1, 2, 3)"),
            (
                own["full_name"].GetString(),
                own["user.first_name"].GetString(),
                own["user.last_name"].GetString(),
                own["experiance"].GetInt32(),
                own["institution"].GetString(),
                own["date_of_birth"].GetString(),
                own["background_color"].GetString()
            )
        );
        Assert.Equal(own["avatar"].GetString(), own["profile_picture"].GetString());
        Assert.Contains("/media/", own["profile_picture"].GetString());
        Assert.Equal(teacher.Email, own["user.email"].GetString());

        using var stranger = stack.Stranger();
        var shown = (await stranger.Get($"/api/v1/teacher/teacher-profile/{teacher.Username}")).Expect(200);
        Assert.Equal(teacher.Username, shown["user.username"].GetString());
        Assert.Equal(0, shown["achievements"].GetArrayLength());
        Assert.False(shown["user"].TryGetProperty("email", out _));
        string[] colors =
        [
            "primary_color",
            "primary_color_light",
            "primary_color_dark",
            "secondary_color",
            "accent_color",
            "background_color",
        ];
        foreach (var color in colors)
            Assert.True(shown.Json.TryGetProperty(color, out _), color);
    }

    [Fact]
    public async Task A_student_sees_and_changes_the_own_profile()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);

        var changed = (
            await student.Patch("student/update-profile/", new { grade_level = "10", school_name = "Lyceum" })
        ).Expect(200);
        Assert.Equal("Profile updated successfully", changed["message"].GetString());

        var own = (await student.Get($"student/student-profile/{teacher.Username}/")).Expect(200);
        Assert.Equal(
            (student.Id, student.Username, student.Email, "441234567", "Sara", "Haddad", "10", "Lyceum"),
            (
                own["id"].GetGuid(),
                own["username"].GetString(),
                own["email"].GetString(),
                own["parent_phone"].GetString(),
                own["first_name"].GetString(),
                own["last_name"].GetString(),
                own["grade_level"].GetString(),
                own["school_name"].GetString()
            )
        );
        Assert.Null(own["avatar"].GetString());

        (
            await student.Put("/api/v1/student/update-profile/", new { full_name = "Sara al-Haddad", city = "Tripoli" })
        ).Expect(200);
        var v1 = (await student.Get($"/api/v1/student/student-profile/{teacher.Username}")).Expect(200);
        Assert.Equal(
            ("Sara al-Haddad", "Tripoli", "441234567", student.Username),
            (
                v1["student.full_name"].GetString(),
                v1["student.city"].GetString(),
                v1["student.user.parent_phone"].GetString(),
                v1["student.user.slug"].GetString()
            )
        );

        (await student.Get($"student/student-profile/{other.Username}/")).ExpectProblem(
            403,
            "Permission denied",
            "You are not registered with this teacher."
        );
        (await student.Get("student/student-profile/no-such-teacher/")).Expect(404);
        (await teacher.Get($"student/student-profile/{teacher.Username}/")).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for students."
        );
    }

    [Fact]
    public async Task A_profile_is_its_owners_to_change()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var stranger = stack.Stranger();
        foreach (
            var refused in new[]
            {
                await student.Put("teacher/update-profile/", new { bio = "x" }),
                await teacher.Put("student/update-profile/", new { school_name = "x" }),
            }
        )
            refused.ExpectProblem(403, "Permission denied", "You do not have permission to update this profile.");
        (await stranger.Put("teacher/update-profile/", new { bio = "x" })).ExpectProblem(
            401,
            "Authentication required",
            "You must be authenticated to perform this action."
        );
        (await student.Get("teacher/teacher-profile/")).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for teachers."
        );
    }
}
