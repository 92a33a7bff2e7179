using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Coupons;

internal static class UpdateCoupon
{
    public sealed class Request
    {
        [MaxLength(Coupon.LongestCode)]
        public Optional<string> Code { get; init; }

        public Optional<int> DiscountPercentage { get; init; }

        [InvalidMessage(CouponRules.InvalidDate)]
        public Optional<DateTimeOffset> ValidFrom { get; init; }

        [InvalidMessage(CouponRules.InvalidDate)]
        public Optional<DateTimeOffset> ValidUntil { get; init; }

        public Optional<int?> MaxUses { get; init; }

        public Optional<IReadOnlyList<Guid>?> Courses { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(CouponRules rules) =>
            RuleFor(r => r)
                .CustomAsync(
                    (r, context, ct) =>
                    {
                        rules.CheckTerms(
                            context,
                            r.DiscountPercentage.IsPresent ? r.DiscountPercentage.Value : null,
                            r.ValidFrom.IsPresent ? r.ValidFrom.Value : null,
                            r.ValidUntil.IsPresent ? r.ValidUntil.Value : null,
                            r.MaxUses.Value
                        );
                        return rules.CheckCourses(context, r.Courses.Value, ct);
                    }
                );
    }

    public static async Task<IResult> Handle(
        PathId coupon_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        CancellationToken ct
    )
    {
        var id = coupon_id.Value;
        if (!await db.Coupons.AnyAsync(c => c.Id == id && c.TeacherId == teacher.Id && c.DeletedAt == null, ct))
            return Problems.CouponNotFound;
        if (await body.Read(ct) is { } problem)
            return problem;
        try
        {
            return await db.InTransaction(ct => Change(id, body.Value, db, ct), ct);
        }
        catch (DbUpdateException e) when (CouponRules.IsCodeTaken(e))
        {
            return ValidationProblem.On("code", CouponRules.CodeExists);
        }
    }

    /// <summary>Changes the coupon under its lock: no use slips in between what is compared and what is written.</summary>
    private static async Task<IResult> Change(Guid id, Request request, EduProDb db, CancellationToken ct)
    {
        var found = await db
            .Coupons.FromSql($"SELECT * FROM coupons WHERE id = {id} AND deleted_at IS NULL FOR UPDATE")
            .ToListAsync(ct);
        if (found is not [var coupon])
            return Problems.CouponNotFound;
        coupon.Code = request.Code.Or(coupon.Code);
        coupon.DiscountPercentage = request.DiscountPercentage.Or(coupon.DiscountPercentage);
        coupon.ValidFrom = request.ValidFrom.Or(coupon.ValidFrom);
        coupon.ValidUntil = request.ValidUntil.Or(coupon.ValidUntil);
        coupon.MaxUses = request.MaxUses.Or(coupon.MaxUses);
        if (request.Courses.IsPresent)
            coupon.CourseIds = request.Courses.Value is { } courses ? [.. courses.Distinct()] : null;
        if (coupon is { VoucherValue: not null, DiscountPercentage: not 100 })
            return ValidationProblem.On("discount_percentage", "A voucher pays in full.");
        if (coupon.ValidUntil <= coupon.ValidFrom)
            return ValidationProblem.On("valid_until", CouponRules.EndsBeforeStart);
        if (coupon.MaxUses < coupon.UsageCount)
            return ValidationProblem.On(
                "max_uses",
                $"Ensure this value is greater than or equal to {coupon.UsageCount}."
            );
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new Done("Coupon updated successfully"));
    }
}
