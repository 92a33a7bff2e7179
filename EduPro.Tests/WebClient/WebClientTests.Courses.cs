using EduPro.Tests.Media;
using EduPro.Tests.Support;
using static EduPro.Tests.WebClient.WebClientSchool;

namespace EduPro.Tests.WebClient;

public sealed partial class WebClientTests
{
    private const string Totals = "total_enrollments(number),total_lessons(number),average_rating(number)";

    private const string ShownLesson = """
        id,title,description,order(number),duration(number),is_published,is_free,created_at,document_url,thumbnail_url,
        otp,playback_info
        """;

    [Fact, Row(21)]
    public async Task Categories_are_listed()
    {
        using var browser = school.Browser();
        (await browser.Get(V1 + "course/category/list/")).Expect(200).ReadsEach("id,name");
    }

    [Fact, Row(22)]
    public async Task A_course_is_made_with_or_without_a_price()
    {
        using var browser = await school.TeachersBrowser();
        foreach (var price in (string?[])[null, "", "12.50"])
        {
            var form = Form(
                ("title", "Sums"),
                ("description", "One and one."),
                ("trailer_video", ""),
                ("is_free", price is "12.50" ? "false" : "true"),
                ("category", $"{school.Category}")
            );
            if (price is not null)
                form.Add(new StringContent(price), "price");
            With(form, "thumbnail", "sums.png", Picture());
            var made = (await browser.Post(V1 + "course/create/", form)).Expect(201);
            Assert.Equal(
                (price is "12.50" ? "12.50" : "0.00", price is not "12.50", false),
                (made["price"].GetString(), made["is_free"].GetBoolean(), made["is_published"].GetBoolean())
            );
            Assert.StartsWith("http", made["thumbnail"].GetString(), StringComparison.Ordinal);
        }
        var unsorted = Form(("title", "Sums"), ("description", "One and one."), ("category", ""));
        (await browser.Post(V1 + "course/create/", unsorted)).Expect(400).Reads("category[]");
        var documented = Form(("title", "Sums"), ("description", "One."), ("category", $"{school.Category}"));
        (await browser.Post("course/create/", documented)).ExpectFault("price", "This field is required.");
    }

    [Fact, Row(23)]
    public async Task A_teacher_lists_their_courses()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + "course/list-by-teacher/"))
            .Expect(200)
            .ReadsEach(
                $"id,title,description,thumbnail,category.name,is_published,is_free,price,created_at,{Totals},trailer_video"
            );
    }

    [Fact, Row(24)]
    public async Task A_teacher_opens_a_course()
    {
        using var browser = await school.TeachersBrowser();
        var course = (await browser.Get(V1 + $"course/private-deatils/{school.Course}"))
            .Expect(200)
            .Reads(
                $"""
                id,title,description,thumbnail,category.name,price,is_free,is_published,trailer_video,created_at,{Totals},
                total_durations(number),total_reviews(number),total_revenue
                """
            );
        Assert.Equal("49.99", course["total_revenue"].GetString());
    }

    [Fact, Row(25)]
    public async Task A_teacher_edits_a_course()
    {
        using var browser = await school.TeachersBrowser();
        var course = await school.Teacher.Course(price: 30, published: false);
        var form = Form(
            ("title", "Sums"),
            ("description", "Two"),
            ("trailer_video", "https://videos.example/1"),
            ("is_published", "true"),
            ("is_free", "false")
        );
        (await browser.Patch(V1 + $"course/update/{course}", form)).Expect(200);
        var shown = (await browser.Get(V1 + $"course/private-deatils/{course}")).Expect(200);
        Assert.Equal(
            ("30.00", false, true, "https://videos.example/1"),
            (
                shown["price"].GetString(),
                shown["is_free"].GetBoolean(),
                shown["is_published"].GetBoolean(),
                shown["trailer_video"].GetString()
            )
        );
    }

    [Fact, Row(26)]
    public async Task Modules_are_listed_with_prices_as_numbers()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + $"courses/{school.Course}/modules/"))
            .Expect(200)
            .ReadsEach(
                """
                id,title,description,order(number),total_lessons(number),total_duration(number),is_free,is_published,
                price(number)
                """
            );
        var documented = (await browser.Get($"courses/{school.Course}/modules/"))
            .Expect(200)
            .ReadsEach("price(string)");
        Assert.False(documented["0"].TryGetProperty("total_marks", out _));
    }

    [Fact, Row(27)]
    public async Task A_module_is_made_with_an_empty_description()
    {
        using var browser = await school.TeachersBrowser();
        var modules = V1 + $"courses/{await school.Teacher.Course()}/modules/";
        (await browser.Post(modules + "create/", Form([("title", "One"), .. ModuleFields]))).Expect(201);
        var made = (await browser.Get(modules)).Expect(200);
        Assert.Equal((7.5m, 1), (made["0.price"].GetDecimal(), made["0.order"].GetInt32()));
        (await browser.Post(modules + "create/", Form([("title", ""), .. ModuleFields]))).Expect(400).Reads("title[]");
        var wrong = Form(("title", "Two"), ("description", ""), ("order", "x"), ("price", "y"));
        (await browser.Post(modules + "create/", wrong)).Expect(400).Reads("order[],price[]");
    }

    [Fact, Row(28)]
    public async Task A_module_is_edited_even_with_nothing_changed()
    {
        using var browser = await school.TeachersBrowser();
        var course = await school.Teacher.Course();
        var path = V1 + $"modules/{await school.Teacher.Module(course)}/update/";
        (await browser.Patch(path, EmptyForm())).Expect(200);
        (await browser.Patch(path, Form(("is_free", "true"), ("title", "Light")))).Expect(200);
        var edited = (await browser.Get(V1 + $"courses/{course}/modules/")).Expect(200);
        Assert.Equal(("Light", true), (edited["0.title"].GetString(), edited["0.is_free"].GetBoolean()));
    }

    [Fact, Row(29)]
    public async Task Lessons_are_listed_and_null_is_no_module()
    {
        using var browser = await school.StudentsBrowser();
        (await browser.Get(V1 + $"modules/{school.Module}/lessons/")).Expect(200).ReadsEach(ShownLesson);
        (await browser.Get(V1 + "modules/null/lessons/")).Expect(404);
    }

    [Fact, Row(30)]
    public async Task A_lesson_is_made_with_its_files()
    {
        using var browser = await school.TeachersBrowser();
        var path = V1 + $"modules/{await school.Teacher.Module(await school.Teacher.Course())}/lessons/create/";
        var form = Form(
            ("title", "Light"),
            ("description", ""),
            ("order", "1"),
            ("is_published", "true"),
            ("is_free", "false")
        );
        With(form, "thumbnail", "light.png", Picture());
        With(form, "document", "light.pdf", Documents.Pdf());
        var made = (await browser.Post(path, form)).Expect(201).Reads("id,document_url(string),thumbnail_url(string)");
        (await browser.Get(V1 + $"lessons/{made["id"].GetGuid()}/"))
            .Expect(200)
            .Reads("document_url(string),thumbnail_url(string),is_published(true),is_free(false)");
    }

    [Fact, Row(31)]
    public async Task A_lesson_is_edited_even_with_nothing_changed()
    {
        using var browser = await school.TeachersBrowser();
        var lesson = await school.Teacher.Lesson(await school.Teacher.Module(await school.Teacher.Course()));
        var path = V1 + $"lessons/{lesson}/update/";
        (await browser.Patch(path, EmptyForm())).Expect(200);
        (await browser.Patch(path, Form(("is_free", "true")))).Expect(200);
        (await browser.Get(V1 + $"lessons/{lesson}/")).Expect(200).Reads("is_free(true)");
    }

    [Fact, Row(32)]
    public async Task A_lesson_is_deleted()
    {
        using var browser = await school.TeachersBrowser();
        var lesson = await school.Teacher.Lesson(await school.Teacher.Module(await school.Teacher.Course()));
        Assert.InRange((await browser.Delete(V1 + $"lessons/{lesson}/delete/")).Status, 200, 299);
        (await browser.Get(V1 + $"lessons/{lesson}/")).Expect(404);
    }

    [Fact, Row(33)]
    public async Task Anyone_lists_a_teachers_courses()
    {
        using var browser = school.Browser();
        (await browser.Get(V1 + $"course/teacher-list/{school.Teacher.Username}"))
            .Expect(200)
            .ReadsEach($"id,title,description,thumbnail,category.name,price,is_free,{Totals},total_durations(number)");
    }

    [Fact, Row(34)]
    public async Task Anyone_opens_a_course()
    {
        using var browser = school.Browser();
        (await browser.Get(V1 + $"course/course-detail/{school.Course}"))
            .Expect(200)
            .Reads(
                $"""
                id,title,description,thumbnail,category.name,price,is_free,{Totals},total_durations(number),
                total_reviews(number)
                """
            );
    }

    [Fact, Row(35)]
    public async Task A_student_opens_a_lesson()
    {
        using var browser = await school.StudentsBrowser();
        (await browser.Get(V1 + $"lessons/{school.Lesson}/")).Expect(200).Reads(ShownLesson);
        (await browser.Get(V1 + "lessons/null/")).Expect(404).Reads("detail(string)");
    }

    [Fact, Row(36)]
    public async Task A_student_sees_whether_a_lesson_is_done()
    {
        using var browser = await school.StudentsBrowser();
        (await browser.Get(V1 + $"lessons/{school.Lesson}/status/")).Expect(200).Reads("is_completed");
    }

    [Fact, Row(37)]
    public async Task A_student_is_done_with_a_lesson()
    {
        using var browser = await school.StudentsBrowser();
        var lesson = V1 + $"lessons/{await school.Teacher.Lesson(school.Module)}/status/";
        (await browser.Get(lesson)).Expect(200).Reads("is_completed(false)");
        (await browser.Patch(lesson, new { is_completed = true })).Expect(200).Reads("is_completed(true)");
        (await browser.Get(lesson)).Expect(200).Reads("is_completed(true)");
        (await browser.Patch(V1 + "lessons/null/status/", new { is_completed = true }))
            .Expect(404)
            .Reads("detail(string)");
    }

    private static (string, string)[] ModuleFields =>
        [("description", ""), ("order", "1"), ("is_published", "true"), ("price", "7.5"), ("is_free", "false")];
}
