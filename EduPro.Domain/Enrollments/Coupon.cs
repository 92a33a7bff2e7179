using EduPro.Domain.Accounts;

namespace EduPro.Domain.Enrollments;

/// <summary>
/// A code of a teacher's that makes courses cheaper by a percentage, or a voucher that was paid for beforehand and
/// pays in full what its value covers. Deleting it hides it: what it paid for stays on record.
/// </summary>
public sealed class Coupon
{
    public const int LongestCode = 50;

    public required Guid Id { get; init; }
    public required Guid TeacherId { get; init; }
    public Teacher Teacher { get; init; } = null!;

    /// <summary>Unique per teacher ignoring case.</summary>
    public required string Code { get; set; }

    /// <summary>The code in upper case, made by the database.</summary>
    public string CodeKey { get; private set; } = null!;

    /// <summary>1 to 100; 100 for a voucher.</summary>
    public required int DiscountPercentage { get; set; }

    /// <summary>What a voucher is worth, null for a percentage.</summary>
    public decimal? VoucherValue { get; init; }

    public required DateTimeOffset ValidFrom { get; set; }

    /// <summary>The end, itself excluded.</summary>
    public required DateTimeOffset ValidUntil { get; set; }

    /// <summary>How often it can be used, null for no limit.</summary>
    public int? MaxUses { get; set; }

    /// <summary>Uses, and payments under way that hold one; never more than <see cref="MaxUses"/>.</summary>
    public int UsageCount { get; set; }

    /// <summary>The courses it is good for, null for all of the teacher's.</summary>
    public Guid[]? CourseIds { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }
}
