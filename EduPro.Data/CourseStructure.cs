using System.Runtime.CompilerServices;
using EduPro.Domain.Catalogue;
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
    /// <summary>A course that is locked, and whose it is.</summary>
    public sealed record Locked(Guid Id, Guid TeacherId);

    /// <summary>
    /// Locks the course against other changes until the transaction ends; null if it is not there. Enrolments go on.
    /// </summary>
    public static Task<Locked?> LockCourse(this EduProDb db, Guid course, CancellationToken ct) =>
        db.Lock($"SELECT id, teacher_id FROM courses WHERE id = {course} FOR NO KEY UPDATE", ct);

    /// <summary>Locks the module's course like <see cref="LockCourse"/>; null if there is no such module.</summary>
    public static Task<Locked?> LockCourseOfModule(this EduProDb db, Guid module, CancellationToken ct) =>
        db.Lock(
            $"""
            SELECT id, teacher_id FROM courses WHERE id = (SELECT course_id FROM modules WHERE id = {module})
            FOR NO KEY UPDATE
            """,
            ct
        );

    /// <summary>Locks the lesson's course like <see cref="LockCourse"/>; null if there is no such lesson.</summary>
    public static Task<Locked?> LockCourseOfLesson(this EduProDb db, Guid lesson, CancellationToken ct) =>
        db.Lock(
            $"""
            SELECT id, teacher_id FROM courses WHERE id = (SELECT course_id FROM lessons WHERE id = {lesson})
            FOR NO KEY UPDATE
            """,
            ct
        );

    private static async Task<Locked?> Lock(this EduProDb db, FormattableString course, CancellationToken ct) =>
        (await db.Database.SqlQuery<Locked>(course).ToListAsync(ct)).SingleOrDefault();

    /// <summary>The lessons of a lesson's module, that one among them.</summary>
    public static IQueryable<Lesson> WithSiblings(this IQueryable<Lesson> lessons, Guid lesson) =>
        lessons.Where(l => l.ModuleId == lessons.Where(x => x.Id == lesson).Select(x => x.ModuleId).First());

    /// <summary>
    /// Counts the course's modules, lessons and seconds anew, and with them the progress of its students. For
    /// transactions that hold the course's lock.
    /// </summary>
    /// <param name="leaving">
    /// A lesson that is deleted with it: its progress goes along, but tells before whose progress is to be counted.
    /// </param>
    public static Task RefreshCounters(
        this EduProDb db,
        Guid course,
        DateTimeOffset now,
        CancellationToken ct,
        Guid? leaving = null
    ) =>
        db.Database.ExecuteSqlAsync(
            FormattableStringFactory.Create(
                """
                UPDATE lessons SET is_published = false WHERE id = {5};

                UPDATE modules m
                SET lesson_count = n.lessons, total_duration = n.seconds
                FROM (
                    SELECT m.id, count(l.id) AS lessons, coalesce(sum(l.duration), 0) AS seconds
                    FROM modules m LEFT JOIN lessons l ON l.module_id = m.id AND l.is_published
                    WHERE m.course_id = {0}
                    GROUP BY m.id
                ) n
                WHERE m.id = n.id AND (m.lesson_count, m.total_duration) IS DISTINCT FROM (n.lessons, n.seconds);

                UPDATE courses
                SET module_count = n.modules, lesson_count = n.lessons, total_duration = n.seconds, updated_at = {4}
                FROM (
                    SELECT count(*) AS modules, coalesce(sum(lesson_count), 0) AS lessons,
                        coalesce(sum(total_duration), 0) AS seconds
                    FROM modules WHERE course_id = {0} AND is_published
                ) n
                WHERE id = {0};

                """
                    + ProgressOfAll
                    + """
                    DELETE FROM lessons WHERE id = {5};
                    """,
                course,
                null,
                Completed,
                null,
                now,
                leaving
            ),
            ct
        );

    private const string Completed = nameof(ProgressStatus.Completed);

    private static readonly string ProgressOfOne = Progress("= {1}"),
        ProgressOfAll = Progress(
            """
            IN (
                SELECT student_id FROM enrollments WHERE course_id = {0}
                UNION SELECT p.student_id FROM lessons l JOIN lesson_progress p ON p.lesson_id = l.id
                WHERE l.course_id = {0}
            )
            """
        );

    /// <summary>
    /// What counts completed lessons and courses of course {0} anew, of student {1} or of all who are in it or did some of
    /// it, in the enrolments and in the relations with the teacher. Lessons are {2}; who is not null was seen at {3}. The
    /// relations are locked by a statement of their own, so that the next one sees what others committed. For
    /// transactions that hold the course's lock, or a share of it and the student's enrolment.
    /// </summary>
    /// <param name="students">Of whom. One is a statement apart: PostgreSQL plans it once.</param>
    private static string Progress(string students) =>
        $$"""
            UPDATE enrollments e
            SET completed_lessons = n.completed
            FROM (
                SELECT e.id, count(m.id) AS completed
                FROM enrollments e
                LEFT JOIN lesson_progress p
                    ON p.course_id = e.course_id AND p.student_id = e.student_id
                    AND p.status = {2}
                LEFT JOIN lessons l ON l.id = p.lesson_id AND l.is_published
                LEFT JOIN modules m ON m.id = l.module_id AND m.is_published
                WHERE e.course_id = {0} AND e.student_id {{students}}
                GROUP BY e.id
            ) n
            WHERE e.id = n.id AND e.completed_lessons IS DISTINCT FROM n.completed;

            SELECT 1 FROM teacher_students
            WHERE teacher_id = (SELECT teacher_id FROM courses WHERE id = {0})
                AND student_id {{students}}
            ORDER BY id
            FOR NO KEY UPDATE;

            UPDATE teacher_students r
            SET completed_lessons = n.lessons, completed_courses = n.courses,
                last_activity = coalesce({3}, last_activity)
            FROM (
                SELECT r.id, coalesce(sum(d.done), 0) AS lessons,
                    count(*) FILTER (WHERE d.done >= d.lessons AND d.lessons > 0) AS courses
                FROM teacher_students r
                LEFT JOIN LATERAL (
                    SELECT c.lesson_count AS lessons, count(*) AS done
                    FROM lesson_progress p
                    JOIN lessons l ON l.id = p.lesson_id AND l.is_published
                    JOIN modules m ON m.id = l.module_id AND m.is_published
                    JOIN courses c ON c.id = p.course_id
                    WHERE p.student_id = r.student_id AND c.teacher_id = r.teacher_id
                        AND p.status = {2}
                    GROUP BY c.id
                ) d ON true
                WHERE r.teacher_id = (SELECT teacher_id FROM courses WHERE id = {0})
                    AND r.student_id {{students}}
                GROUP BY r.id
            ) n
            WHERE r.id = n.id
                AND (r.completed_lessons, r.completed_courses, r.last_activity)
                    IS DISTINCT FROM (n.lessons, n.courses, coalesce({3}, r.last_activity));

            """;

    /// <summary>
    /// Notes how far a student of the course is with one of its lessons, in the transaction's share of the course's
    /// lock, and counts anew. Returns what stands now; null when the student or the lesson is no longer there.
    /// </summary>
    public static async Task<LessonProgress?> RecordProgress(
        this EduProDb db,
        Guid course,
        Guid lesson,
        Guid student,
        ProgressStatus status,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var seen = await db.Database.ExecuteSqlAsync(
            $"""
            SELECT 1 FROM courses WHERE id = {course} FOR SHARE;

            UPDATE enrollments SET last_activity = {now}
            WHERE course_id = {course} AND student_id = {student}
                AND EXISTS (SELECT FROM lessons WHERE id = {lesson});
            """,
            ct
        );
        if (seen == 0)
            return null;
        var progress = await db
            .LessonProgress.FromSql(
                $"""
                INSERT INTO lesson_progress AS known
                    (student_id, lesson_id, course_id, status, completed_at, updated_at)
                VALUES (
                    {student}, {lesson}, {course}, {status.ToString()},
                    {(status is ProgressStatus.Completed ? now : null)}, {now}
                )
                ON CONFLICT (student_id, lesson_id) DO UPDATE SET
                    status = excluded.status, updated_at = excluded.updated_at,
                    completed_at = CASE WHEN known.status = excluded.status THEN known.completed_at
                        ELSE excluded.completed_at END
                RETURNING *
                """
            )
            .AsNoTracking()
            .ToListAsync(ct);
        await db.Database.ExecuteSqlAsync(
            FormattableStringFactory.Create(ProgressOfOne, course, student, Completed, now),
            ct
        );
        return progress.Single();
    }
}
