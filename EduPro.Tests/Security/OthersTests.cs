using EduPro.Tests.Catalogue;
using EduPro.Tests.Contract;
using EduPro.Tests.Support;

namespace EduPro.Tests.Security;

/// <summary>What people try who guess ids, or send more than they were asked for.</summary>
public sealed class OthersTests(Stack stack)
{
    [Fact]
    public async Task Who_knows_an_id_can_do_nothing_with_what_is_anothers()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var course = await teacher.Course(price: 0);
        var module = await teacher.Module(course);
        var lesson = await teacher.Lesson(module);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        (await student.Submit(attempt, exam.RightAnswers)).Expect(200);
        (await student.Enroll(course)).Expect(201);
        (await student.Post($"courses/{course}/ratings/create/", new { rating = 5, comment = "Good." })).Expect(201);
        var ids = new Dictionary<string, Guid>
        {
            ["<student_id>"] = student.Id,
            ["<course_id>"] = course,
            ["<module_id>"] = module,
            ["<lesson_id>"] = lesson,
            ["<enrollment_id>"] = await student.EnrollmentOf(teacher, course),
            ["<coupon_id>"] = (await teacher.Coupon())["id"].GetGuid(),
            ["<id>"] = await stack.Ask<Guid>($"SELECT id FROM ratings WHERE course_id = {course}"),
            ["<assessment_id>"] = exam.Id,
            ["<question_id>"] = exam.Choice,
            ["<option_id>"] = exam.Two,
            ["<attempt_id>"] = attempt,
            ["<answer_id>"] = await teacher.Pending(exam.Id),
        };
        using var otherTeacher = await stack.Teacher();
        using var otherStudent = await stack.Student(otherTeacher);
        var tried = 0;
        foreach (var (method, path, caller, _) in Operation.All)
        {
            if (caller is "anonymous" or "admin" || !ids.Keys.Any(path.Contains))
                continue;
            var there = ids.Aggregate(path, (path, id) => path.Replace(id.Key, $"{id.Value}", StringComparison.Ordinal))
                .Replace("<teacher_username>", teacher.Username, StringComparison.Ordinal);
            foreach (var other in new[] { otherTeacher, otherStudent })
            {
                var reply = await other.Send(new HttpMethod(method), there, method == "GET" ? null : new { });
                Assert.True(reply.Status is 403 or 404, $"{method} {path}: {reply.Status} {reply.Text}");
                tried++;
            }
        }
        Assert.InRange(tried, 80, int.MaxValue);
    }

    [Fact]
    public async Task Fields_that_are_not_documented_change_nothing()
    {
        using var other = await stack.Teacher();
        using var teacher = await stack.Teacher();
        var unasked = new Dictionary<string, object?>
        {
            ["id"] = other.Id,
            ["user"] = other.Id,
            ["teacher"] = other.Id,
            ["teacher_id"] = other.Id,
            ["student"] = other.Id,
            ["user_type"] = "admin",
            ["type"] = "admin",
            ["is_staff"] = true,
            ["is_superuser"] = true,
            ["is_active"] = false,
            ["password"] = "Sesame-open-1",
            ["password_hash"] = "x",
            ["failed_logins"] = 5,
            ["slug"] = "stolen",
            ["created_at"] = "2001-01-01T00:00:00Z",
            ["student_count"] = 1000,
            ["revenue"] = "1000.00",
            ["total_revenue"] = "1000.00",
            ["enrollment_count"] = 1000,
            ["usage_count"] = -5,
            ["price_paid"] = "0.01",
            ["progress"] = "100.00",
            ["score"] = 1000,
            ["passed"] = true,
            ["status"] = "graded",
            ["points_earned"] = 1000,
        };
        Dictionary<string, object?> With(params (string Field, object? Value)[] asked)
        {
            var body = new Dictionary<string, object?>(unasked);
            foreach (var (field, value) in asked)
                body[field] = value;
            return body;
        }

        foreach (var path in new[] { "teacher/update-profile/", "/api/v1/teacher/update-profile/" })
            (await teacher.Patch(path, With(("bio", "Counts.")))).Expect(200);
        var course = (
            await teacher.Post(
                "course/create/",
                With(
                    ("title", School.Unique("Course")),
                    ("description", "Numbers."),
                    ("category", await stack.Category()),
                    ("price", "20.00"),
                    ("is_published", true)
                )
            )
        )
            .Expect(201)["id"]
            .GetGuid();
        (await teacher.Patch($"course/update/{course}/", With())).Expect(200);
        using var student = await stack.Student(teacher);
        (await student.Patch("student/update-profile/", With())).Expect(200);
        (await student.Post("course/course-enrollment/", With(("course", course)))).Expect(201);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);
        (await student.Post($"students/attempts/{attempt}/submit/", With(("answers", Array.Empty<object>())))).Expect(
            200
        );

        Assert.Equal(
            2,
            await stack.Ask<long>(
                $"""
                SELECT count(*) FROM users
                WHERE id IN ({teacher.Id}, {student.Id}) AND is_active AND type <> 'Admin' AND failed_logins = 0
                  AND slug <> 'stolen' AND created_at > '2020-01-01'
                """
            )
        );
        Assert.Equal(
            1,
            await stack.Ask<long>(
                $"""
                SELECT count(*) FROM courses
                WHERE id = {course} AND teacher_id = {teacher.Id} AND enrollment_count = 1 AND revenue = 20
                  AND created_at > '2020-01-01'
                """
            )
        );
        Assert.Equal(
            1,
            await stack.Ask<long>(
                $"""
                SELECT count(*) FROM enrollments
                WHERE student_id = {student.Id} AND course_id = {course} AND price_paid = 20 AND completed_lessons = 0
                """
            )
        );
        Assert.Equal(
            1,
            await stack.Ask<long>(
                $"SELECT count(*) FROM attempts WHERE id = {attempt} AND student_id = {student.Id} AND score = 0 AND NOT passed"
            )
        );
        Assert.Equal(1, await stack.Ask<int>($"SELECT student_count FROM teachers WHERE id = {teacher.Id}"));
        await teacher.LogIn("teacher/login/", teacher.Username, teacher.Password);
        await stack.ExpectBooksBalance(teacher.Id, other.Id);
    }
}
