using EduPro.Tests.Support;

namespace EduPro.Tests.Catalogue;

public sealed class ProgressTests(Stack stack)
{
    [Fact]
    public async Task Counters_follow_what_the_student_does_and_what_the_teacher_changes()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var course = await teacher.Course();
        var module = await teacher.Module(course);
        var (a, b) = (await teacher.Lesson(module), await teacher.Lesson(module));
        var place = await student.TakePlace(course);
        Task<int> InCourse() => stack.Ask<int>($"SELECT completed_lessons FROM enrollments WHERE id = {place}");

        var set = (await student.Post($"lessons/{a}/status/", new { status = "completed" })).Expect(200);
        Assert.Equal("Progress updated successfully", set["message"].GetString());
        (await student.Post($"lessons/{b}/status/", new { status = "in_progress" })).Expect(200);
        Assert.Equal((1, (1, 0)), (await InCourse(), await student.Completed(teacher)));

        var completed = (await student.Patch($"lessons/{b}/status/", new { is_completed = true })).Expect(200);
        Assert.True(completed["is_completed"].GetBoolean());
        Assert.Equal((2, (2, 1)), (await InCourse(), await student.Completed(teacher)));
        Assert.NotEqual(
            default,
            await stack.Ask<DateTime>($"SELECT last_activity FROM teacher_students WHERE student_id = {student.Id}")
        );

        var third = await teacher.Lesson(module);
        Assert.Equal((2, (2, 0)), (await InCourse(), await student.Completed(teacher)));
        (await teacher.Patch($"lessons/{third}/update/", new { is_published = false })).Expect(200);
        Assert.Equal((2, (2, 1)), (await InCourse(), await student.Completed(teacher)));
        (await teacher.Delete($"lessons/{a}/delete/")).Expect(200);
        Assert.Equal((1, (1, 1)), (await InCourse(), await student.Completed(teacher)));
        (await student.Patch($"lessons/{b}/status/", new { is_completed = false })).Expect(200);
        Assert.Equal((0, (0, 0)), (await InCourse(), await student.Completed(teacher)));
        var shown = (await student.Get($"lessons/{b}/status/")).Expect(200);
        Assert.Equal(
            (false, "in_progress", null),
            (shown["is_completed"].GetBoolean(), shown["status"].GetString(), shown["completed_at"].GetString())
        );
    }

    [Fact]
    public async Task Counters_are_right_after_all_at_once()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var elsewhere = stack.Stranger(replica: 2);
        elsewhere.Access = student.Access;
        var lessons = new List<Guid>();
        foreach (var _ in (int[])[1, 2])
        {
            var course = await teacher.Course();
            var module = await teacher.Module(course);
            for (var i = 0; i < 5; i++)
                lessons.Add(await teacher.Lesson(module));
            await student.TakePlace(course);
        }

        var replies = await Task.WhenAll(
            lessons
                .SelectMany(lesson => new[] { student, elsewhere }, (lesson, api) => (lesson, api))
                .Select(done => done.api.Post($"lessons/{done.lesson}/status/", new { status = "completed" }))
        );

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Equal((10, 2), await student.Completed(teacher));
    }

    [Fact]
    public async Task Progress_is_for_students_in_the_course()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var course = await teacher.Course();
        var lesson = await teacher.Lesson(await teacher.Module(course));

        foreach (
            var reply in (Reply[])
                [
                    await student.Post($"lessons/{lesson}/status/", new { status = "completed" }),
                    await student.Get($"lessons/{lesson}/status/"),
                    await student.Patch($"lessons/{lesson}/status/", new { is_completed = true }),
                ]
        )
            reply.ExpectProblem(403, "Not enrolled", "You must be enrolled in this course to update lesson progress.");
        await student.TakePlace(course);
        (await student.Post($"lessons/{lesson}/status/", new { status = "done" })).ExpectFault(
            "status",
            "Invalid status. Must be one of: completed, in_progress, not_started"
        );
        (await student.Post($"lessons/{lesson}/status/", new { })).ExpectFault("status", "This field is required.");
        (await student.Post($"lessons/{Behind.Nothing}/status/", new { status = "completed" })).Expect(404);
        (await teacher.Post($"lessons/{lesson}/status/", new { status = "completed" })).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for students."
        );
        (await student.Get($"lessons/{lesson}/status/")).Expect(200);
    }

    [Fact]
    public async Task Access_follows_the_relation_with_the_teacher()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var video = await teacher.Video();
        var course = await teacher.Course(published: false);
        var module = await teacher.Module(course);
        var lesson = (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new
                {
                    title = "Film",
                    description = "",
                    video_id = video,
                }
            )
        ).Expect(201)["id"].GetGuid();
        var draft = (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new
                {
                    title = "Draft",
                    description = "",
                    is_published = false,
                }
            )
        ).Expect(201)["id"].GetGuid();

        (await student.Get($"lessons/{lesson}/")).Expect(404);
        (await student.Get($"modules/{module}/")).Expect(404);
        await student.TakePlace(course);
        Assert.Equal(video, (await student.Get($"lessons/{lesson}/")).Expect(200)["video_id"].GetString());
        (await student.Get($"course/course-detail/{course}/")).Expect(200);
        (await student.Get($"lessons/{draft}/")).Expect(404);
        Assert.Single((await student.Get($"modules/{module}/lessons/")).Expect(200).Json.EnumerateArray());
        Assert.Single((await student.Get($"modules/{module}/")).Expect(200)["lessons"].EnumerateArray());
        Assert.Equal(2, (await teacher.Get($"courses/{course}/modules/")).Expect(200)["0.lessons_count"].GetInt32());
        Assert.Equal(1, (await student.Get($"courses/{course}/modules/")).Expect(200)["0.lessons_count"].GetInt32());

        foreach (
            var change in (FormattableString[])
                [
                    $"UPDATE teacher_students SET is_active = false WHERE student_id = {student.Id} RETURNING 1",
                    $"UPDATE teacher_students SET is_active = true, removed_at = now() WHERE student_id = {student.Id} RETURNING 1",
                ]
        )
        {
            await stack.Ask<int>(change);
            (await student.Get($"lessons/{lesson}/")).Expect(404);
            (await student.Get($"course/course-detail/{course}/")).Expect(404);
            (await student.Post($"lessons/{lesson}/status/", new { status = "completed" })).Expect(404);
        }
        await stack.Ask<int>(
            $"UPDATE teacher_students SET removed_at = NULL WHERE student_id = {student.Id} RETURNING 1"
        );
        (await student.Get($"lessons/{lesson}/")).Expect(200);
    }

    [Fact]
    public async Task A_free_lesson_opens_for_students_whom_the_teacher_has_not_blocked()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var video = await teacher.Video();
        var module = await teacher.Module(await teacher.Course());
        var lesson = (
            await teacher.Post(
                $"modules/{module}/lessons/create/",
                new
                {
                    title = "Taste",
                    description = "",
                    video_id = video,
                    is_free = true,
                }
            )
        ).Expect(201)["id"].GetGuid();
        using var stranger = stack.Stranger();

        Assert.Null((await stranger.Get($"lessons/{lesson}/")).Expect(200)["video_id"].GetString());
        Assert.Equal(video, (await student.Get($"lessons/{lesson}/")).Expect(200)["video_id"].GetString());
        await stack.Ask<int>(
            $"UPDATE teacher_students SET is_active = false WHERE student_id = {student.Id} RETURNING 1"
        );
        Assert.Null((await student.Get($"lessons/{lesson}/")).Expect(200)["video_id"].GetString());
    }
}
