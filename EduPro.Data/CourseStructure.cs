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
    /// Counts completed lessons and courses anew, of one student of the course or of all who are in it or did some of
    /// it, in the enrolments and in the relations with the teacher. For transactions that hold the course's lock, or a
    /// share of it and the student's enrolment.
    /// </summary>
    /// <param name="seenAt">When the student did something, null when somebody else did.</param>
    public static Task RefreshProgress(
        this EduProDb db,
        Guid course,
        Guid? student,
        CancellationToken ct,
        DateTimeOffset? seenAt = null
    ) =>
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
                WHERE e.course_id = {course} AND ({student}::uuid IS NULL OR e.student_id = {student})
                GROUP BY e.id
            ) n
            WHERE e.id = n.id AND e.completed_lessons IS DISTINCT FROM n.completed;

            SELECT 1 FROM teacher_students
            WHERE teacher_id = (SELECT teacher_id FROM courses WHERE id = {course})
                AND student_id IN (
                    SELECT {student}::uuid
                    UNION SELECT student_id FROM enrollments WHERE course_id = {course} AND {student}::uuid IS NULL
                    UNION SELECT p.student_id FROM lessons l JOIN lesson_progress p ON p.lesson_id = l.id
                    WHERE l.course_id = {course} AND {student}::uuid IS NULL
                )
            ORDER BY id
            FOR NO KEY UPDATE;

            UPDATE teacher_students r
            SET completed_lessons = n.lessons, completed_courses = n.courses,
                last_activity = coalesce({seenAt}, last_activity)
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
                        AND p.status = {nameof(ProgressStatus.Completed)}
                    GROUP BY c.id
                ) d ON true
                WHERE r.teacher_id = (SELECT teacher_id FROM courses WHERE id = {course})
                    AND r.student_id IN (
                        SELECT {student}::uuid
                        UNION SELECT student_id FROM enrollments WHERE course_id = {course} AND {student}::uuid IS NULL
                        UNION SELECT p.student_id FROM lessons l JOIN lesson_progress p ON p.lesson_id = l.id
                        WHERE l.course_id = {course} AND {student}::uuid IS NULL
                    )
                GROUP BY r.id
            ) n
            WHERE r.id = n.id
                AND (r.completed_lessons, r.completed_courses, r.last_activity)
                    IS DISTINCT FROM (n.lessons, n.courses, coalesce({seenAt}, r.last_activity));
            """,
            ct
        );

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
        await db.RefreshProgress(course, student, ct, seenAt: now);
        return progress.Single();
    }
}
