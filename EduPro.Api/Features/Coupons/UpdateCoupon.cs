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

        public void ApplyTo(Coupon coupon)
        {
            coupon.Code = Code.Or(coupon.Code);
            coupon.DiscountPercentage = DiscountPercentage.Or(coupon.DiscountPercentage);
            coupon.ValidFrom = ValidFrom.Or(coupon.ValidFrom);
            coupon.ValidUntil = ValidUntil.Or(coupon.ValidUntil);
            coupon.MaxUses = MaxUses.Or(coupon.MaxUses);
            if (Courses.IsPresent)
                coupon.CourseIds = Courses.Value is { } courses ? [.. courses.Distinct()] : null;
        }
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
        var found = await db
            .Coupons.AsNoTracking()
            .FirstOrDefaultAsync(c => c.Id == id && c.TeacherId == teacher.Id && c.DeletedAt == null, ct);
        if (found is null)
            return Problems.CouponNotFound;
        if (await body.Read(ct, CheckOutcome) is { } problem)
            return problem;
        try
        {
            return await db.InTransaction(ct => Change(id, body.Value, db, ct), ct);
        }
        catch (DbUpdateException e) when (CouponRules.IsCodeTaken(e))
        {
            return ValidationProblem.On("code", CouponRules.CodeExists);
        }

        async Task<IResult?> CheckOutcome(Request request, Faults faults)
        {
            if (
                request.Code.IsPresent
                && request.Code.Value.ToUpperInvariant() != found.CodeKey
                && await CouponRules.IsTaken(db, teacher.Id, request.Code.Value, ct)
            )
                faults.Add("code", CouponRules.CodeExists);
            request.ApplyTo(found);
            foreach (var (field, fault) in FaultsOf(found))
                faults.Add(field, fault);
            return null;
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
        request.ApplyTo(coupon);
        foreach (var (field, fault) in FaultsOf(coupon))
            return ValidationProblem.On(field, fault);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new Done("Coupon updated successfully"));
    }

    /// <summary>What is wrong with what has become of a coupon.</summary>
    private static IEnumerable<(string Field, string Fault)> FaultsOf(Coupon coupon)
    {
        if (coupon is { VoucherValue: not null, DiscountPercentage: not 100 })
            yield return ("discount_percentage", "A voucher pays in full.");
        if (coupon.ValidUntil <= coupon.ValidFrom)
            yield return ("valid_until", CouponRules.EndsBeforeStart);
        if (coupon.MaxUses > 0 && coupon.MaxUses < coupon.UsageCount)
            yield return ("max_uses", $"Ensure this value is greater than or equal to {coupon.UsageCount}.");
    }
}
