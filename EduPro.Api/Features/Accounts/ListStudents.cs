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
        [property: PublicFile] string? ProfilePicture,
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
        [property: PublicFile] string? Avatar,
        UserType UserType,
        bool IsActive,
        DateTimeOffset CreatedAt,
        DateTimeOffset? LastLogin
    );

    /// <summary>Joined without the student between them, of whom nothing is shown.</summary>
    private sealed class Pair
    {
        public required TeacherStudent Relation { get; init; }
        public required User User { get; init; }
    }

    private static readonly Expression<Func<Pair, Row>> Shape = p => new Row(
        p.Relation.Id,
        new StudentCard(
            p.User.Id,
            new UserCard(
                p.User.Id,
                p.User.FirstName,
                p.User.LastName,
                p.User.Email,
                p.User.Username,
                p.User.Phone,
                p.User.Avatar,
                p.User.Type,
                p.User.IsActive,
                p.User.CreatedAt,
                p.User.LastLogin
            ),
            (p.User.FirstName + " " + p.User.LastName).Trim(),
            p.User.Bio,
            p.User.Avatar,
            p.User.DateOfBirth,
            p.User.Address,
            p.User.Country,
            p.User.City,
            p.User.Gender
        ),
        DateOnly.FromDateTime(p.Relation.JoinedAt.UtcDateTime),
        p.Relation.Notes,
        p.Relation.IsActive,
        p.Relation.CompletedLessons,
        p.Relation.LastActivity,
        p.Relation.CompletedCourses
    );

    private static readonly CompiledList<Guid, Row> ByName = new(
        (db, teacher) =>
            db
                .TeacherStudents.Where(r => r.TeacherId == teacher && r.RemovedAt == null)
                .Join(db.Users, r => r.StudentId, u => u.Id, (r, u) => new Pair { Relation = r, User = u })
                .OrderBy(p => p.Relation.NameKey)
                .ThenBy(p => p.Relation.Id)
                .Select(Shape)
    );

    private static readonly Func<EduProDb, Guid, CancellationToken, Task<int>> Count = EF.CompileAsyncQuery(
        (EduProDb db, Guid teacher, CancellationToken ct) =>
            db.Teachers.Where(t => t.Id == teacher).Select(t => t.StudentCount).Single()
    );

    public static async Task<IResult> Handle(
        Query<Filter> query,
        PageRequest page,
        CurrentUser caller,
        EduProDb db,
        CancellationToken ct
    )
    {
        if (await query.Read(ct) is { } problem)
            return problem;
        var filter = query.Value;
        if (filter is { IsActive: null, Search: null or "", Ordering: null or "" })
            return await ByName.ToPage(db, caller.Id, page, ct, envelope: true, () => Count(db, caller.Id, ct));
        var rows = db
            .TeacherStudents.Where(r => r.TeacherId == caller.Id && r.RemovedAt == null)
            .Join(db.Users, r => r.StudentId, u => u.Id, (r, u) => new Pair { Relation = r, User = u });
        if (filter.IsActive is { } isActive)
            rows = rows.Where(p => p.Relation.IsActive == isActive);
        if (!string.IsNullOrEmpty(filter.Search))
        {
            var pattern = $"%{Escape(filter.Search)}%";
            rows = rows.Where(p =>
                EF.Functions.ILike(p.User.Username, pattern, @"\")
                || EF.Functions.ILike(p.User.Email, pattern, @"\")
                || EF.Functions.ILike(p.User.FirstName + " " + p.User.LastName, pattern, @"\")
            );
        }
        return await Ordered(rows, filter.Ordering).Select(Shape).ToPage(page, ct, envelope: true);
    }

    private static IQueryable<Pair> Ordered(IQueryable<Pair> rows, string? ordering)
    {
        var isDescending = ordering is ['-', ..];
        IOrderedQueryable<Pair> By<TKey>(Expression<Func<Pair, TKey>> key) =>
            isDescending ? rows.OrderByDescending(key) : rows.OrderBy(key);
        var ordered = ordering?.TrimStart('-') switch
        {
            "enrollment_date" => By(p => p.Relation.JoinedAt),
            "student__full_name" => By(p => p.Relation.NameKey),
            "student__user__email" => By(p => p.User.EmailKey),
            "student__user__username" => By(p => p.User.UsernameKey),
            "completed_lessons" => By(p => p.Relation.CompletedLessons),
            // Who never did anything comes last either way.
            "last_activity" when isDescending => rows.OrderBy(p => p.Relation.LastActivity == null)
                .ThenByDescending(p => p.Relation.LastActivity),
            "last_activity" => By(p => p.Relation.LastActivity),
            _ => rows.OrderBy(p => p.Relation.NameKey),
        };
        return ordered.ThenBy(p => p.Relation.Id);
    }

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
}
