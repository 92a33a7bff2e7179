using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Revenue;

/// <summary>What the caller earned: sums over the ledger, read from the counters that go with it.</summary>
internal static class ShowRevenue
{
    /// <param name="MonthlyRevenue">Of the present calendar month, in UTC.</param>
    public sealed record Response(decimal TotalRevenue, decimal MonthlyRevenue, IReadOnlyList<CourseRevenue> Courses);

    public sealed record CourseRevenue(Guid Id, string Title, int EnrollmentsCount, decimal Revenue);

    private sealed record Month(DateOnly Begin, decimal Revenue);

    private static readonly Func<EduProDb, Guid, IAsyncEnumerable<Month>> Months = EF.CompileAsyncQuery(
        (EduProDb db, Guid teacher) =>
            db.TeacherMonths.Where(m => m.TeacherId == teacher).Select(m => new Month(m.Month, m.Revenue))
    );

    private static readonly Func<EduProDb, Guid, IAsyncEnumerable<CourseRevenue>> Courses = EF.CompileAsyncQuery(
        (EduProDb db, Guid teacher) =>
            db
                .Courses.Where(c => c.TeacherId == teacher)
                .OrderByDescending(c => c.CreatedAt)
                .ThenByDescending(c => c.Id)
                .Take(PageRequest.LongestList)
                .Select(c => new CourseRevenue(c.Id, c.Title, c.EnrollmentCount, c.Revenue))
    );

    public static async Task<IResult> Handle(CurrentUser teacher, EduProDb db, TimeProvider clock, CancellationToken ct)
    {
        var today = clock.GetUtcNow().UtcDateTime;
        var thisMonth = new DateOnly(today.Year, today.Month, 1);
        var months = await Months(db, teacher.Id).ToListAsync(ct);
        var courses = await Courses(db, teacher.Id).ToListAsync(ct);
        return TypedResults.Ok(
            new Response(
                months.Sum(m => m.Revenue),
                months.Where(m => m.Begin == thisMonth).Sum(m => m.Revenue),
                courses
            )
        );
    }
}
