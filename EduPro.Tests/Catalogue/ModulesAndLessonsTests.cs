using EduPro.Tests.Support;

namespace EduPro.Tests.Catalogue;

public sealed class ModulesAndLessonsTests(Stack stack)
{
    [Fact]
    public async Task Modules_and_lessons_are_listed_in_order_with_their_counts()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var second = await teacher.Module(course, "Second");
        var first = (
            await teacher.Post(
                $"courses/{course}/modules/create/",
                new
                {
                    title = "First",
                    description = "",
                    order = 1,
                }
            )
        ).Expect(201);
        Assert.Equal((1, course), (first["order"].GetInt32(), first["course"].GetGuid()));
        var lesson = await teacher.Lesson(second, "Only");

        using var stranger = stack.Stranger(replica: 2);
        var modules = (await stranger.Get($"courses/{course}/modules/")).Expect(200);
        Assert.Equal(
            ["First", "Second"],
            modules.Json.EnumerateArray().Select(m => m.GetProperty("title").GetString())
        );
        Assert.Equal((1, 2), (modules["0.order"].GetInt32(), modules["1.order"].GetInt32()));
        Assert.Equal((0, 1), (modules["0.lessons_count"].GetInt32(), modules["1.lessons_count"].GetInt32()));

        var module = (await stranger.Get($"modules/{second}/")).Expect(200);
        Assert.Equal((course, lesson), (module["course.id"].GetGuid(), module["lessons.0.id"].GetGuid()));

        var lessons = (await stranger.Get($"modules/{second}/lessons/")).Expect(200);
        Assert.Equal("pre-upload", lessons["0.video_processing_status"].GetString());

        var shown = (await stranger.Get($"lessons/{lesson}/")).Expect(200);
        Assert.Equal((second, course), (shown["module.id"].GetGuid(), shown["module.course.id"].GetGuid()));
        var status = (await stranger.Get($"video/check-status/{lesson}/")).Expect(200);
        Assert.False(status["is_ready"].GetBoolean());
    }

    [Fact]
    public async Task A_video_id_is_for_the_owner_and_not_for_strangers()
    {
        using var teacher = await stack.Teacher();
        var video = await teacher.Video();
        var module = await teacher.Module(await teacher.Course());
        var made = (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new
                {
                    title = "Film",
                    description = "Moving.",
                    video_id = video,
                }
            )
        ).Expect(201);
        Assert.Equal(
            (video, "pre-upload"),
            (made["video_id"].GetString(), made["video_processing_status"].GetString())
        );
        var lesson = made["id"].GetGuid();

        Assert.Equal(video, (await teacher.Get($"lessons/{lesson}/")).Expect(200)["video_id"].GetString());
        using var stranger = stack.Stranger();
        Assert.Null((await stranger.Get($"lessons/{lesson}/")).Expect(200)["video_id"].GetString());
        Assert.Null((await stranger.Get($"modules/{module}/lessons/")).Expect(200)["0.video_id"].GetString());
        Assert.Null((await stranger.Get($"video/check-status/{lesson}/")).Expect(200)["video_id"].GetString());
    }
}
