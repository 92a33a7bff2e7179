using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>The calling teacher's students, a page at a time.</summary>
internal static class ListStudents
{
    public sealed class Filter
    {
        public bool? IsActive { get; init; }

        /// <summary>Part of a username, an email address or a full name, in any case.</summary>
        [MaxLength(200)]
        public string? Search { get; init; }

        /// <summary>What is none of the known orders counts as none.</summary>
        public string? Ordering { get; init; }
    }

    /// <summary>The relation, with the student in it.</summary>
    public sealed record Row(
        Guid Id,
        StudentCard Student,
        DateOnly EnrollmentDate,
        string? Notes,
        bool IsActive,
        int CompletedLessons,
        DateTimeOffset? LastActivity,
        int NumberOfCompletedCourses
    );

    public sealed record StudentCard(
        Guid Id,
        UserCard User,
        string FullName,
        string? Bio,
        string? ProfilePicture,
        DateOnly? DateOfBirth,
        string? Address,
        string? Country,
        string? City,
        string? Gender
    );

    public sealed record UserCard(
        Guid Id,
        string FirstName,
        string LastName,
        string Email,
        string Username,
        string? Phone,
        string? Avatar,
        UserType UserType,
        bool IsActive,
        DateTimeOffset CreatedAt,
        DateTimeOffset? LastLogin
    );

    public static async Task<IResult> Handle(
        Query<Filter> query,
        PageRequest page,
        CurrentUser caller,
        EduProDb db,
        MediaUrls media,
        CancellationToken ct
    )
    {
        if (await query.Read(ct) is { } problem)
            return problem;
        var filter = query.Value;
        var rows = db.TeacherStudents.Where(r => r.TeacherId == caller.Id && r.RemovedAt == null);
        if (filter.IsActive is { } isActive)
            rows = rows.Where(r => r.IsActive == isActive);
        if (!string.IsNullOrEmpty(filter.Search))
        {
            var pattern = $"%{Escape(filter.Search)}%";
            rows = rows.Where(r =>
                EF.Functions.ILike(r.Student.User.Username, pattern, @"\")
                || EF.Functions.ILike(r.Student.User.Email, pattern, @"\")
                || EF.Functions.ILike(r.Student.User.FirstName + " " + r.Student.User.LastName, pattern, @"\")
            );
        }
        return await Ordered(rows, filter.Ordering).Select(Shape(media.Base)).ToPage(page, ct, envelope: true);
    }

    private static IQueryable<TeacherStudent> Ordered(IQueryable<TeacherStudent> rows, string? ordering)
    {
        var isDescending = ordering is ['-', ..];
        IOrderedQueryable<TeacherStudent> By<TKey>(Expression<Func<TeacherStudent, TKey>> key) =>
            isDescending ? rows.OrderByDescending(key) : rows.OrderBy(key);
        var ordered = ordering?.TrimStart('-') switch
        {
            "enrollment_date" => By(r => r.JoinedAt),
            "student__full_name" => By(r => (r.Student.User.FirstName + " " + r.Student.User.LastName).ToLower()),
            "student__user__email" => By(r => r.Student.User.EmailKey),
            "student__user__username" => By(r => r.Student.User.UsernameKey),
            "completed_lessons" => By(r => r.CompletedLessons),
            // Who never did anything comes last either way.
            "last_activity" when isDescending => rows.OrderBy(r => r.LastActivity == null)
                .ThenByDescending(r => r.LastActivity),
            "last_activity" => By(r => r.LastActivity),
            _ => rows.OrderBy(r => (r.Student.User.FirstName + " " + r.Student.User.LastName).ToLower()),
        };
        return ordered.ThenBy(r => r.Id);
    }

    private static Expression<Func<TeacherStudent, Row>> Shape(string media) =>
        r => new Row(
            r.Id,
            new StudentCard(
                r.StudentId,
                new UserCard(
                    r.StudentId,
                    r.Student.User.FirstName,
                    r.Student.User.LastName,
                    r.Student.User.Email,
                    r.Student.User.Username,
                    r.Student.User.Phone,
                    r.Student.User.Avatar == null ? null : media + r.Student.User.Avatar,
                    r.Student.User.Type,
                    r.Student.User.IsActive,
                    r.Student.User.CreatedAt,
                    r.Student.User.LastLogin
                ),
                (r.Student.User.FirstName + " " + r.Student.User.LastName).Trim(),
                r.Student.User.Bio,
                r.Student.User.Avatar == null ? null : media + r.Student.User.Avatar,
                r.Student.User.DateOfBirth,
                r.Student.User.Address,
                r.Student.User.Country,
                r.Student.User.City,
                r.Student.User.Gender
            ),
            DateOnly.FromDateTime(r.JoinedAt.UtcDateTime),
            r.Notes,
            r.IsActive,
            r.CompletedLessons,
            r.LastActivity,
            r.CompletedCourses
        );

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
}
