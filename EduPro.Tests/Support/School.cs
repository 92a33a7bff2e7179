using System.Globalization;

namespace EduPro.Tests.Support;

/// <summary>Characters of a story, each with names of its own, so that tests run side by side.</summary>
public static class School
{
    private static int people;

    /// <summary>A name that no other test uses.</summary>
    public static string Unique(string what) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{what}{Environment.ProcessId:x}{Interlocked.Increment(ref people):x4}"
        );

    /// <summary>A phone number that no other test uses.</summary>
    public static string UniquePhone() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessId % 100_000:00000}{Interlocked.Increment(ref people):0000000}"
        );

    /// <summary>A registered teacher, logged in.</summary>
    public static async Task<Caller> Teacher(this Stack stack, int replica = 1)
    {
        var api = stack.Stranger(replica);
        await api.RegisterAsTeacher();
        return api;
    }

    /// <summary>Makes the caller a teacher, logged in.</summary>
    public static async Task RegisterAsTeacher(this Caller api)
    {
        var username = Unique("teacher");
        const string password = "Sesame-open-9";
        (
            await api.Post(
                "teacher/teacher-register/",
                new
                {
                    first_name = "Ada",
                    last_name = "Byron",
                    username,
                    email = username + "@example.com",
                    phone = UniquePhone(),
                    password1 = password,
                    password2 = password,
                }
            )
        ).Expect(201);
        api.Email = username + "@example.com";
        await api.LogIn("teacher/login/", username, password);
    }

    /// <summary>A student registered under the teacher, logged in.</summary>
    public static async Task<Caller> Student(this Stack stack, Caller teacher, int replica = 1)
    {
        var api = stack.Stranger(replica);
        var username = Unique("student");
        const string password = "Sesame-open-9";
        (
            await api.Post(
                $"student/student-register/{teacher.Username}/",
                new
                {
                    first_name = "Sara",
                    last_name = "Haddad",
                    username,
                    email = username + "@example.com",
                    phone = UniquePhone(),
                    parent_phone = "441234567",
                    password1 = password,
                    password2 = password,
                }
            )
        ).Expect(201);
        api.Email = username + "@example.com";
        await api.LogIn($"student/login/{teacher.Username}/", username, password);
        return api;
    }

    /// <summary>The id of a new category.</summary>
    public static async Task<Guid> Category(this Stack stack)
    {
        using var admin = await stack.Admin();
        return (await admin.Post("course/category/create/", new { name = Unique("Category") }))
            .Expect(201)["id"]
            .GetGuid();
    }

    /// <summary>The id of a new course of the teacher.</summary>
    public static async Task<Guid> Course(
        this Caller teacher,
        decimal price = 49.99m,
        bool published = true,
        string? title = null,
        Guid? category = null
    ) => (
            await teacher.Post(
                "course/create/",
                new
                {
                    title = title ?? Unique("Course"),
                    description = "Numbers and what they are good for.",
                    category = category ?? await teacher.Stack.Category(),
                    price,
                    is_published = published,
                }
            )
        ).Expect(201)["id"].GetGuid();

    /// <summary>The id of a new module at the end of the course.</summary>
    public static async Task<Guid> Module(this Caller teacher, Guid course, string? title = null) =>
        (
            await teacher.Post(
                $"courses/{course}/modules/create/",
                new { title = title ?? Unique("Module"), description = "What it is about." }
            )
        )
            .Expect(201)["id"]
            .GetGuid();

    /// <summary>The id of a new lesson at the end of the module.</summary>
    public static async Task<Guid> Lesson(this Caller teacher, Guid module, string? title = null) =>
        (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new { title = title ?? Unique("Lesson"), description = "What is learnt." }
            )
        )
            .Expect(201)["id"]
            .GetGuid();
}
