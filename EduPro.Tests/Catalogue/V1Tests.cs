using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Catalogue;

/// <summary>Rows 21 to 37 of the dialect under /api/v1/: the web client's forms and what it reads.</summary>
public sealed class V1Tests(Stack stack)
{
    private const string V1 = "/api/v1/";

    private static MultipartFormDataContent Form(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    /// <summary>What a browser sends for a FormData without entries.</summary>
    private static StringContent EmptyForm()
    {
        var form = new StringContent("------WebKitFormBoundaryABC--\r\n");
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=----WebKitFormBoundaryABC");
        return form;
    }

    [Fact]
    public async Task The_client_creates_and_edits_a_course()
    {
        using var teacher = await stack.Teacher();
        var category = await stack.Category();
        foreach (var price in (string?[])[null, ""])
        {
            var form = Form(
                ("title", "Sums"),
                ("description", "One and one."),
                ("trailer_video", ""),
                ("is_free", "true"),
                ("category", category.ToString())
            );
            if (price is not null)
                form.Add(new StringContent(price), "price");
            var made = (await teacher.Post(V1 + "course/create/", form)).Expect(201);
            Assert.Equal(
                ("0.00", true, false, null),
                (
                    made["price"].GetString(),
                    made["is_free"].GetBoolean(),
                    made["is_published"].GetBoolean(),
                    made["trailer_video"].GetString()
                )
            );
        }
        (await teacher.Post("course/create/", Form(("title", "Sums")))).ExpectFault("price", "This field is required.");
        var refused = (
            await teacher.Post(V1 + "course/create/", Form(("title", "S"), ("description", "S"), ("category", "")))
        ).Expect(400);
        Assert.True(refused.Json.TryGetProperty("category", out _));

        var course = await teacher.Course(price: 30, published: false);
        (
            await teacher.Patch(
                V1 + $"course/update/{course}",
                Form(
                    ("title", "Sums"),
                    ("description", "Two"),
                    ("trailer_video", "https://videos.example/1"),
                    ("is_published", "true"),
                    ("is_free", "false")
                )
            )
        ).Expect(200);
        var shown = (await teacher.Get(V1 + $"course/private-deatils/{course}")).Expect(200);
        Assert.Equal(
            ("30.00", false, true, "https://videos.example/1"),
            (
                shown["price"].GetString(),
                shown["is_free"].GetBoolean(),
                shown["is_published"].GetBoolean(),
                shown["trailer_video"].GetString()
            )
        );
        AssertNumbers(
            shown.Json,
            "total_enrollments",
            "total_lessons",
            "total_durations",
            "average_rating",
            "total_reviews"
        );
        Assert.Equal("0.00", shown["total_revenue"].GetString());

        using var stranger = stack.Stranger();
        AssertNumbers(
            (await stranger.Get(V1 + $"course/teacher-list/{teacher.Username}")).Expect(200)["0"],
            "total_lessons",
            "total_durations",
            "average_rating",
            "total_enrollments"
        );
        AssertNumbers(
            (await stranger.Get(V1 + $"course/course-detail/{course}")).Expect(200).Json,
            "total_lessons",
            "total_durations",
            "average_rating",
            "total_reviews"
        );
    }

    [Fact]
    public async Task The_client_creates_and_edits_modules_and_lessons()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var module = (
            await teacher.Post(
                V1 + $"courses/{course}/modules/create/",
                Form(
                    ("title", "One"),
                    ("description", ""),
                    ("order", "1"),
                    ("is_published", "true"),
                    ("price", "7.5"),
                    ("is_free", "false")
                )
            )
        )
            .Expect(201)["id"]
            .GetGuid();
        (await teacher.Patch(V1 + $"modules/{module}/update/", EmptyForm())).Expect(200);
        var modules = (await teacher.Get(V1 + $"courses/{course}/modules")).Expect(200);
        AssertNumbers(modules["0"], "total_lessons", "total_duration", "price");
        Assert.Equal(7.5m, modules["0.price"].GetDecimal());
        Assert.False(modules["0.is_free"].GetBoolean());
        Assert.Equal("7.50", (await teacher.Get($"courses/{course}/modules/")).Expect(200)["0.price"].GetString());

        var made = (
            await teacher.Post(
                V1 + $"modules/{module}/lessons/create/",
                Form(
                    ("title", "L"),
                    ("description", ""),
                    ("order", "1"),
                    ("is_published", "true"),
                    ("is_free", "false")
                )
            )
        ).Expect(201);
        var lesson = made["id"].GetGuid();
        (await teacher.Patch(V1 + $"lessons/{lesson}/update/", EmptyForm())).Expect(200);
        (await teacher.Patch(V1 + $"lessons/{lesson}/update/", Form(("is_free", "true")))).Expect(200);
        foreach (
            var shown in (JsonElement[])
                [
                    (await teacher.Get(V1 + $"modules/{module}/lessons/")).Expect(200)["0"],
                    (await teacher.Get(V1 + $"lessons/{lesson}/")).Expect(200).Json,
                ]
        )
        {
            AssertNumbers(shown, "duration", "order");
            Assert.True(shown.GetProperty("is_free").GetBoolean());
            foreach (var name in (string[])["document_url", "thumbnail_url", "otp", "playback_info"])
                Assert.Equal(JsonValueKind.Null, shown.GetProperty(name).ValueKind);
        }
        (await teacher.Get(V1 + "modules/null/lessons/")).Expect(404);
        var documented = (await teacher.Get($"modules/{module}/lessons/")).Expect(200)["0"];
        Assert.False(documented.TryGetProperty("document_url", out _));
        (await teacher.Delete(V1 + $"lessons/{lesson}/delete/")).Expect(200);
    }

    [Fact]
    public async Task The_client_reads_and_sets_progress()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var course = await teacher.Course();
        var lesson = await teacher.Lesson(await teacher.Module(course));
        await student.TakePlace(course);

        Assert.False((await student.Get(V1 + $"lessons/{lesson}/status/")).Expect(200)["is_completed"].GetBoolean());
        Assert.True(
            (await student.Patch(V1 + $"lessons/{lesson}/status/", new { is_completed = true }))
                .Expect(200)["is_completed"]
                .GetBoolean()
        );
    }

    private static void AssertNumbers(JsonElement json, params string[] names) =>
        Assert.All(names, name => Assert.Equal(JsonValueKind.Number, json.GetProperty(name).ValueKind));
}
