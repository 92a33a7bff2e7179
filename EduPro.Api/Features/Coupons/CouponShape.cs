using System.Linq.Expressions;
using System.Text.Json.Serialization;
using EduPro.Domain.Enrollments;

namespace EduPro.Api.Features.Coupons;

/// <summary>A coupon as its teacher sees it.</summary>
/// <param name="Price">What a voucher is worth, null for a percentage.</param>
/// <param name="Courses">Null for all of the teacher's.</param>
/// <param name="IsActive">Whether it can be used now: within its dates, and with uses left.</param>
/// <param name="Coupons">All that were created with this one, where that were several.</param>
internal sealed record CouponShape(
    Guid Id,
    string Code,
    int DiscountPercentage,
    decimal? Price,
    DateTimeOffset ValidFrom,
    DateTimeOffset ValidUntil,
    int? MaxUses,
    IReadOnlyList<Guid>? Courses,
    bool IsActive,
    int UsageCount,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CouponShape>? Coupons
)
{
    public static Expression<Func<Coupon, CouponShape>> At(DateTimeOffset now) =>
        c => new CouponShape(
            c.Id,
            c.Code,
            c.DiscountPercentage,
            c.VoucherValue,
            c.ValidFrom,
            c.ValidUntil,
            c.MaxUses,
            c.CourseIds,
            c.ValidFrom <= now && now < c.ValidUntil && (c.MaxUses == null || c.UsageCount < c.MaxUses),
            c.UsageCount,
            c.CreatedAt,
            null
        );
}

/// <summary>One use of a coupon.</summary>
internal sealed record CouponUseShape(
    Guid Id,
    CouponUseShape.UsedCoupon Coupon,
    CouponUseShape.StudentName Student,
    CouponUseShape.CourseName Course,
    DateTimeOffset UsedAt
)
{
    public sealed record UsedCoupon(
        Guid Id,
        string Code,
        int DiscountPercentage,
        decimal? Price,
        DateTimeOffset ValidFrom,
        DateTimeOffset ValidUntil
    );

    public sealed record StudentName(Guid Id, string Username, string FullName);

    public sealed record CourseName(Guid Id, string Title);

    public static readonly Expression<Func<LedgerEntry, CouponUseShape>> From = e => new CouponUseShape(
        e.Id,
        new UsedCoupon(
            e.Coupon!.Id,
            e.Coupon.Code,
            e.Coupon.DiscountPercentage,
            e.Coupon.VoucherValue,
            e.Coupon.ValidFrom,
            e.Coupon.ValidUntil
        ),
        new StudentName(e.StudentId, e.Student.User.Username, e.Student.User.FirstName + " " + e.Student.User.LastName),
        new CourseName(e.CourseId, e.CourseTitle),
        e.PaidAt
    );
}
