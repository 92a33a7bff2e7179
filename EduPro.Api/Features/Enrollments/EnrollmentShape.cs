using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using EduPro.Domain.Progress;

namespace EduPro.Api.Features.Enrollments;

/// <summary>An enrolment as the teacher and the student see it.</summary>
internal sealed record EnrollmentShape(
    Guid Id,
    EnrollmentShape.StudentName Student,
    EnrollmentShape.EnrolledCourse Course,
    DateTimeOffset EnrolledAt,
    decimal PricePaid,
    decimal Progress
)
{
    public sealed record StudentName(Guid Id, string Username, string FirstName, string LastName);

    public sealed record EnrolledCourse(
        Guid Id,
        string Title,
        string Description,
        [property: PublicFile] string? Thumbnail
    );

    public static readonly Expression<Func<Enrollment, EnrollmentShape>> From = e => new EnrollmentShape(
        e.Id,
        new StudentName(e.StudentId, e.Student.User.Username, e.Student.User.FirstName, e.Student.User.LastName),
        new EnrolledCourse(e.CourseId, e.Course.Title, e.Course.Description, e.Course.Thumbnail),
        e.EnrolledAt,
        e.PricePaid,
        CourseProgress.Percentage(e.CompletedLessons, e.Course.LessonCount)
    );
}

/// <summary>A student of a course, as its teacher sees them.</summary>
internal sealed record CourseStudentShape(
    Guid Id,
    CourseStudentShape.StudentContact Student,
    DateTimeOffset EnrolledAt,
    decimal Progress,
    decimal PricePaid,
    string FullName,
    [property: PublicFile] string? ProfilePicture,
    CourseStudentShape.Account User
)
{
    public sealed record StudentContact(Guid Id, string Username, string FirstName, string LastName, string Email);

    /// <param name="IsActive">Neither blocked nor removed by this teacher.</param>
    public sealed record Account(string Username, string Email, string? Phone, bool IsActive);

    public static Expression<Func<Enrollment, CourseStudentShape>> From(EduProDb db) =>
        e => new CourseStudentShape(
            e.Id,
            new StudentContact(
                e.StudentId,
                e.Student.User.Username,
                e.Student.User.FirstName,
                e.Student.User.LastName,
                e.Student.User.Email
            ),
            e.EnrolledAt,
            CourseProgress.Percentage(e.CompletedLessons, e.Course.LessonCount),
            e.PricePaid,
            e.Student.User.FirstName + " " + e.Student.User.LastName,
            e.Student.User.Avatar,
            new Account(
                e.Student.User.Username,
                e.Student.User.Email,
                e.Student.User.Phone,
                db.TeacherStudents.Any(r =>
                    r.TeacherId == e.TeacherId && r.StudentId == e.StudentId && r.IsActive && r.RemovedAt == null
                )
            )
        );
}

/// <summary>One of a student's enrolments with a teacher, for the teacher's page on the student.</summary>
internal sealed record StudentEnrollmentShape(
    Guid Id,
    string CourseName,
    string StudentName,
    decimal Progress,
    string Status,
    string AccessType,
    DateTimeOffset EnrollmentDate,
    DateTimeOffset? EndedDate,
    DateTimeOffset? LastActivity
)
{
    /// <summary>An enrolment has all of its course.</summary>
    public const string FullAccess = "full";

    public static readonly Expression<Func<Enrollment, StudentEnrollmentShape>> From = e => new StudentEnrollmentShape(
        e.Id,
        e.Course.Title,
        e.Student.User.FirstName + " " + e.Student.User.LastName,
        CourseProgress.Percentage(e.CompletedLessons, e.Course.LessonCount),
        StatusOf(CourseProgress.Percentage(e.CompletedLessons, e.Course.LessonCount)),
        FullAccess,
        e.EnrolledAt,
        null,
        e.LastActivity
    );

    public static string StatusOf(decimal progress) => progress == 100 ? "completed" : "active";
}
