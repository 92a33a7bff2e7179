using EduPro.Tests.Support;

namespace EduPro.Tests.Journeys;

public sealed class FirstJourneyTests(Stack stack)
{
    [Fact]
    public async Task A_teacher_publishes_a_course_that_a_stranger_finds()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 12.5m, title: "Algebra");

        using var stranger = stack.Stranger(replica: 2);
        var shown = (await stranger.Get($"course/course-detail/{course}/")).Expect(200);

        Assert.Equal("12.50", shown["price"].GetString());
        Assert.Equal(teacher.Username, shown["teacher.username"].GetString());
        var list = (await stranger.Get("course/list/?page_size=100")).Expect(200);
        Assert.Contains(list["results"].EnumerateArray(), listed => listed.GetProperty("id").GetGuid() == course);
    }

    [Fact]
    public async Task An_unpublished_course_exists_for_its_owner_only()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(published: false);

        (await teacher.Get($"course/course-detail/{course}/")).Expect(200);
        using var stranger = stack.Stranger();
        (await stranger.Get($"course/course-detail/{course}/")).ExpectProblem(
            404,
            "Course not found",
            "No course found with the provided ID."
        );
    }

    [Fact]
    public async Task Head_answers_as_get_without_a_body()
    {
        using var stranger = stack.Stranger();
        var head = (await stranger.Send(HttpMethod.Head, "course/category/list/")).Expect(200);

        Assert.Empty(head.Bytes);
        Assert.Equal("application/json; charset=utf-8", head.Header("Content-Type"));
    }
}
