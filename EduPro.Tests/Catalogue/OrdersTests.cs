using EduPro.Tests.Support;

namespace EduPro.Tests.Catalogue;

public sealed class OrdersTests(Stack stack)
{
    [Fact]
    public async Task Orders_stay_whole_under_20_inserts_and_moves_at_once()
    {
        using var teacher = await stack.Teacher();
        using var elsewhere = stack.Stranger(replica: 2);
        elsewhere.Access = teacher.Access;
        var course = await teacher.Course();
        var module = await teacher.Module(course);
        var first = await teacher.Lesson(module);
        var second = await teacher.Lesson(module);

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                {
                    var api = i % 2 == 0 ? teacher : elsewhere;
                    return (i % 4) switch
                    {
                        0 => api.Patch($"lessons/{first}/update/", new { order = 1 + i }),
                        1 => api.Patch($"lessons/{second}/update/", new { order = 1 }),
                        _ => api.Post(
                            $"modules/{module}/lessons/create/",
                            new
                            {
                                title = $"L{i}",
                                description = "",
                                order = 1 + i % 3,
                            }
                        ),
                    };
                })
        );

        Assert.All(replies, reply => Assert.InRange(reply.Status, 200, 201));
        var lessons = (await teacher.Get($"modules/{module}/lessons/")).Expect(200);
        Assert.Equal(
            Enumerable.Range(1, 12),
            lessons.Json.EnumerateArray().Select(l => l.GetProperty("order").GetInt32())
        );
        var modules = (await teacher.Get($"courses/{course}/modules/")).Expect(200);
        Assert.Equal(12, modules["0.lessons_count"].GetInt32());
        Assert.Equal(12, await stack.Ask<int>($"SELECT lesson_count FROM courses WHERE id = {course}"));
    }

    [Fact]
    public async Task Modules_created_at_once_stand_one_after_the_other()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => teacher.Module(course)));
        var modules = (await teacher.Get($"courses/{course}/modules/")).Expect(200);
        Assert.Equal(
            Enumerable.Range(1, 20),
            modules.Json.EnumerateArray().Select(m => m.GetProperty("order").GetInt32())
        );
    }

    [Fact]
    public async Task Moving_and_deleting_shift_the_others()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var modules = new List<Guid>();
        foreach (var title in (string[])["A", "B", "C", "D"])
            modules.Add(await teacher.Module(course, title));
        async Task<string> Titles() =>
            string.Concat(
                (await teacher.Get($"courses/{course}/modules/"))
                    .Expect(200)
                    .Json.EnumerateArray()
                    .Select(
                        (m, i) => m.GetProperty("order").GetInt32() == i + 1 ? m.GetProperty("title").GetString() : "?"
                    )
            );

        (await teacher.Put($"modules/{modules[3]}/update/", new { order = 2 })).Expect(200);
        Assert.Equal("ADBC", await Titles());
        (await teacher.Patch($"modules/{modules[0]}/update/", new { order = 99 })).Expect(200);
        Assert.Equal("DBCA", await Titles());
        var deleted = (await teacher.Delete($"modules/{modules[1]}/delete/")).Expect(200);
        Assert.Equal("Module deleted successfully", deleted["message"].GetString());
        Assert.Equal("DCA", await Titles());
    }

    [Fact]
    public async Task Modules_and_lessons_are_refused_in_the_documents_words()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        var course = await teacher.Course();
        var module = await teacher.Module(course);
        var lesson = await teacher.Lesson(module);

        (await teacher.Post($"courses/{course}/modules/create/", new { order = "x" }))
            .ExpectFault("title", "This field is required.")
            .ExpectFault("description", "This field is required.")
            .ExpectFault("order", "A valid integer is required.");
        (await teacher.Patch($"modules/{module}/update/", new { order = 0 })).ExpectFault(
            "order",
            "Order must be greater than 0."
        );
        (await teacher.Post($"courses/{Behind.Nothing}/modules/create/", new { })).ExpectProblem(
            404,
            "Course not found",
            "The specified course does not exist."
        );
        (await other.Post($"courses/{course}/modules/create/", new { })).ExpectProblem(
            403,
            "Permission denied",
            "You can only create modules for your own courses."
        );
        (await teacher.Delete($"modules/{module}/delete/")).ExpectProblem(
            400,
            "Cannot delete module",
            "Module contains lessons and cannot be deleted."
        );
        foreach (
            var (method, path) in (ValueTuple<HttpMethod, string>[])
                [
                    (HttpMethod.Patch, "modules/null/update/"),
                    (HttpMethod.Delete, $"modules/{Behind.Nothing}/delete/"),
                    (HttpMethod.Get, "modules/null/lessons/"),
                    (HttpMethod.Get, $"modules/{Behind.Nothing}/"),
                    (HttpMethod.Post, $"modules/{Behind.Nothing}/lessons/create/"),
                ]
        )
            (await teacher.Send(method, path)).ExpectProblem(
                404,
                "Module not found",
                "The specified module does not exist."
            );
        (await teacher.Post($"modules/{module}/lessons/create/", new { order = -1, video_id = "../etc" }))
            .ExpectFault("title", "This field is required.")
            .ExpectFault("description", "This field is required.")
            .ExpectFault("order", "Order must be greater than 0.")
            .ExpectFault("video_id", "Invalid video ID format.");
        (await other.Put($"lessons/{lesson}/update/", new { })).Expect(403);
        (await other.Delete($"lessons/{lesson}/delete/")).Expect(403);
        (await other.Put($"modules/{module}/update/", new { })).Expect(403);
        var deleted = (await teacher.Delete($"lessons/{lesson}/delete/")).Expect(200);
        Assert.Equal("Lesson deleted successfully", deleted["message"].GetString());
        (await teacher.Delete($"lessons/{lesson}/delete/")).ExpectProblem(
            404,
            "Lesson not found",
            "The specified lesson does not exist."
        );
    }

    [Fact]
    public async Task A_video_is_replaced_only_once_it_is_known_what_became_of_it()
    {
        using var teacher = await stack.Teacher();
        var module = await teacher.Module(await teacher.Course());
        var lesson = await teacher.Lesson(module);
        Task<Reply> Video(string? video_id) => teacher.Patch($"lessons/{lesson}/update/", new { video_id });

        var (first, second) = (await teacher.Video(), await teacher.Video());
        (await Video(first)).Expect(200);
        await stack.Ask<int>($"UPDATE lessons SET video_status = 'Processing' WHERE id = {lesson} RETURNING 1");
        (await Video(first)).Expect(200);
        (await Video(second)).ExpectFault("video_id", "Video is still being processed. Please wait.");
        await stack.Ask<int>($"UPDATE lessons SET video_status = 'Ready' WHERE id = {lesson} RETURNING 1");
        (await Video(second)).Expect(200);
        Assert.Equal(second, (await teacher.Get($"lessons/{lesson}/")).Expect(200)["video_id"].GetString());
        (await Video(null)).Expect(200);
        Assert.Equal(
            "pre-upload",
            (await teacher.Get($"lessons/{lesson}/")).Expect(200)["video_processing_status"].GetString()
        );
    }
}
