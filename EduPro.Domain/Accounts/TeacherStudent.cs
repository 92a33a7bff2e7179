namespace EduPro.Domain.Accounts;

/// <summary>
/// A student's relation to a teacher. Removing a student sets <see cref="RemovedAt"/> and keeps the history;
/// blocking clears <see cref="IsActive"/>. Access needs an active relation that was not removed.
/// </summary>
public sealed class TeacherStudent
{
    public required Guid Id { get; init; }
    public required Guid TeacherId { get; init; }
    public required Guid StudentId { get; init; }
    public Teacher Teacher { get; init; } = null!;
    public Student Student { get; init; } = null!;

    /// <summary>The student's full name in lower case; the database keeps it.</summary>
    public string NameKey { get; private set; } = null!;

    public required DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset? RemovedAt { get; set; }
    public bool IsActive { get; set; } = true;
    public string? Notes { get; set; }

    /// <summary>Lessons of this teacher that the student has completed.</summary>
    public int CompletedLessons { get; set; }

    /// <summary>Courses of this teacher whose lessons the student has all completed.</summary>
    public int CompletedCourses { get; set; }

    public DateTimeOffset? LastActivity { get; set; }
}
