using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Enrollments;

/// <summary>Gives up a place in a course. What was paid stays in the ledger, and the lessons done stay done.</summary>
internal static class DeleteEnrollment
{
    public static async Task<IResult> Handle(
        PathId course_id,
        PathId enrollment_id,
        CurrentUser caller,
        EduProDb db,
        CancellationToken ct
    )
    {
        var (course, enrollment) = (course_id.Value, enrollment_id.Value);
        var found = await db
            .Courses.Where(c => c.Id == course)
            .Select(c => new
            {
                c.TeacherId,
                StudentId = db
                    .Enrollments.Where(e => e.Id == enrollment && e.CourseId == c.Id)
                    .Select(e => (Guid?)e.StudentId)
                    .FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return Problems.CourseNotFound;
        if (found.StudentId is null)
            return Problems.EnrollmentNotFound;
        if (caller.Id != found.StudentId && caller.Id != found.TeacherId)
            return Problems.PermissionDenied;
        var deleted = await db.Database.ExecuteSqlAsync(
            $"""
            WITH gone AS (
                DELETE FROM enrollments WHERE id = {enrollment} AND course_id = {course}
                RETURNING course_id, student_id
            ), modules_gone AS (
                DELETE FROM module_enrollments USING gone, modules
                WHERE modules.course_id = gone.course_id AND module_id = modules.id
                  AND module_enrollments.student_id = gone.student_id
            )
            UPDATE courses SET enrollment_count = enrollment_count - 1 FROM gone WHERE id = gone.course_id
            """,
            ct
        );
        return deleted == 0
            ? Problems.EnrollmentNotFound
            : TypedResults.Ok(new Done("Enrollment deleted successfully"));
    }
}
