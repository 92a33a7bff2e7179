using EduPro.Tests.Support;

namespace EduPro.Tests.Catalogue;

public sealed class CoursesTests(Stack stack)
{
    [Fact]
    public async Task A_course_is_created_as_documented()
    {
        using var teacher = await stack.Teacher();
        var category = await stack.Category();
        var made = (
            await teacher.Post(
                "course/create/",
                new
                {
                    title = "Algebra",
                    description = "Letters for numbers.",
                    category,
                    price = "49.9",
                }
            )
        ).Expect(201);

        Assert.Equal(
            ("Algebra", "Letters for numbers.", category, "49.90", false, teacher.Id),
            (
                made["title"].GetString(),
                made["description"].GetString(),
                made["category"].GetGuid(),
                made["price"].GetString(),
                made["is_published"].GetBoolean(),
                made["teacher"].GetGuid()
            )
        );
        Assert.Null(made["thumbnail"].GetString());
        Assert.EndsWith("Z", made["created_at"].GetString());
    }

    [Fact]
    public async Task All_faults_of_a_course_are_told_together()
    {
        using var teacher = await stack.Teacher();
        (await teacher.Post("course/create/", new { price = "dear" }))
            .ExpectFault("title", "This field is required.")
            .ExpectFault("description", "This field is required.")
            .ExpectFault("category", "This field is required.")
            .ExpectFault("price", "A valid number is required.");
        (
            await teacher.Post(
                "course/create/",
                new
                {
                    title = "T",
                    description = "D",
                    category = Behind.Nothing,
                    price = -1,
                    max_enrollments = 0,
                    allowed_countries = (string[])["DE", "XX"],
                    prerequisites = (Guid[])[Guid.Empty],
                    trailer_video = "javascript:alert(1)",
                }
            )
        ).ExpectFault("category", "Invalid category ID.").ExpectFault("price", "Price must be greater than or equal to 0.").ExpectFault("max_enrollments", "Ensure this value is greater than or equal to 1.").ExpectFault("allowed_countries", "\"XX\" is not a valid choice.").ExpectFault("prerequisites", $"Invalid pk \"{Guid.Empty}\" - object does not exist.").ExpectFault("trailer_video", "Enter a valid URL.");
        (
            await teacher.Post(
                "course/create/",
                new
                {
                    title = "T",
                    description = "D",
                    category = "sums",
                    price = 5,
                    is_free = true,
                }
            )
        ).ExpectFault("category", "Invalid category ID.").ExpectFault("price", "Price must be 0 for free courses").ExpectFault("is_free", "Cannot set course as free with non-zero price");
    }

    [Fact]
    public async Task Only_teachers_create_and_only_owners_change()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var admin = await stack.Admin();
        using var stranger = stack.Stranger();
        var course = await teacher.Course(published: false);

        (await admin.Post("course/create/", new { })).ExpectProblem(
            403,
            "Permission denied",
            "Only teachers can create courses."
        );
        (await stranger.Post("course/create/", new { })).ExpectProblem(
            401,
            "Authentication required",
            "You must be authenticated to perform this action."
        );
        (await other.Patch($"course/update/{course}/", new { price = "x" })).ExpectProblem(
            403,
            "Permission denied",
            "You can only update your own courses."
        );
        (await other.Delete($"course/course-delete/{course}/")).ExpectProblem(
            403,
            "Permission denied",
            "You can only delete your own courses."
        );
        (await other.Get($"course/private-deatils/{course}/")).ExpectProblem(
            404,
            "Course not found",
            "No course found with the provided ID."
        );
        foreach (var path in (string[])[$"teacher/courses/{course}/enrollments/", $"get_student-enrollments/{course}/"])
            (await other.Get(path)).Expect(404);
        (await other.Get($"course/private-deatils/{await teacher.Course()}/")).ExpectProblem(
            403,
            "Permission denied",
            "You do not have sufficient permissions to perform this action."
        );
        foreach (var nothing in (string[])[Behind.Nothing.ToString(), "null", "1"])
        {
            (await teacher.Put($"course/update/{nothing}/", new { })).ExpectProblem(
                404,
                "Course not found",
                "No course found with the provided ID."
            );
            (await teacher.Delete($"course/course-delete/{nothing}/")).Expect(404);
            (await teacher.Get($"course/private-deatils/{nothing}/")).Expect(404);
            (await stranger.Get($"course/course-detail/{nothing}/")).Expect(404);
        }
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task A_change_touches_only_what_it_names(string method)
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 20, published: false, title: "Before");
        var changed = await teacher.Send(
            new HttpMethod(method),
            $"course/update/{course}/",
            new
            {
                title = "After",
                is_published = true,
                max_enrollments = 3,
                allowed_countries = (string[])["eg", "DE", "de"],
            }
        );
        Assert.Equal("Course updated successfully", changed.Expect(200)["message"].GetString());

        var shown = (await teacher.Get($"course/private-details/{course}/")).Expect(200);
        Assert.Equal(
            ("After", "20.00", true, 3, "[\"DE\",\"EG\"]"),
            (
                shown["title"].GetString(),
                shown["price"].GetString(),
                shown["is_published"].GetBoolean(),
                shown["max_enrollments"].GetInt32(),
                shown["allowed_countries"].GetRawText()
            )
        );
        (
            await teacher.Send(new HttpMethod(method), $"course/update/{course}/", new { max_enrollments = (int?)null })
        ).Expect(200);
        (
            await teacher.Send(new HttpMethod(method), $"course/update/{course}/", new { title = (string?)null })
        ).ExpectFault("title", "This field may not be null.");
        (await teacher.Send(new HttpMethod(method), $"course/update/{course}/", new { is_free = true })).Expect(200);
        shown = (await teacher.Get($"course/private-deatils/{course}/")).Expect(200);
        Assert.Equal(
            ("0.00", true, null),
            (shown["price"].GetString(), shown["is_free"].GetBoolean(), shown["max_enrollments"].GetString())
        );
    }

    [Fact]
    public async Task Prerequisites_are_ones_own_courses_and_never_lead_back()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        var (a, b, c) = (await teacher.Course(), await teacher.Course(), await teacher.Course());
        var foreign = await other.Course();
        Task<Reply> Needs(Guid course, params Guid[] prerequisites) =>
            teacher.Patch($"course/update/{course}/", new { prerequisites });

        (await Needs(b, a)).Expect(200);
        (await Needs(c, b)).Expect(200);
        (await Needs(a, foreign)).ExpectFault("prerequisites", $"Invalid pk \"{foreign}\" - object does not exist.");
        foreach (var circle in (Guid[])[a, b, c])
            (await Needs(a, circle)).ExpectFault(
                "prerequisites",
                "A course cannot be its own prerequisite, not by way of others either."
            );
        var shown = (await teacher.Get($"course/private-deatils/{c}/")).Expect(200);
        Assert.Equal(b, Assert.Single(shown["prerequisites"].EnumerateArray()).GetGuid());

        (await Needs(c)).Expect(200);
        (await Needs(a, c)).Expect(200);
    }

    [Fact]
    public async Task Two_changes_at_once_do_not_close_a_circle()
    {
        using var teacher = await stack.Teacher();
        var (a, b) = (await teacher.Course(), await teacher.Course());
        var replies = await Task.WhenAll(
            teacher.Patch($"course/update/{a}/", new { prerequisites = (Guid[])[b] }),
            teacher.Patch($"course/update/{b}/", new { prerequisites = (Guid[])[a] })
        );
        Assert.Equal([200, 400], replies.Select(reply => reply.Status).Order());
    }

    [Fact]
    public async Task Lists_show_what_they_should_to_whom_they_should()
    {
        using var teacher = await stack.Teacher();
        var shown = await teacher.Course(title: "Shown");
        var hidden = await teacher.Course(title: "Hidden", published: false);
        using var stranger = stack.Stranger(replica: 2);

        var own = (await teacher.Get("course/list-by-teacher/")).Expect(200);
        Assert.Equal([hidden, shown], own.Json.EnumerateArray().Select(course => course.GetProperty("id").GetGuid()));
        Assert.Equal(("False", "0.00"), (own["0.is_published"].ToString(), own["0.total_revenue"].GetString()));
        Assert.Equal("2", own.Header("X-Pagination-Count"));

        var listed = (await stranger.Get($"course/teacher-list/{teacher.Username.ToUpperInvariant()}/")).Expect(200);
        Assert.Equal(shown, Assert.Single(listed.Json.EnumerateArray()).GetProperty("id").GetGuid());
        (await stranger.Get("course/teacher-list/nobody-of-that-name/")).ExpectProblem(
            404,
            "Teacher not found",
            "Teacher with this username does not exist."
        );
        (await stranger.Get($"course/course-detail/{hidden}/")).Expect(404);
        (await stranger.Get($"courses/{hidden}/modules/")).ExpectProblem(
            404,
            "Course not found",
            "The specified course does not exist."
        );
        (await stranger.Get("course/list/?page=999999")).ExpectProblem(404, "Not found", "Invalid page.");
        (await stranger.Get("course/list/?page=")).Expect(200);
    }

    [Fact]
    public async Task A_deleted_course_is_gone_with_what_hung_below_it()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var lesson = await teacher.Lesson(await teacher.Module(course));

        var deleted = (await teacher.Delete($"course/course-delete/{course}/")).Expect(200);

        Assert.Equal("Course deleted successfully", deleted["message"].GetString());
        (await teacher.Get($"course/course-detail/{course}/")).Expect(404);
        (await teacher.Get($"lessons/{lesson}/")).ExpectProblem(
            404,
            "Lesson not found",
            "The specified lesson does not exist."
        );
        await using var database = await stack.Database();
        await using var count = database.CreateCommand();
        count.CommandText = $"SELECT course_count FROM teachers WHERE id = '{teacher.Id}'";
        Assert.Equal(0, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Categories_have_names_of_their_own()
    {
        using var admin = await stack.Admin();
        using var teacher = await stack.Teacher();
        var name = School.Unique("History");
        var made = (await admin.Post("course/category/create/", new { name })).Expect(201);
        Assert.Null(made["description"].GetString());
        var id = made["id"].GetGuid();

        (await admin.Post("course/category/create/", new { name = name.ToUpperInvariant() })).ExpectFault(
            "name",
            "category with this name already exists."
        );
        (await admin.Post("course/category/create/", new { name = new string('x', 101) })).ExpectFault(
            "name",
            "Ensure this field has no more than 100 characters."
        );
        (await teacher.Post("course/category/create/", new { name })).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for admins."
        );
        var changed = (await admin.Patch($"course/category/update/{id}/", new { description = "What was." })).Expect(
            200
        );
        Assert.Equal((name, "What was."), (changed["name"].GetString(), changed["description"].GetString()));
        var other = await stack.Category();
        (await admin.Put($"course/category/update/{other}/", new { name })).ExpectFault(
            "name",
            "category with this name already exists."
        );
        (await admin.Put($"course/category/update/{Behind.Nothing}/", new { name })).Expect(404);
        using var stranger = stack.Stranger();
        var list = (await stranger.Get("course/category/list/")).Expect(200);
        Assert.Contains(list.Json.EnumerateArray(), category => category.GetProperty("id").GetGuid() == id);
    }
}
