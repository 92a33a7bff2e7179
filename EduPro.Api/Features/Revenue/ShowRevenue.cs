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

    public static async Task<IResult> Handle(CurrentUser teacher, EduProDb db, TimeProvider clock, CancellationToken ct)
    {
        var today = clock.GetUtcNow().UtcDateTime;
        var thisMonth = new DateOnly(today.Year, today.Month, 1);
        var months = await db
            .TeacherMonths.Where(m => m.TeacherId == teacher.Id)
            .Select(m => new { m.Month, m.Revenue })
            .ToListAsync(ct);
        var courses = await db
            .Courses.Where(c => c.TeacherId == teacher.Id)
            .OrderByDescending(c => c.CreatedAt)
            .ThenByDescending(c => c.Id)
            .Take(PageRequest.LongestList)
            .Select(c => new CourseRevenue(c.Id, c.Title, c.EnrollmentCount, c.Revenue))
            .ToListAsync(ct);
        return TypedResults.Ok(
            new Response(
                months.Sum(m => m.Revenue),
                months.Where(m => m.Month == thisMonth).Sum(m => m.Revenue),
                courses
            )
        );
    }
}
