using EduPro.Api.Features.Accounts;
using EduPro.Api.Features.Catalogue;
using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Enrollments;

/// <summary>The enrolments in a teacher's courses: all of them for the teacher, a student's own for the student.</summary>
internal static class ListEnrollments
{
    public static async Task<IResult> Handle(
        string teacher_username,
        CurrentUser caller,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var teacher = await db
            .Teachers.Named(teacher_username)
            .Select(t => new
            {
                t.Id,
                Blocks = db.TeacherStudents.Any(r => r.TeacherId == t.Id && r.StudentId == caller.Id && !r.IsActive),
            })
            .FirstOrDefaultAsync(ct);
        if (teacher is null)
            return Problems.TeacherNotFound;
        if (teacher.Blocks)
            return Problems.AccountBlocked;
        if (caller.IsTeacher && caller.Id != teacher.Id)
            return Problems.PermissionDenied;
        var enrollments = db.Enrollments.Where(e => e.TeacherId == teacher.Id);
        if (caller.IsStudent)
            enrollments = enrollments.Where(e => e.StudentId == caller.Id);
        return await enrollments
            .OrderByDescending(e => e.EnrolledAt)
            .ThenByDescending(e => e.Id)
            .Select(EnrollmentShape.From)
            .ToPage(page, ct);
    }
}

/// <summary>The students of one of the caller's courses.</summary>
internal static class ListCourseStudents
{
    public static async Task<IResult> Handle(
        PathId course_id,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        Guid id = course_id;
        var owner = await db.CoursesFor(teacher)
            .Where(c => c.Id == id)
            .Select(c => (Guid?)c.TeacherId)
            .FirstOrDefaultAsync(ct);
        if (owner is null)
            return Problems.CourseNotFound;
        if (owner != teacher.Id)
            return Problems.PermissionDenied;
        return await db
            .Enrollments.Where(e => e.CourseId == id)
            .OrderByDescending(e => e.EnrolledAt)
            .ThenByDescending(e => e.Id)
            .Select(CourseStudentShape.From(db))
            .ToPage(page, ct);
    }
}

/// <summary>A student's enrolments in the caller's courses.</summary>
internal static class ListStudentEnrollments
{
    public static async Task<IResult> Handle(
        PathId student_id,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        Guid id = student_id;
        if (!await db.TeacherStudents.AnyAsync(r => r.TeacherId == teacher.Id && r.StudentId == id, ct))
            return Problems.StudentNotFound;
        return await db
            .Enrollments.Where(e => e.TeacherId == teacher.Id && e.StudentId == id)
            .OrderByDescending(e => e.EnrolledAt)
            .ThenByDescending(e => e.Id)
            .Select(StudentEnrollmentShape.From)
            .ToPage(page, ct, envelope: true, defaultSize: PageRequest.LargestSize);
    }
}
