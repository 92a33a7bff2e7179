using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>A student's profile, for the student and for teachers of theirs.</summary>
internal record StudentProfile
{
    /// <summary>Only in the answer to a change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
    public required Guid Id { get; init; }
    public required string Username { get; init; }
    public required string Slug { get; init; }
    public required string Email { get; init; }
    public required string? Phone { get; init; }
    public required string? ParentPhone { get; init; }
    public required string FirstName { get; init; }
    public required string LastName { get; init; }
    public required string FullName { get; init; }

    [PublicFile]
    public required string? Avatar { get; init; }
    public required string? GradeLevel { get; init; }
    public required string? SchoolName { get; init; }
    public required string? Bio { get; init; }
    public required DateOnly? DateOfBirth { get; init; }
    public required string? Address { get; init; }
    public required string? Country { get; init; }
    public required string? City { get; init; }
    public required string? Gender { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public static readonly Expression<Func<Student, StudentProfile>> From = s => new StudentProfile
    {
        Id = s.Id,
        Username = s.User.Username,
        Slug = s.User.Slug,
        Email = s.User.Email,
        Phone = s.User.Phone,
        ParentPhone = s.ParentPhone,
        FirstName = s.User.FirstName,
        LastName = s.User.LastName,
        FullName = (s.User.FirstName + " " + s.User.LastName).Trim(),
        Avatar = s.User.Avatar,
        GradeLevel = s.GradeLevel,
        SchoolName = s.SchoolName,
        Bio = s.User.Bio,
        DateOfBirth = s.User.DateOfBirth,
        Address = s.User.Address,
        Country = s.User.Country,
        City = s.User.City,
        Gender = s.User.Gender,
        CreatedAt = s.User.CreatedAt,
    };
}

/// <summary>A student's profile with what it is to one teacher.</summary>
internal sealed record StudentOfTeacher : StudentProfile
{
    [SetsRequiredMembers]
    public StudentOfTeacher(StudentProfile profile)
        : base(profile) { }

    public bool IsBlocked { get; init; }
    public bool IsActive { get; init; }
    public DateOnly EnrollmentDate { get; init; }
    public string? Notes { get; init; }
    public int CompletedLessons { get; init; }
    public int NumberOfCompletedCourses { get; init; }
    public int NumberOfEnrollmentCourses { get; init; }
    public DateTimeOffset? LastActivity { get; init; }
}

internal static class GetStudentProfile
{
    /// <summary>One's own, at a teacher of one's own.</summary>
    public static async Task<IResult> Own(
        string teacher_username,
        CurrentUser caller,
        EduProDb db,
        CancellationToken ct
    ) =>
        await db.StandingAt(teacher_username, caller.Id, ct) is not { } standing ? Problems.TeacherNotFound
        : standing.Refusal is { } refusal ? refusal
        : TypedResults.Ok(await db.Students.Where(s => s.Id == caller.Id).Select(StudentProfile.From).SingleAsync(ct));

    /// <summary>That of a student of the calling teacher's.</summary>
    public static async Task<IResult> OfStudent(
        PathId student_id,
        CurrentUser caller,
        EduProDb db,
        CancellationToken ct
    )
    {
        var id = student_id.Value;
        var relation = await db
            .TeacherStudents.Where(r => r.TeacherId == caller.Id && r.StudentId == id && r.RemovedAt == null)
            .Select(r => new
            {
                Relation = r,
                Courses = db.Enrollments.Count(e => e.TeacherId == caller.Id && e.StudentId == id),
            })
            .AsNoTracking()
            .FirstOrDefaultAsync(ct);
        if (relation is null)
            return Problems.StudentNotFound;
        var profile = await db.Students.Where(s => s.Id == id).Select(StudentProfile.From).SingleAsync(ct);
        return TypedResults.Ok(
            new StudentOfTeacher(profile)
            {
                IsBlocked = !relation.Relation.IsActive,
                IsActive = relation.Relation.IsActive,
                EnrollmentDate = DateOnly.FromDateTime(relation.Relation.JoinedAt.UtcDateTime),
                Notes = relation.Relation.Notes,
                CompletedLessons = relation.Relation.CompletedLessons,
                NumberOfCompletedCourses = relation.Relation.CompletedCourses,
                NumberOfEnrollmentCourses = relation.Courses,
                LastActivity = relation.Relation.LastActivity,
            }
        );
    }
}
