using EduPro.Domain.Accounts;
using EduPro.Domain.Catalogue;

namespace EduPro.Domain.Enrollments;

/// <summary>What a student thinks of a course; one per student and course.</summary>
public sealed class Rating
{
    public required Guid Id { get; init; }
    public required Guid CourseId { get; init; }
    public Course Course { get; init; } = null!;
    public required Guid StudentId { get; init; }
    public Student Student { get; init; } = null!;

    /// <summary>1 to 5.</summary>
    public required int Value { get; set; }
    public string? Comment { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
}
