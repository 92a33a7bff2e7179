using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class RegistrationTests(Stack stack)
{
    private const string Password = "Sesame-open-9";

    private static Dictionary<string, object?> Form(string username) =>
        new()
        {
            ["first_name"] = "Ada",
            ["last_name"] = "Byron",
            ["username"] = username,
            ["email"] = username + "@example.com",
            ["phone"] = School.UniquePhone(),
            ["parent_phone"] = "441234567",
            ["password1"] = Password,
            ["password2"] = Password,
        };

    [Theory]
    [InlineData("/api/")]
    [InlineData("/api/v1/")]
    public async Task A_teacher_registers(string prefix)
    {
        using var stranger = stack.Stranger();
        var form = Form(School.Unique("Ada.B+"));

        var reply = (await stranger.Post(prefix + "teacher/teacher-register/", form)).Expect(201);

        Assert.Equal("User created successfully", reply["message"].GetString());
        foreach (var field in new[] { "username", "email", "phone" })
            Assert.Equal(form[field], reply["user." + field].GetString());
        Assert.Equal("teacher", reply["user.user_type"].GetString());
        Assert.Matches("^adab[0-9a-f]+$", reply["user.slug"].GetString());
        Assert.Equal(7, reply["user.id"].GetGuid().Version);
        Assert.Null(reply["user.avatar"].GetString());
        Assert.Null(reply["user.logo"].GetString());
    }

    [Theory]
    [InlineData("/api/student/student-register/{0}/")]
    [InlineData("/api/v1/student/student-register/{0}")]
    public async Task A_student_registers_under_a_teacher(string path)
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        var form = Form(School.Unique("sara"));

        var reply = (await stranger.Post(string.Format(null, path, teacher.Username), form)).Expect(201);

        Assert.Equal("Student created successfully", reply["message"].GetString());
        foreach (var field in new[] { "username", "email", "phone", "parent_phone" })
            Assert.Equal(form[field], reply["user." + field].GetString());
        Assert.Equal("student", reply["user.user_type"].GetString());
        Assert.Null(reply["user.avatar"].GetString());
        var students = (await teacher.Get("teacher/get_students/")).Expect(200);
        Assert.Equal(1, students["count"].GetInt32());
        Assert.Equal(reply["user.id"].GetGuid(), students["results.0.student.user.id"].GetGuid());
    }

    [Fact]
    public async Task Forms_are_taken_with_and_without_pictures()
    {
        using var stranger = stack.Stranger();
        var urlencoded = Form(School.Unique("ada"));
        (await stranger.Post("teacher/teacher-register/", new FormUrlEncodedContent(Texts(urlencoded)))).Expect(201);

        var multipart = new MultipartFormDataContent();
        foreach (var (name, value) in Texts(Form(School.Unique("ada"))))
            multipart.Add(new StringContent(value), name);
        foreach (var picture in new[] { "avatar", "logo" })
            multipart.Add(new ByteArrayContent(Pixel), picture, picture + ".png");
        var reply = (await stranger.Post("teacher/teacher-register/", multipart)).Expect(201);
        foreach (var picture in new[] { "avatar", "logo" })
            Assert.StartsWith(
                stranger.Address.GetLeftPart(UriPartial.Authority) + "/media/",
                reply["user." + picture].GetString()
            );
    }

    [Fact]
    public async Task Pictures_that_are_none_are_refused()
    {
        using var stranger = stack.Stranger();
        var multipart = new MultipartFormDataContent();
        foreach (var (name, value) in Texts(Form(School.Unique("ada"))))
            multipart.Add(new StringContent(value), name);
        multipart.Add(new ByteArrayContent("GIF89a, or so it says"u8.ToArray()), "avatar", "avatar.gif");
        (await stranger.Post("teacher/teacher-register/", multipart)).ExpectFault(
            "avatar",
            "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
        );
    }

    [Fact]
    public async Task Nothing_at_all_names_every_field()
    {
        using var stranger = stack.Stranger();
        using var teacher = await stack.Teacher();
        string[] both = ["first_name", "last_name", "username", "email", "phone", "password1", "password2"];
        var asTeacher = (await stranger.Post("teacher/teacher-register/", new { })).Expect(400);
        foreach (var field in both)
            asTeacher.ExpectFault(field, "This field is required.");
        Assert.Equal(both.Length, asTeacher.Json.EnumerateObject().Count());
        var asStudent = (await stranger.Post($"student/student-register/{teacher.Username}/", new { })).Expect(400);
        foreach (var field in both.Append("parent_phone"))
            asStudent.ExpectFault(field, "This field is required.");
        Assert.Equal(both.Length + 1, asStudent.Json.EnumerateObject().Count());
    }

    [Fact]
    public async Task All_faults_come_together()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        var reply = (
            await stranger.Post(
                "student/student-register/no-such-teacher/",
                new
                {
                    first_name = "",
                    last_name = (string?)null,
                    username = "a b",
                    email = teacher.Email.ToUpperInvariant(),
                    phone = "12-34",
                    password1 = "12345",
                    password2 = "54321",
                }
            )
        ).Expect(400);
        reply.ExpectFault("first_name", "This field may not be blank.");
        reply.ExpectFault("last_name", "This field may not be null.");
        reply.ExpectFault(
            "username",
            "Username must be at least 5 characters long.",
            "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
        );
        reply.ExpectFault("email", "Email already exists.");
        reply.ExpectFault("phone", "Phone must be a number.");
        reply.ExpectFault("parent_phone", "This field is required.");
        reply.ExpectFault(
            "password1",
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric."
        );
        reply.ExpectFault("password2", "Passwords don't match.");
        reply.ExpectFault("teacher", "Teacher with this username does not exist.");
        (await stranger.Post("student/student-register/", Form(School.Unique("sara")))).ExpectFault(
            "teacher",
            "Teacher username is required."
        );
    }

    [Theory]
    [InlineData("email", "nonsense", "Enter a valid email address.")]
    [InlineData("email", "a@b", "Enter a valid email address.")]
    [InlineData("email", "ada@example.com\r\nBcc: all@example.com", "Enter a valid email address.")]
    [InlineData("phone", "123456", "Ensure this field has at least 7 characters.")]
    [InlineData("phone", "1234567890123456", "Ensure this field has no more than 15 characters.")]
    [InlineData("phone", "٠١٢٣٤٥٦٧", "Phone must be a number.")]
    [InlineData("first_name", true, "Not a valid string.")]
    [InlineData("first_name", "a\0b", "Null characters are not allowed.")]
    [InlineData(
        "username",
        "Ünïcode",
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
    )]
    [InlineData("password1", "password1", "This password is too common.")]
    [InlineData("password1", "Byron-Byron", "The password is too similar to the last name.")]
    public async Task A_bad_field_is_named(string field, object value, string message)
    {
        using var stranger = stack.Stranger();
        var form = Form(School.Unique("ada"));
        form[field] = value;
        if (field == "password1")
        {
            form["password2"] = value;
            form["last_name"] = "Byron-Byro";
        }
        (await stranger.Post("teacher/teacher-register/", form)).ExpectFault(field, message);
    }

    [Theory]
    [InlineData("first_name", 151)]
    [InlineData("first_name", 10_000)]
    [InlineData("username", 10_000)]
    public async Task What_is_too_long_is_named(string field, int length)
    {
        using var stranger = stack.Stranger();
        var form = Form(School.Unique("ada"));
        form[field] = new string('a', length);
        (await stranger.Post("teacher/teacher-register/", form)).ExpectFault(
            field,
            "Ensure this field has no more than 150 characters."
        );
    }

    [Theory]
    [InlineData("سارة")]
    [InlineData("\u202Eabc\u202C")]
    [InlineData("Z\u0351\u0343\u036Balgo")]
    [InlineData("👩‍👩‍👧")]
    [InlineData("<b>O'Neil</b> \"\\")]
    public async Task Names_are_stored_as_they_are(string name)
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        var form = Form(School.Unique("sara"));
        form["first_name"] = name;
        (await stranger.Post($"student/student-register/{teacher.Username}/", form)).Expect(201);
        var students = (await teacher.Get("teacher/get_students/?search=" + Uri.EscapeDataString(name))).Expect(200);
        Assert.Equal(name, students["results.0.student.user.first_name"].GetString());
        Assert.Equal(name + " Byron", students["results.0.student.full_name"].GetString());
    }

    [Theory]
    [InlineData("""{"first_name": "\ud800"}""", "Not a valid string.")]
    [InlineData("""{"first_name": "a", "\ud800": 1}""", null)]
    public async Task Half_characters_are_no_text(string json, string? message)
    {
        using var stranger = stack.Stranger();
        var reply = (
            await stranger.Post(
                "teacher/teacher-register/",
                new StringContent(json, System.Text.Encoding.UTF8, "application/json")
            )
        ).Expect(400);
        if (message is null)
            Assert.False(reply.Json.TryGetProperty("first_name", out _));
        else
            reply.ExpectFault("first_name", message);
    }

    [Theory]
    [InlineData("username", "Username already exists.")]
    [InlineData("email", "Email already exists.")]
    [InlineData("phone", "Phone already exists.")]
    public async Task Of_many_who_want_one_name_at_once_one_gets_it(string field, string message)
    {
        var form = Form(School.Unique("race"));
        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async i =>
                {
                    using var stranger = stack.Stranger(replica: 1 + i % 2);
                    var own = Form(School.Unique("race"));
                    own[field] =
                        i % 2 == 0 || field == "phone" ? form[field] : form[field]!.ToString()!.ToUpperInvariant();
                    return await stranger.Post("teacher/teacher-register/", own);
                })
        );
        Assert.Single(replies, reply => reply.Status == 201);
        foreach (var reply in replies.Where(reply => reply.Status != 201))
            reply.ExpectFault(field, message);
    }

    [Fact]
    public async Task Usernames_with_one_slug_get_slugs_of_their_own()
    {
        var name = School.Unique("slug");
        var slugs = await Task.WhenAll(
            new[] { name, name + ".", name + "+", "." + name, name + "@" }.Select(async username =>
            {
                using var stranger = stack.Stranger();
                var form = Form(username);
                form["email"] = School.Unique("slug") + "@example.com";
                return (await stranger.Post("teacher/teacher-register/", form)).Expect(201)["user.slug"].GetString();
            })
        );
        Assert.Equal(slugs.Length, slugs.Distinct().Count());
    }

    [Fact]
    public async Task Nobody_takes_anothers_email_address_for_a_username()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        var form = Form(teacher.Email);
        form["email"] = School.Unique("other") + "@example.com";
        (await stranger.Post("teacher/teacher-register/", form)).ExpectFault("username", "Username already exists.");
    }

    private static IEnumerable<KeyValuePair<string, string>> Texts(Dictionary<string, object?> form) =>
        form.Select(field => KeyValuePair.Create(field.Key, field.Value!.ToString()!));

    /// <summary>A PNG of one pixel.</summary>
    internal static byte[] Pixel { get; } =
        Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        );
}
