using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EduPro.Api.Features.Coupons;

/// <summary>Rules that hold when a coupon is created and when it is changed.</summary>
internal sealed class CouponRules(EduProDb db, TimeProvider clock, IHttpContextAccessor http)
{
    public const string CodeExists = "Coupon code already exists.",
        InvalidDate = "Invalid date format.",
        EndsBeforeStart = "Valid until date must be after valid from date.";

    /// <summary>Adds what is wrong with the terms that were given; null is not given.</summary>
    public void CheckTerms<T>(
        ValidationContext<T> context,
        int? percentage,
        DateTimeOffset? from,
        DateTimeOffset? until,
        int? maxUses
    )
    {
        if (percentage is < 1 or > 100)
            context.AddFailure(nameof(Coupon.DiscountPercentage), "Discount percentage must be between 1 and 100.");
        if (percentage > 100)
            context.AddFailure(nameof(Coupon.DiscountPercentage), "Discount percentage cannot exceed 100%.");
        if (until <= from)
            context.AddFailure(nameof(Coupon.ValidUntil), EndsBeforeStart);
        if (until <= clock.GetUtcNow())
            context.AddFailure(nameof(Coupon.ValidUntil), "Coupon expiration date cannot be in the past.");
        if (maxUses < 1)
            context.AddFailure(nameof(Coupon.MaxUses), "Max uses must be greater than 0.");
    }

    /// <summary>Adds a failure unless every course is one of the caller's; null is all of them.</summary>
    public async Task CheckCourses<T>(ValidationContext<T> context, IReadOnlyList<Guid>? courses, CancellationToken ct)
    {
        if (courses is null)
            return;
        if (courses.Count == 0)
            context.AddFailure("Courses", "This list may not be empty.");
        var teacher = CurrentUser.Of(http.HttpContext!).Id;
        var own = await db
            .Courses.Where(c => c.TeacherId == teacher && courses.Contains(c.Id))
            .Select(c => c.Id)
            .ToListAsync(ct);
        foreach (var stranger in courses.Except(own))
            context.AddFailure("Courses", $"Invalid pk \"{stranger}\" - object does not exist.");
    }

    /// <summary>Adds a failure when another coupon of the caller's has the code.</summary>
    public async Task CheckCode<T>(ValidationContext<T> context, string? code, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(code))
            return;
        if (await IsTaken(db, CurrentUser.Of(http.HttpContext!).Id, code, ct))
            context.AddFailure(nameof(Coupon.Code), CodeExists);
    }

    public static Task<bool> IsTaken(EduProDb db, Guid teacher, string code, CancellationToken ct)
    {
        var key = code.ToUpperInvariant();
        return db.Coupons.AnyAsync(c => c.TeacherId == teacher && c.CodeKey == key && c.DeletedAt == null, ct);
    }

    /// <summary>Whether a write failed because the teacher has a coupon of that code.</summary>
    public static bool IsCodeTaken(DbUpdateException e) =>
        e.InnerException
            is PostgresException
            {
                SqlState: PostgresErrorCodes.UniqueViolation,
                ConstraintName: "ix_coupons_teacher_id_code_key"
            };
}
