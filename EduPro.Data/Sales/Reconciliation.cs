using Microsoft.EntityFrameworkCore;

namespace EduPro.Data.Sales;

/// <summary>
/// Compares what counters say with the rows that they count. Each look is one statement, so sales under way are in both
/// or in neither; each correction locks its row before it counts, so none is missed.
/// </summary>
public static class Reconciliation
{
    /// <summary>The courses whose revenue, enrolments or ratings differ from ledger, enrolments and ratings.</summary>
    public static Task<List<Guid>> WrongCourses(this EduProDb db, CancellationToken ct) =>
        db
            .Database.SqlQuery<Guid>(
                $"""
                SELECT courses.id AS "Value" FROM courses
                LEFT JOIN (SELECT course_id, sum(net) AS net FROM ledger_entries GROUP BY course_id) paid
                    ON paid.course_id = courses.id
                LEFT JOIN (
                    SELECT course_id, count(*) AS number FROM (
                        SELECT course_id FROM enrollments
                        UNION ALL SELECT held_course_id FROM payments
                        WHERE status = 'Pending' AND held_module_id IS NULL
                    ) seats GROUP BY course_id
                ) taken ON taken.course_id = courses.id
                LEFT JOIN (
                    SELECT course_id, count(*) AS number, sum(value) AS total FROM ratings GROUP BY course_id
                ) rated ON rated.course_id = courses.id
                WHERE revenue <> coalesce(paid.net, 0)
                   OR enrollment_count <> coalesce(taken.number, 0)
                   OR rating_count <> coalesce(rated.number, 0)
                   OR rating_sum <> coalesce(rated.total, 0)
                """
            )
            .ToListAsync(ct);

    /// <summary>The teachers whose months, students or ratings differ from ledger, relations and courses.</summary>
    public static Task<List<Guid>> WrongTeachers(this EduProDb db, CancellationToken ct) =>
        db
            .Database.SqlQuery<Guid>(
                $"""
                SELECT id AS "Value" FROM teachers
                LEFT JOIN (
                    SELECT teacher_id, count(*) AS number FROM teacher_students
                    WHERE removed_at IS NULL GROUP BY teacher_id
                ) joined ON joined.teacher_id = id
                LEFT JOIN (
                    SELECT teacher_id, sum(rating_count) AS number, sum(rating_sum) AS total
                    FROM courses GROUP BY teacher_id
                ) rated ON rated.teacher_id = id
                WHERE student_count <> coalesce(joined.number, 0)
                   OR rating_count <> coalesce(rated.number, 0)
                   OR rating_sum <> coalesce(rated.total, 0)
                UNION
                SELECT coalesce(paid.teacher_id, known.teacher_id)
                FROM (
                    SELECT teacher_id, date_trunc('month', paid_at AT TIME ZONE 'UTC')::date AS month, sum(net) AS net
                    FROM ledger_entries GROUP BY 1, 2
                ) paid
                FULL JOIN teacher_months known ON known.teacher_id = paid.teacher_id AND known.month = paid.month
                WHERE coalesce(paid.net, 0) <> coalesce(known.revenue, 0)
                """
            )
            .ToListAsync(ct);

    /// <summary>The coupons whose uses differ from those in the ledger and in pending payments.</summary>
    public static Task<List<Guid>> WrongCoupons(this EduProDb db, CancellationToken ct) =>
        db
            .Database.SqlQuery<Guid>(
                $"""
                SELECT id AS "Value" FROM coupons
                LEFT JOIN (
                    SELECT coupon_id, count(*) AS number FROM (
                        SELECT coupon_id FROM ledger_entries
                        UNION ALL SELECT coupon_id FROM payments WHERE status = 'Pending'
                    ) uses GROUP BY coupon_id
                ) used ON used.coupon_id = id
                WHERE usage_count <> coalesce(used.number, 0)
                """
            )
            .ToListAsync(ct);

    /// <summary>Counts a course's seats, revenue and ratings anew.</summary>
    public static Task RecountCourse(this EduProDb db, Guid course, CancellationToken ct) =>
        Recount(
            db,
            $"SELECT 1 FROM courses WHERE id = {course} FOR NO KEY UPDATE",
            $"""
            UPDATE courses SET
                revenue = (SELECT coalesce(sum(net), 0) FROM ledger_entries WHERE course_id = {course}),
                enrollment_count = (SELECT count(*) FROM enrollments WHERE course_id = {course})
                    + (SELECT count(*) FROM payments WHERE held_course_id = {course} AND held_module_id IS NULL),
                rating_count = (SELECT count(*) FROM ratings WHERE course_id = {course}),
                rating_sum = (SELECT coalesce(sum(value), 0) FROM ratings WHERE course_id = {course})
            WHERE id = {course}
            """,
            ct
        );

    /// <summary>Counts a teacher's months, students and ratings anew; the courses' ratings must be right already.</summary>
    public static async Task RecountTeacher(this EduProDb db, Guid teacher, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO teacher_months (teacher_id, month, revenue)
            SELECT DISTINCT teacher_id, date_trunc('month', paid_at AT TIME ZONE 'UTC')::date, 0
            FROM ledger_entries WHERE teacher_id = {teacher}
            ON CONFLICT (teacher_id, month) DO NOTHING
            """,
            ct
        );
        await Recount(
            db,
            $"SELECT 1 FROM teacher_months WHERE teacher_id = {teacher} ORDER BY month FOR NO KEY UPDATE",
            $"""
            UPDATE teacher_months known SET revenue = (
                SELECT coalesce(sum(net), 0) FROM ledger_entries
                WHERE teacher_id = {teacher}
                  AND date_trunc('month', paid_at AT TIME ZONE 'UTC')::date = known.month
            )
            WHERE teacher_id = {teacher}
            """,
            ct
        );
        await Recount(
            db,
            $"SELECT 1 FROM teachers WHERE id = {teacher} FOR NO KEY UPDATE",
            $"""
            UPDATE teachers SET
                student_count = (
                    SELECT count(*) FROM teacher_students WHERE teacher_id = {teacher} AND removed_at IS NULL
                ),
                rating_count = (SELECT coalesce(sum(rating_count), 0) FROM courses WHERE teacher_id = {teacher}),
                rating_sum = (SELECT coalesce(sum(rating_sum), 0) FROM courses WHERE teacher_id = {teacher})
            WHERE id = {teacher}
            """,
            ct
        );
    }

    /// <summary>Counts a coupon's uses anew.</summary>
    public static Task RecountCoupon(this EduProDb db, Guid coupon, CancellationToken ct) =>
        Recount(
            db,
            $"SELECT 1 FROM coupons WHERE id = {coupon} FOR NO KEY UPDATE",
            $"""
            UPDATE coupons SET usage_count =
                (SELECT count(*) FROM ledger_entries WHERE coupon_id = {coupon})
                + (SELECT count(*) FROM payments WHERE coupon_id = {coupon} AND status = 'Pending')
            WHERE id = {coupon}
            """,
            ct
        );

    private static Task<int> Recount(
        EduProDb db,
        FormattableString @lock,
        FormattableString count,
        CancellationToken ct
    ) =>
        db.InTransaction(
            async ct =>
            {
                await db.Database.ExecuteSqlAsync(@lock, ct);
                return await db.Database.ExecuteSqlAsync(count, ct);
            },
            ct
        );
}
