using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Coupons;

internal static class ListCoupons
{
    /// <summary>Rows of a page that is asked for without a size.</summary>
    public const int PageSize = 10;

    public static Task<IResult> Handle(
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db
            .Coupons.Where(c => c.TeacherId == teacher.Id && c.DeletedAt == null)
            .OrderByDescending(c => c.CreatedAt)
            .ThenByDescending(c => c.Id)
            .Select(CouponShape.At(clock.GetUtcNow()))
            .ToPage(page, ct, defaultSize: PageSize);
}

internal static class GetCoupon
{
    public static async Task<IResult> Handle(
        PathId coupon_id,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var id = coupon_id.Value;
        return
            await db
                .Coupons.Where(c => c.Id == id && c.TeacherId == teacher.Id && c.DeletedAt == null)
                .Select(CouponShape.At(clock.GetUtcNow()))
                .FirstOrDefaultAsync(ct)
                is { } coupon
            ? TypedResults.Ok(coupon)
            : Problems.CouponNotFound;
    }
}

internal static class ListUsedCoupons
{
    public static Task<IResult> Handle(CurrentUser teacher, EduProDb db, PageRequest page, CancellationToken ct) =>
        db
            .LedgerEntries.Where(e => e.TeacherId == teacher.Id && e.CouponId != null)
            .OrderByDescending(e => e.PaidAt)
            .ThenByDescending(e => e.Id)
            .Select(CouponUseShape.From)
            .ToPage(page, ct, defaultSize: ListCoupons.PageSize);
}

/// <summary>Ends a coupon. What it paid for, and that it did, stays on record.</summary>
internal static class DeleteCoupon
{
    public static async Task<IResult> Handle(
        PathId coupon_id,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (id, now) = (coupon_id.Value, clock.GetUtcNow());
        return
            await db
                .Coupons.Where(c => c.Id == id && c.TeacherId == teacher.Id && c.DeletedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.DeletedAt, now), ct) == 0
            ? Problems.CouponNotFound
            : TypedResults.Ok(new Done("Coupon deleted successfully"));
    }
}
