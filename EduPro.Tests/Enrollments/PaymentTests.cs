using EduPro.Data.Sales;
using EduPro.Domain.Enrollments;
using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace EduPro.Tests.Enrollments;

public sealed class PaymentTests(Stack stack)
{
    [Fact]
    public async Task A_decline_leaves_no_enrolment_no_coupon_use_and_no_seat_taken()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 20);
        await stack.Set(course, $"max_enrollments = 1");
        var code = (await teacher.Coupon(uses: 1))["code"].GetString();
        using var student = await stack.Passerby();

        (await student.Enroll(course, code, token: "fail")).ExpectProblem(
            400,
            "Payment failed",
            "The payment could not be processed. Please try again."
        );
        (await student.Enroll(course, code, token: "insufficient_funds")).ExpectProblem(
            400,
            "Insufficient funds",
            "You do not have sufficient funds to complete this transaction."
        );
        (await student.Enroll(course, code, token: "lost")).ExpectProblem(
            400,
            "Payment failed",
            "The payment could not be processed. Please try again."
        );
        Assert.Equal("0.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
        (await student.Enroll(course, code, token: "good")).Expect(201);
        Assert.Equal("16.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task A_lost_answer_is_settled_by_asking_and_charged_once()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 20);
        using var student = await stack.Passerby();

        (await student.Enroll(course, token: "timeout")).Expect(201);
        (await student.Enroll(course, token: "timeout")).Expect(400);

        await using var db = await stack.Db();
        var payment = await db.Payments.SingleAsync(
            p => p.StudentId == student.Id,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(PaymentStatus.Approved, payment.Status);
        Assert.Equal("20.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task A_payment_left_by_a_crash_holds_its_seat_until_it_is_settled()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 20);
        await stack.Set(course, $"max_enrollments = 1");
        var crowd = await stack.Crowd(2);
        using var student = crowd[0];
        using var other = crowd[1];
        var ct = TestContext.Current.CancellationToken;
        var now = TimeProvider.System.GetUtcNow();
        await using var db = await stack.Db();
        await db.Database.BeginTransactionAsync(ct);
        Assert.True(await db.Reserve(PendingPayment(teacher.Id, student.Id, course, now), percentage: null, ct));
        await db.Database.CommitTransactionAsync(ct);

        (await other.Enroll(course)).Expect(400);
        (await student.Enroll(course)).ExpectProblem(
            409,
            "Payment in progress",
            "A payment for this is still being processed. Please try again later."
        );
        await stack.ExpectBooksBalance(teacher.Id);

        // The gateway never saw the charge: half a minute later the student's next try asks, and pays anew.
        await db
            .Payments.Where(p => p.StudentId == student.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.CreatedAt, now.AddSeconds(-40)), ct);
        (await student.Enroll(course, token: "good")).Expect(201);
        Assert.Equal(
            [PaymentStatus.Declined, PaymentStatus.Approved],
            await db
                .Payments.Where(p => p.StudentId == student.Id)
                .OrderBy(p => p.CreatedAt)
                .Select(p => p.Status)
                .ToListAsync(ct)
        );
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Settling_a_payment_twice_at_once_enrols_once()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 20);
        using var student = await stack.Passerby();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => student.Enroll(course, token: "good")));
        Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 201, 400, 409 }));
        await using var db = await stack.Db();
        Assert.Equal(
            1,
            await db.Payments.CountAsync(p => p.StudentId == student.Id, TestContext.Current.CancellationToken)
        );
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Counters_that_were_tampered_with_are_found_and_counted_anew()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 20);
        var coupon = (await teacher.Coupon())["id"].GetGuid();
        using var student = await stack.Passerby();
        (await student.Enroll(course)).Expect(201);
        (await student.Post($"courses/{course}/ratings/create/", new { rating = 5 })).Expect(201);
        await using var db = await stack.Db();
        var ct = TestContext.Current.CancellationToken;
        Assert.DoesNotContain(course, await db.WrongCourses(ct));
        await stack.Set(course, $"revenue = 1, enrollment_count = 7, rating_sum = 1");
        await db.TeacherMonths.Where(m => m.TeacherId == teacher.Id).ExecuteDeleteAsync(ct);
        await db
            .Teachers.Where(t => t.Id == teacher.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.StudentCount, 9), ct);
        await db
            .Coupons.Where(c => c.Id == coupon)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsageCount, 4), ct);

        Assert.Contains(course, await db.WrongCourses(ct));
        Assert.Contains(teacher.Id, await db.WrongTeachers(ct));
        Assert.Contains(coupon, await db.WrongCoupons(ct));
        await db.RecountCourse(course, ct);
        await db.RecountTeacher(teacher.Id, ct);
        await db.RecountCoupon(coupon, ct);

        await stack.ExpectBooksBalance(teacher.Id);
        Assert.DoesNotContain(teacher.Id, await db.WrongTeachers(ct));
        Assert.DoesNotContain(coupon, await db.WrongCoupons(ct));
    }

    [Fact]
    public async Task The_worker_finishes_what_was_charged_before_a_crash()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 20);
        using var student = await stack.Passerby();
        var ct = TestContext.Current.CancellationToken;
        var payment = PendingPayment(teacher.Id, student.Id, course, TimeProvider.System.GetUtcNow().AddMinutes(-2));
        await using (var gateway = await ConnectionMultiplexer.ConnectAsync(await stack.ConnectionString("cache")))
            await gateway.GetDatabase().StringSetAsync($"fake-gateway:{payment.Id}", nameof(ChargeOutcome.Approved));
        await using var db = await stack.Db();
        await db.Database.BeginTransactionAsync(ct);
        Assert.True(await db.Reserve(payment, percentage: null, ct));
        await db.Database.CommitTransactionAsync(ct);

        for (var tries = 0; ; tries++)
        {
            var status = await db.Payments.Where(p => p.Id == payment.Id).Select(p => p.Status).SingleAsync(ct);
            if (status is PaymentStatus.Approved)
                break;
            Assert.True(tries < 60, "The worker has not settled the payment within a minute.");
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }

        (await student.Enroll(course)).Expect(400);
        Assert.Equal("20.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    private static Payment PendingPayment(Guid teacher, Guid student, Guid course, DateTimeOffset at) =>
        new()
        {
            Id = Guid.CreateVersion7(at),
            TeacherId = teacher,
            StudentId = student,
            CourseId = course,
            CourseTitle = "Course",
            ModuleId = null,
            CouponId = null,
            Gross = 20,
            Discount = 0,
            Net = 20,
            Gateway = "fake",
            Status = PaymentStatus.Pending,
            CreatedAt = at,
            HeldCourseId = course,
            HeldModuleId = null,
        };
}
