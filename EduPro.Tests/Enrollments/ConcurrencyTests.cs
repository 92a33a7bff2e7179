using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Tests.Enrollments;

/// <summary>What must hold whoever comes at once, on two replicas. No answer is ever a 5xx.</summary>
public sealed class ConcurrencyTests(Stack stack)
{
    /// <summary>Rounds of the coupon race; 20 where there is time for it (EDUPRO_TEST_ROUNDS=20).</summary>
    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("EDUPRO_TEST_ROUNDS"), out var rounds) ? rounds : 5;

    [Fact]
    public async Task Two_hundred_students_use_a_coupon_of_ten_uses_exactly_ten_times()
    {
        using var teacher = await stack.Teacher();
        var crowd = await stack.Crowd(200);
        for (var round = 0; round < Rounds; round++)
        {
            var course = await teacher.Course(price: 10);
            var code = (await teacher.Coupon(percentage: 50, uses: 10))["code"].GetString();

            var replies = await Task.WhenAll(crowd.Select(student => student.Enroll(course, code)));

            Assert.Equal(10, replies.Count(reply => reply.Status == 201));
            foreach (var refused in replies.Where(reply => reply.Status != 201))
                refused.ExpectProblem(400, "Usage limit reached", "This coupon has reached its maximum usage limit.");
            await stack.ExpectBooksBalance(teacher.Id);
        }
        Assert.Equal($"{Rounds * 50}.00", (await teacher.Get("teacher/revenue/"))["total_revenue"].GetString());
        crowd.ForEach(student => student.Dispose());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("good")]
    public async Task Thirty_of_a_hundred_students_get_the_thirty_seats(string? token)
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        await stack.Set(course, $"max_enrollments = 30");
        var crowd = await stack.Crowd(100);

        var replies = await Task.WhenAll(crowd.Select(student => student.Enroll(course, token: token)));

        Assert.Equal(30, replies.Count(reply => reply.Status == 201));
        foreach (var refused in replies.Where(reply => reply.Status != 201))
            refused.ExpectProblem(400, "Course full", "This course has reached its maximum enrollment capacity.");
        Assert.Equal("300.00", (await teacher.Get("teacher/revenue/"))["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
        crowd.ForEach(student => student.Dispose());
    }

    [Fact]
    public async Task One_student_enrolling_fifty_times_is_in_once_and_pays_once()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Passerby();

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => student.Enroll(course)));

        Assert.Single(replies, reply => reply.Status == 201);
        foreach (var refused in replies.Where(reply => reply.Status != 201))
            refused.ExpectProblem(400, "Already enrolled", "You are already enrolled in this course.");
        Assert.Equal("10.00", (await teacher.Get("teacher/revenue/"))["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Fifty_enrolments_with_one_key_are_one()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Passerby();
        var key = School.Unique("key");

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => student.Enroll(course, key: key)));

        Assert.Single(replies, reply => reply.Status == 201 && reply.Header("Idempotency-Replayed") is null);
        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 201, 409 }));
        Assert.Equal("10.00", (await teacher.Get("teacher/revenue/"))["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Enrolments_while_the_coupon_is_edited_pay_one_of_its_prices()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 100);
        var coupon = await teacher.Coupon(percentage: 10, uses: 50);
        var (id, code) = (coupon["id"].GetGuid(), coupon["code"].GetString());
        var crowd = await stack.Crowd(60);

        var edits = Task.WhenAll(
            Enumerable
                .Range(1, 100)
                .Select(i =>
                    teacher.Patch(
                        $"coupon/update/{id}/",
                        new { discount_percentage = 10 * (i % 3 + 1), max_uses = 40 + i % 11 }
                    )
                )
        );
        var replies = await Task.WhenAll(crowd.Select(student => student.Enroll(course, code)));

        Assert.All(await edits, edit => Assert.Contains(edit.Status, new[] { 200, 400 }));
        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 201, 400 }));
        Assert.InRange(replies.Count(reply => reply.Status == 201), 40, 50);
        await using var db = await stack.Db();
        var paid = await db
            .LedgerEntries.Where(e => e.CourseId == course)
            .Select(e => e.Net)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(paid, net => Assert.Contains(net, new[] { 90m, 80m, 70m }));
        await stack.ExpectBooksBalance(teacher.Id);
        crowd.ForEach(student => student.Dispose());
    }

    [Fact]
    public async Task A_course_is_deleted_or_enrolled_in_but_never_both()
    {
        using var teacher = await stack.Teacher();
        await teacher.Course();
        var crowd = await stack.Crowd(10);
        for (var round = 0; round < 10; round++)
        {
            var course = await teacher.Course(price: 10);

            var deletion = teacher.Delete($"course/course-delete/{course}/");
            var replies = await Task.WhenAll(
                crowd.Select((student, i) => student.Enroll(course, token: i % 2 == 0 ? null : "good"))
            );

            var deleted = await deletion;
            Assert.Contains(deleted.Status, new[] { 200, 400 });
            Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 201, 404 }));
            Assert.Equal(deleted.Status == 200, replies.All(reply => reply.Status == 404));
            await stack.ExpectBooksBalance(teacher.Id);
        }
        crowd.ForEach(student => student.Dispose());
    }

    [Fact]
    public async Task Blocking_students_while_they_enrol_leaves_them_blocked_and_the_books_right()
    {
        using var teacher = await stack.Teacher();
        var first = await teacher.Course(price: 10);
        var second = await teacher.Course(price: 10);
        var crowd = await stack.Crowd(20);
        foreach (var student in crowd)
            (await student.Enroll(first)).Expect(201);

        var blocks = Task.WhenAll(crowd.Select(student => teacher.Block(student)));
        var replies = await Task.WhenAll(crowd.Select(student => student.Enroll(second)));

        await blocks;
        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 201, 403 }));
        foreach (var student in crowd)
            (await student.Post($"courses/{first}/ratings/create/", new { rating = 5 })).Expect(403);
        await stack.ExpectBooksBalance(teacher.Id);
        crowd.ForEach(student => student.Dispose());
    }

    [Fact]
    public async Task Students_who_buy_rate_and_leave_all_at_once_do_not_block_each_other()
    {
        using var teacher = await stack.Teacher();
        var courses = new[] { await teacher.Course(price: 10), await teacher.Course(price: 7) };
        var code = (await teacher.Coupon(percentage: 33))["code"].GetString();
        var crowd = await stack.Crowd(40);

        await Task.WhenAll(
            crowd.Select(
                async (student, i) =>
                {
                    var (here, there) = (courses[i % 2], courses[1 - (i % 2)]);
                    (await student.Enroll(here, code)).Expect(201);
                    (await student.Post($"courses/{here}/ratings/create/", new { rating = (i % 5) + 1 })).Expect(201);
                    (await student.Enroll(there, token: "good")).Expect(201);
                    var enrollment = await student.EnrollmentOf(teacher, here);
                    (await student.Delete($"course/course-enrollment-delete/{here}/{enrollment}/")).Expect(200);
                    (await student.Enroll(here, token: "fail")).Expect(400);
                    (await student.Post($"courses/{there}/ratings/create/", new { rating = 1 })).Expect(201);
                }
            )
        );

        await stack.ExpectBooksBalance(teacher.Id);
        crowd.ForEach(student => student.Dispose());
    }
}
