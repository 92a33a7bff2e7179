using EduPro.Domain.Accounts;

namespace EduPro.Domain.Enrollments;

/// <summary>Something sold to a student: a course, or a module of it, at a price.</summary>
public abstract class Sale
{
    public required Guid Id { get; init; }
    public required Guid TeacherId { get; init; }
    public required Guid StudentId { get; init; }
    public Student Student { get; init; } = null!;

    /// <summary>The course, which may be gone since.</summary>
    public required Guid CourseId { get; init; }

    /// <summary>What the course was called at the time.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The module that was sold, null for the course.</summary>
    public required Guid? ModuleId { get; init; }

    /// <summary>The coupon that was used, null for none.</summary>
    public required Guid? CouponId { get; init; }
    public Coupon? Coupon { get; init; }

    /// <summary>List price; <see cref="Net"/> is what is paid, the list price less the discount.</summary>
    public required decimal Gross { get; init; }
    public required decimal Discount { get; init; }
    public required decimal Net { get; init; }

    /// <summary>Who collected the money: a gateway, or <c>voucher</c>.</summary>
    public required string Gateway { get; init; }
}

/// <summary>
/// A line of the ledger: what was paid, by whom, for what. The database refuses to change or delete one. A coupon
/// stands here at most once per student, and that is its use.
/// </summary>
public sealed class LedgerEntry : Sale
{
    public required DateTimeOffset PaidAt { get; init; }
}

/// <summary>What became of a <see cref="Payment"/>.</summary>
public enum PaymentStatus
{
    /// <summary>Written down, but the gateway's answer is not.</summary>
    Pending,
    Approved,
    Declined,
}

/// <summary>
/// A charge, written down before a gateway is asked for it, under whose id the gateway knows it: what became of it can
/// be asked after a crash or a lost answer. While it is pending it holds the seat and the use of the coupon.
/// </summary>
public sealed class Payment : Sale
{
    public required PaymentStatus Status { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>The course while the payment is pending, then null: keeps it from being deleted meanwhile.</summary>
    public required Guid? HeldCourseId { get; set; }

    /// <summary>The module while the payment is pending, then null.</summary>
    public required Guid? HeldModuleId { get; set; }
}

/// <summary>What a teacher earned in a calendar month (UTC), by the ledger.</summary>
public sealed class TeacherMonth
{
    public required Guid TeacherId { get; init; }

    /// <summary>The first day of the month.</summary>
    public required DateOnly Month { get; init; }
    public required decimal Revenue { get; set; }
}
