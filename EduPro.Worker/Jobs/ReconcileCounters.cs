using EduPro.Data;
using EduPro.Data.Sales;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Proves the counters of revenue, seats, coupons, students and ratings against the rows that they count, and corrects
/// those that differ. None should: each one found is logged as an error.
/// </summary>
internal sealed partial class ReconcileCounters(EduProDb db, ILogger<ReconcileCounters> logger) : IJob
{
    public async Task<int> Run(CancellationToken ct)
    {
        var courses = await db.WrongCourses(ct);
        foreach (var course in courses)
        {
            Wrong("course", course);
            await db.RecountCourse(course, ct);
        }
        var teachers = await db.WrongTeachers(ct);
        foreach (var teacher in teachers)
        {
            Wrong("teacher", teacher);
            await db.RecountTeacher(teacher, ct);
        }
        var coupons = await db.WrongCoupons(ct);
        foreach (var coupon in coupons)
        {
            Wrong("coupon", coupon);
            await db.RecountCoupon(coupon, ct);
        }
        return 0;
    }

    [LoggerMessage(LogLevel.Error, "The counters of {What} {Id} were wrong and have been counted anew")]
    private partial void Wrong(string what, Guid id);
}
