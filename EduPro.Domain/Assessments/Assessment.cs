using EduPro.Domain.Accounts;
using EduPro.Domain.Catalogue;
using EduPro.Domain.Ordering;
using EduPro.Domain.Scoring;

namespace EduPro.Domain.Assessments;

/// <summary>What kind of assessment it is.</summary>
public enum AssessmentType
{
    Quiz,
    Assignment,
    Exam,
}

/// <summary>
/// Questions that students answer. It hangs on a course, on a module or lesson of one, or on none: then it is for all
/// of the teacher's students. Counters are kept in the transactions that change what they count, under the row's lock.
/// </summary>
public sealed class Assessment
{
    public const int DefaultPassingScore = 50;

    public required Guid Id { get; init; }
    public required Guid TeacherId { get; init; }
    public Teacher Teacher { get; init; } = null!;

    /// <summary>
    /// The course whose students it is for, also where it hangs on a module or lesson; null when it is for all. A
    /// deleted module or lesson leaves its assessments, and their grades, to the course.
    /// </summary>
    public Guid? CourseId { get; set; }

    public Course? Course { get; init; }
    public Guid? ModuleId { get; set; }
    public Module? Module { get; init; }
    public Guid? LessonId { get; set; }
    public Lesson? Lesson { get; init; }
    public required string Title { get; set; }
    public required string Description { get; set; }
    public required AssessmentType Type { get; set; }

    /// <summary>Minutes from an attempt's start to its end, null for no limit.</summary>
    public int? DurationMinutes { get; set; }

    /// <summary>The percentage to reach, 1 to 100.</summary>
    public required int PassingScore { get; set; }

    public int MaxAttempts { get; set; } = 1;
    public bool IsActive { get; set; } = true;
    public DateTimeOffset? AvailableFrom { get; set; }
    public DateTimeOffset? AvailableUntil { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int QuestionCount { get; set; }
    public int TotalPoints { get; set; }
    public List<Question> Questions { get; init; } = [];

    /// <summary>Whether students may start it now.</summary>
    public bool IsAvailable(DateTimeOffset now) => IsActive && !(now < AvailableFrom) && !(now >= AvailableUntil);
}

/// <summary>A question of an assessment. Orders of an assessment's questions are 1..n.</summary>
public sealed class Question : IOrdered
{
    public const int MostPoints = 10_000;

    public required Guid Id { get; init; }
    public required Guid AssessmentId { get; init; }
    public Assessment Assessment { get; init; } = null!;
    public required string Text { get; set; }
    public required QuestionType Type { get; set; }

    /// <summary>What it is worth, 1 to <see cref="MostPoints"/>.</summary>
    public required int Points { get; set; }

    public required int Order { get; set; }
    public bool IsRequired { get; set; }

    /// <summary>What students read after they handed in, null for nothing.</summary>
    public string? Explanation { get; set; }

    /// <summary>Name of the picture's blob, null for none.</summary>
    public string? Image { get; set; }

    public List<QuestionOption> Options { get; init; } = [];

    /// <summary>The question as an attempt keeps it. The options must be loaded.</summary>
    public FrozenQuestion Freeze() =>
        new(
            Id,
            Type,
            Points,
            IsRequired,
            Text,
            [.. Options.OrderBy(o => o.Order).Select(o => new FrozenOption(o.Id, o.Text, o.IsCorrect, o.Order))],
            Image,
            Explanation
        );
}

/// <summary>
/// Something to choose, or an accepted short answer. Orders of a question's options are 1..n.
/// </summary>
public sealed class QuestionOption : IOrdered
{
    public required Guid Id { get; init; }
    public required Guid QuestionId { get; init; }
    public Question Question { get; init; } = null!;
    public required string Text { get; set; }
    public required bool IsCorrect { get; set; }
    public required int Order { get; set; }
}
