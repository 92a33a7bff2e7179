using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using EduPro.Domain.Pricing;

namespace EduPro.Api.Features.Enrollments;

/// <summary>What a coupon grants a student, as it stood when it was looked up.</summary>
internal sealed record CouponTerms(
    Guid Id,
    int DiscountPercentage,
    decimal? VoucherValue,
    DateTimeOffset ValidFrom,
    DateTimeOffset ValidUntil,
    bool IsUsedUp,
    Guid[]? CourseIds,
    bool IsUsedByStudent
)
{
    public static Expression<Func<Coupon, CouponTerms>> For(EduProDb db, Guid student) =>
        c => new CouponTerms(
            c.Id,
            c.DiscountPercentage,
            c.VoucherValue,
            c.ValidFrom,
            c.ValidUntil,
            c.MaxUses != null && c.UsageCount >= c.MaxUses,
            c.CourseIds,
            db.LedgerEntries.Any(e => e.CouponId == c.Id && e.StudentId == student)
                || db.Payments.Any(p =>
                    p.CouponId == c.Id && p.StudentId == student && p.Status == PaymentStatus.Pending
                )
        );

    /// <summary>Why the coupon does not pay for this, null when it does.</summary>
    public Problem? Refusal(Guid course, decimal price, DateTimeOffset now) =>
        CourseIds is { } courses && !courses.Contains(course) ? Problems.CouponNotFound
        : now < ValidFrom || now >= ValidUntil ? Problems.CouponExpired
        : IsUsedByStudent ? Problems.CouponAlreadyUsed
        : IsUsedUp ? Problems.CouponUsedUp
        : VoucherValue is { } value && !Price.Covers(value, price) ? Problems.InsufficientFunds
        : null;

    /// <summary>How a code is compared: no outer blanks, any case; null when there is no code.</summary>
    public static string? Key(string? code) => string.IsNullOrWhiteSpace(code) ? null : code.Trim().ToUpperInvariant();
}
