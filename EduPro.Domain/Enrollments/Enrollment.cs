using EduPro.Domain.Accounts;
using EduPro.Domain.Catalogue;

namespace EduPro.Domain.Enrollments;

/// <summary>A student's place in a course. What was paid stays in the ledger when the place is given up.</summary>
public sealed class Enrollment
{
    public required Guid Id { get; init; }
    public required Guid CourseId { get; init; }
    public Course Course { get; init; } = null!;
    public required Guid StudentId { get; init; }
    public Student Student { get; init; } = null!;

    /// <summary>The course's teacher, kept here so that a teacher's students are one index away.</summary>
    public required Guid TeacherId { get; init; }

    /// <summary>What was paid, the price less the discount.</summary>
    public required decimal PricePaid { get; init; }

    /// <summary>The coupon that was used, null for none.</summary>
    public Guid? CouponId { get; init; }

    public required DateTimeOffset EnrolledAt { get; init; }

    /// <summary>Lessons of the course that the student has completed.</summary>
    public int CompletedLessons { get; set; }

    public DateTimeOffset? LastActivity { get; set; }
}

/// <summary>A student's place in one module of a course.</summary>
public sealed class ModuleEnrollment
{
    public required Guid Id { get; init; }
    public required Guid ModuleId { get; init; }
    public Module Module { get; init; } = null!;
    public required Guid StudentId { get; init; }
    public required decimal PricePaid { get; init; }
    public required DateTimeOffset EnrolledAt { get; init; }
}

/// <summary>How far a student is with a lesson.</summary>
public enum ProgressStatus
{
    NotStarted,
    InProgress,
    Completed,
}

/// <summary>A student's progress in a lesson; none means not started.</summary>
public sealed class LessonProgress
{
    public required Guid StudentId { get; init; }
    public required Guid LessonId { get; init; }
    public Lesson Lesson { get; init; } = null!;
    public required Guid CourseId { get; init; }
    public required ProgressStatus Status { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }
}
