using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Data;

/// <summary>
/// What hangs together when modules and lessons come, go or change, and what keeps it true: one change of a course at a
/// time, and the counters in the same transaction.
/// </summary>
/// <remarks>
/// Locks are taken in the order course, enrolments, relations. A lesson counts for its course, and for the progress of
/// its students, while it and its module are published.
/// </remarks>
public static class CourseStructure
{
    /// <summary>
    /// Locks the course against other changes until the transaction ends, and says whether it is still this teacher's.
    /// Enrolments go on.
    /// </summary>
    public static async Task<bool> LockCourse(this EduProDb db, Guid course, Guid teacher, CancellationToken ct) =>
        (
            await db
                .Database.SqlQuery<Guid>(
                    $"SELECT id FROM courses WHERE id = {course} AND teacher_id = {teacher} FOR NO KEY UPDATE"
                )
                .ToListAsync(ct)
        ).Count > 0;

    /// <summary>Locks the course like <see cref="LockCourse(EduProDb, Guid, Guid, CancellationToken)"/>, whosever it is.</summary>
    public static Task LockCourse(this EduProDb db, Guid course, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"SELECT 1 FROM courses WHERE id = {course} FOR NO KEY UPDATE", ct);

    /// <summary>
    /// Counts the course's modules, lessons and seconds anew, and with them the progress of its students. For
    /// transactions that hold the course's lock.
    /// </summary>
    public static async Task RefreshCounters(this EduProDb db, Guid course, DateTimeOffset now, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE modules m
            SET lesson_count = n.lessons, total_duration = n.seconds
            FROM (
                SELECT m.id, count(l.id) AS lessons, coalesce(sum(l.duration), 0) AS seconds
                FROM modules m LEFT JOIN lessons l ON l.module_id = m.id AND l.is_published
                WHERE m.course_id = {course}
                GROUP BY m.id
            ) n
            WHERE m.id = n.id AND (m.lesson_count, m.total_duration) IS DISTINCT FROM (n.lessons, n.seconds);

            UPDATE courses
            SET module_count = n.modules, lesson_count = n.lessons, total_duration = n.seconds, updated_at = {now}
            FROM (
                SELECT count(*) AS modules, coalesce(sum(lesson_count), 0) AS lessons,
                    coalesce(sum(total_duration), 0) AS seconds
                FROM modules WHERE course_id = {course} AND is_published
            ) n
            WHERE id = {course};
            """,
            ct
        );
        await db.RefreshProgress(course, student: null, ct);
    }

    /// <summary>
    /// Counts completed lessons and courses anew, of one student of the course or of all, in the enrolments and in the
    /// relations with the teacher. For transactions that hold the course's lock, or a share of it and the
    /// student's enrolment.
    /// </summary>
    public static Task RefreshProgress(this EduProDb db, Guid course, Guid? student, CancellationToken ct) =>
        // The relations are locked by a statement of their own, so that the next one sees what others committed.
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE enrollments e
            SET completed_lessons = n.completed
            FROM (
                SELECT e.id, count(m.id) AS completed
                FROM enrollments e
                LEFT JOIN lesson_progress p
                    ON p.course_id = e.course_id AND p.student_id = e.student_id
                    AND p.status = {nameof(ProgressStatus.Completed)}
                LEFT JOIN lessons l ON l.id = p.lesson_id AND l.is_published
                LEFT JOIN modules m ON m.id = l.module_id AND m.is_published
                WHERE e.course_id = {course} AND e.student_id = coalesce({student}, e.student_id)
                GROUP BY e.id
            ) n
            WHERE e.id = n.id AND e.completed_lessons IS DISTINCT FROM n.completed;

            SELECT 1 FROM teacher_students r
            JOIN enrollments e ON e.teacher_id = r.teacher_id AND e.student_id = r.student_id
            WHERE e.course_id = {course} AND e.student_id = coalesce({student}, e.student_id)
            ORDER BY r.id
            FOR NO KEY UPDATE OF r;

            UPDATE teacher_students r
            SET completed_lessons = n.lessons, completed_courses = n.courses
            FROM (
                SELECT r.id, sum(e.completed_lessons) AS lessons,
                    count(*) FILTER (WHERE c.lesson_count > 0 AND e.completed_lessons >= c.lesson_count) AS courses
                FROM enrollments here
                JOIN teacher_students r ON r.teacher_id = here.teacher_id AND r.student_id = here.student_id
                JOIN enrollments e ON e.teacher_id = r.teacher_id AND e.student_id = r.student_id
                JOIN courses c ON c.id = e.course_id
                WHERE here.course_id = {course} AND here.student_id = coalesce({student}, here.student_id)
                GROUP BY r.id
            ) n
            WHERE r.id = n.id
                AND (r.completed_lessons, r.completed_courses) IS DISTINCT FROM (n.lessons, n.courses);
            """,
            ct
        );
}
