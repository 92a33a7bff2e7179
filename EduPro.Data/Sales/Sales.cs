using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Data.Sales;

/// <summary>
/// The writes of a sale, each inside the caller's transaction. What must not be oversold is taken by one guarded
/// statement, and what counts the sale is changed by the same.
/// <para>
/// Whoever locks several of these rows locks them in this order, and cannot deadlock with another who does: student,
/// payment, enrolment, coupon, course, the teacher's month, the teacher's relation to the student, teacher.
/// </para>
/// </summary>
public static class Sales
{
    /// <summary>
    /// Lets a student buy one thing at a time until the transaction ends: what the next statement reads about this
    /// student's purchases stays so.
    /// </summary>
    public static Task LockStudent(this EduProDb db, Guid student, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"SELECT 1 FROM students WHERE id = {student} FOR NO KEY UPDATE", ct);

    /// <summary>
    /// Keeps coupon and course as they are until the transaction ends: for who was overtaken by a change of them, and
    /// might be again and again.
    /// </summary>
    public static Task LockTerms(this EduProDb db, Guid? coupon, Guid course, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            SELECT 1 FROM coupons WHERE id = {coupon} FOR NO KEY UPDATE;
            SELECT 1 FROM courses WHERE id = {course} FOR NO KEY UPDATE
            """,
            ct
        );

    /// <summary>
    /// Sells at once: seat, coupon use, enrolment, ledger, counters, and the relation to the teacher.
    /// </summary>
    /// <param name="percentage">What the coupon took off, null without one.</param>
    /// <param name="completed">Lessons of the course that the student completed in an earlier enrolment.</param>
    /// <returns>False when the last seat or use is gone, or coupon or course have changed: roll back and look again.</returns>
    public static Task<bool> Sell(
        this EduProDb db,
        LedgerEntry sale,
        int? percentage,
        int completed,
        CancellationToken ct
    ) => Post(db, sale, percentage, reserve: true, completed, sale.PaidAt, ct);

    /// <summary>Writes down a payment that a gateway is to be asked for, and holds its seat and coupon use.</summary>
    /// <inheritdoc cref="Sell"/>
    public static async Task<bool> Reserve(this EduProDb db, Payment payment, int? percentage, CancellationToken ct)
    {
        db.Payments.Add(payment);
        await db.SaveChangesAsync(ct);
        return await Post(db, payment, percentage, reserve: true, completed: null, payment.CreatedAt, ct);
    }

    /// <summary>
    /// Turns a pending payment into an enrolment, or gives back what it held. In a transaction of its own; once only,
    /// whoever comes first.
    /// </summary>
    /// <param name="alsoWhenApproved">More to do in the transaction that makes the enrolment.</param>
    /// <returns>What the payment is now.</returns>
    public static Task<PaymentStatus> Settle(
        this EduProDb db,
        Guid id,
        bool approved,
        DateTimeOffset now,
        CancellationToken ct,
        Func<CancellationToken, Task>? alsoWhenApproved = null
    ) =>
        db.InTransaction(
            async ct =>
            {
                var payment = (
                    await db.Payments.FromSql($"SELECT * FROM payments WHERE id = {id} FOR UPDATE").ToListAsync(ct)
                )[0];
                if (payment.Status is not PaymentStatus.Pending)
                    return payment.Status;
                payment.Status = approved ? PaymentStatus.Approved : PaymentStatus.Declined;
                (payment.HeldCourseId, payment.HeldModuleId, payment.SettledAt) = (null, null, now);
                await db.SaveChangesAsync(ct);
                if (!approved)
                {
                    await Release(db, payment, ct);
                    return payment.Status;
                }
                var completed = await db.LessonProgress.CountAsync(
                    p =>
                        p.StudentId == payment.StudentId
                        && p.CourseId == payment.CourseId
                        && p.Status == ProgressStatus.Completed,
                    ct
                );
                if (!await Post(db, payment, percentage: null, reserve: false, completed, now, ct))
                    throw new InvalidOperationException($"Payment {payment.Id} names a course that is gone.");
                if (alsoWhenApproved is not null)
                    await alsoWhenApproved(ct);
                return payment.Status;
            },
            ct
        );

    /// <summary>
    /// Writes down a sale and posts it to every counter, in the order of locks: each part waits for the one before. The
    /// hot rows are locked last, for this command and the commit.
    /// </summary>
    /// <param name="reserve">Whether seat and coupon use have to be taken: a pending payment holds them.</param>
    /// <param name="completed">Lessons that count as completed; null for what is only reserved.</param>
    private static async Task<bool> Post(
        EduProDb db,
        Sale sale,
        int? percentage,
        bool reserve,
        int? completed,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var book = completed is not null;
        var coupon = reserve ? sale.CouponId : null;
        var seats = reserve && sale.ModuleId is null ? 1 : 0;
        var earned = book ? sale.Net : 0;
        var month = new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1);
        var sold = await db
            .Database.SqlQuery<int>(
                $"""
                INSERT INTO enrollments
                    (id, course_id, student_id, teacher_id, price_paid, coupon_id, enrolled_at, completed_lessons)
                SELECT {Guid.CreateVersion7(now)}, {sale.CourseId}, {sale.StudentId}, {sale.TeacherId}, {sale.Net},
                    {sale.CouponId}::uuid, {now}, {completed}::int
                WHERE {book} AND {sale.ModuleId}::uuid IS NULL;

                INSERT INTO module_enrollments (id, module_id, student_id, price_paid, enrolled_at)
                SELECT {Guid.CreateVersion7(now)}, {sale.ModuleId}::uuid, {sale.StudentId}, {sale.Net}, {now}
                WHERE {book} AND {sale.ModuleId}::uuid IS NOT NULL;

                INSERT INTO ledger_entries
                    (id, teacher_id, student_id, course_id, course_title, module_id, coupon_id, gross, discount, net,
                    gateway, paid_at)
                SELECT {sale.Id}, {sale.TeacherId}, {sale.StudentId}, {sale.CourseId}, {sale.CourseTitle},
                    {sale.ModuleId}::uuid, {sale.CouponId}::uuid, {sale.Gross}, {sale.Discount}, {sale.Net},
                    {sale.Gateway}, {now}
                WHERE {book} AND {sale.Gross} > 0;

                WITH used AS (
                    UPDATE coupons SET usage_count = usage_count + 1
                    WHERE id = {coupon} AND deleted_at IS NULL
                      AND valid_from <= {now} AND valid_until > {now}
                      AND (max_uses IS NULL OR usage_count < max_uses)
                      AND (course_ids IS NULL OR {sale.CourseId} = ANY (course_ids))
                      AND discount_percentage = {percentage}
                    RETURNING 1
                ), sold AS (
                    UPDATE courses SET enrollment_count = enrollment_count + {seats}, revenue = revenue + {earned}
                    WHERE id = {sale.CourseId}
                      AND ({coupon}::uuid IS NULL OR EXISTS (SELECT FROM used))
                      AND ({seats} = 0
                        OR is_published AND price = {sale.Gross}
                        AND (max_enrollments IS NULL OR enrollment_count < max_enrollments))
                    RETURNING 1
                ), earned AS (
                    INSERT INTO teacher_months AS known (teacher_id, month, revenue)
                    SELECT {sale.TeacherId}, {month}, {earned} FROM sold WHERE {earned} > 0
                    ON CONFLICT (teacher_id, month) DO UPDATE SET revenue = known.revenue + excluded.revenue
                    RETURNING 1
                ), joined AS (
                    INSERT INTO teacher_students AS known
                        (id, teacher_id, student_id, joined_at, is_active, completed_lessons, completed_courses)
                    SELECT {Guid.CreateVersion7(now)}, {sale.TeacherId}, {sale.StudentId}, {now}, true, 0, 0
                    FROM sold WHERE {book} AND ({earned} = 0 OR EXISTS (SELECT FROM earned))
                    ON CONFLICT (teacher_id, student_id) DO UPDATE SET removed_at = NULL
                        WHERE known.removed_at IS NOT NULL
                    RETURNING 1
                ), counted AS (
                    UPDATE teachers SET student_count = student_count + 1
                    WHERE id = {sale.TeacherId} AND EXISTS (SELECT FROM joined)
                )
                SELECT count(*)::int AS "Value" FROM sold
                """
            )
            .ToListAsync(ct);
        return sold[0] == 1;
    }

    private static async Task Release(EduProDb db, Payment payment, CancellationToken ct)
    {
        await db
            .Coupons.Where(c => c.Id == payment.CouponId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsageCount, c => c.UsageCount - 1), ct);
        if (payment.ModuleId is null)
            await db
                .Courses.Where(c => c.Id == payment.CourseId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.EnrollmentCount, c => c.EnrollmentCount - 1), ct);
    }
}
