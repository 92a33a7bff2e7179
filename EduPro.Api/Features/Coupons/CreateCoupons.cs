using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using EduPro.Domain.Pricing;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Coupons;

/// <summary>
/// Creates a coupon, or many at once. A body with a price and no percentage asks for prepaid vouchers: single-use codes
/// worth the price, valid for 30 days.
/// </summary>
internal static class CreateCoupons
{
    public const int MostAtOnce = 1000;
    private const int MostTries = 3;
    private static readonly TimeSpan VoucherLifetime = TimeSpan.FromDays(30);

    public sealed class Request
    {
        /// <summary>Made up when absent.</summary>
        [MaxLength(Coupon.LongestCode)]
        public string? Code { get; init; }

        public int? DiscountPercentage { get; init; }

        [InvalidMessage(CouponRules.InvalidDate)]
        public DateTimeOffset? ValidFrom { get; init; }

        [InvalidMessage(CouponRules.InvalidDate)]
        public DateTimeOffset? ValidUntil { get; init; }

        public int? MaxUses { get; init; }

        /// <summary>Null for all of the teacher's.</summary>
        public IReadOnlyList<Guid>? Courses { get; init; }

        /// <summary>How many to create, each with a code of its own; the given code is the first one's.</summary>
        public int? NumberOfCoupons { get; init; }

        /// <summary>What each voucher is worth.</summary>
        public decimal? Price { get; init; }

        public bool AsksForVouchers() => Price is not null && DiscountPercentage is null;
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(CouponRules rules)
        {
            const string required = "This field is required.";
            When(
                r => !r.AsksForVouchers(),
                () =>
                {
                    RuleFor(r => r.DiscountPercentage).NotNull().WithMessage(required);
                    RuleFor(r => r.ValidFrom).NotNull().WithMessage(required);
                    RuleFor(r => r.ValidUntil).NotNull().WithMessage(required);
                }
            );
            RuleFor(r => r.NumberOfCoupons)
                .GreaterThanOrEqualTo(1)
                .WithMessage("Number of coupons must be at least 1.")
                .LessThanOrEqualTo(MostAtOnce)
                .WithMessage($"Ensure this value is less than or equal to {MostAtOnce}.");
            RuleFor(r => r.Price).GreaterThan(0).WithMessage("Ensure this value is greater than or equal to 0.01.");
            RuleFor(r => r)
                .CustomAsync(
                    async (r, context, ct) =>
                    {
                        rules.CheckTerms(context, r.DiscountPercentage, r.ValidFrom, r.ValidUntil, r.MaxUses);
                        await rules.CheckCourses(context, r.Courses, ct);
                        await rules.CheckCode(context, r.Code, ct);
                    }
                );
        }
    }

    public static async Task<IResult> Handle(
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        Idempotency.Answers answers,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var request = body.Value;
        for (var tries = 1; ; tries++)
        {
            var now = clock.GetUtcNow();
            List<Coupon> coupons =
            [
                .. Enumerable
                    .Range(0, request.NumberOfCoupons ?? 1)
                    .Select(i => Create(request, i == 0 ? request.Code : null, teacher.Id, now)),
            ];
            try
            {
                return await db.InTransaction(
                    async ct =>
                    {
                        db.Coupons.AddRange(coupons);
                        await db.SaveChangesAsync(ct);
                        return await answers.Keep(TypedResults.Created((string?)null, Shape(coupons, now)), ct);
                    },
                    ct
                );
            }
            catch (DbUpdateException e) when (CouponRules.IsCodeTaken(e))
            {
                // Our own codes are made anew; the teacher's own was taken since we looked.
                if (!string.IsNullOrEmpty(request.Code) || tries == MostTries)
                    return ValidationProblem.On("code", CouponRules.CodeExists);
            }
        }
    }

    private static Coupon Create(Request request, string? code, Guid teacher, DateTimeOffset now)
    {
        var isVoucher = request.AsksForVouchers();
        return new Coupon
        {
            Id = Guid.CreateVersion7(now),
            TeacherId = teacher,
            Code = string.IsNullOrEmpty(code) ? CouponCodes.Generate() : code,
            DiscountPercentage = isVoucher ? 100 : request.DiscountPercentage!.Value,
            VoucherValue = isVoucher ? request.Price : null,
            ValidFrom = isVoucher ? now : request.ValidFrom!.Value,
            ValidUntil = isVoucher ? now + VoucherLifetime : request.ValidUntil!.Value,
            MaxUses = isVoucher ? 1 : request.MaxUses,
            CourseIds = request.Courses is { } courses ? [.. courses.Distinct()] : null,
            CreatedAt = now,
        };
    }

    private static CouponShape Shape(List<Coupon> coupons, DateTimeOffset now)
    {
        var shapes = coupons.ConvertAll(CouponShape.At(now).Compile(preferInterpretation: true).Invoke);
        return shapes[0] with { Coupons = shapes.Count > 1 ? shapes : null };
    }
}
