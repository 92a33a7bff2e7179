using EduPro.Domain.Accounts;
using EduPro.Domain.Scoring;

namespace EduPro.Domain.Assessments;

/// <summary>
/// A student's go at an assessment. It carries the questions as they were at its start, and is scored on nothing else.
/// </summary>
public sealed class Attempt
{
    /// <summary>How long after its end a submission on its way still counts.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public required Guid Id { get; init; }
    public required Guid AssessmentId { get; init; }
    public Assessment Assessment { get; init; } = null!;
    public required Guid StudentId { get; init; }
    public Student Student { get; init; } = null!;

    /// <summary>The assessment's teacher, kept here so that what awaits grading is one index away.</summary>
    public required Guid TeacherId { get; init; }

    /// <summary>1 for the student's first attempt at the assessment.</summary>
    public required int Number { get; init; }

    public AttemptStatus Status { get; private set; } = AttemptStatus.InProgress;
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null for no limit.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? SubmittedAt { get; private set; }

    /// <summary>Whether time ran out before the student handed in.</summary>
    public bool RanOut { get; private set; }

    public required int PassingScore { get; init; }
    public int Score { get; private set; }
    public required int TotalPoints { get; init; }
    public bool Passed { get; private set; }

    /// <summary>The frozen questions, in order.</summary>
    public required IReadOnlyList<FrozenQuestion> Questions { get; init; }

    /// <summary>What the student saved so far, by question id; empty once handed in.</summary>
    public IReadOnlyDictionary<Guid, GivenAnswer> Saved { get; private set; } = new Dictionary<Guid, GivenAnswer>();

    public List<Answer> Answers { get; init; } = [];

    /// <param name="assessment">With its questions and their options.</param>
    /// <param name="number">1 for the student's first.</param>
    public static Attempt Start(
        Assessment assessment,
        IEnumerable<Question> questions,
        Guid student,
        int number,
        DateTimeOffset now
    )
    {
        FrozenQuestion[] frozen = [.. questions.OrderBy(q => q.Order).Select(q => q.Freeze())];
        return new Attempt
        {
            Id = Guid.CreateVersion7(now),
            AssessmentId = assessment.Id,
            TeacherId = assessment.TeacherId,
            StudentId = student,
            Number = number,
            StartedAt = now,
            ExpiresAt = assessment.DurationMinutes is { } minutes ? now.AddMinutes(minutes) : null,
            PassingScore = assessment.PassingScore,
            TotalPoints = frozen.Sum(q => q.Points),
            Questions = frozen,
        };
    }

    /// <summary>Whether the attempt's time, and the grace after it, is over.</summary>
    public bool IsOverdue(DateTimeOffset now) => now > ExpiresAt + Grace;

    /// <summary>Hands in what the student gave, and scores it. What is not given counts as blank.</summary>
    /// <exception cref="InvalidOperationException">The attempt was handed in before.</exception>
    public void Submit(IEnumerable<GivenAnswer> given, DateTimeOffset at)
    {
        if (Status is not AttemptStatus.InProgress)
            throw new InvalidOperationException($"Attempt {Id} was handed in before.");
        var byQuestion = given.ToDictionary(a => a.QuestionId);
        var score = AttemptScoring.Score(Questions, byQuestion.Values, PassingScore);
        SubmittedAt = at;
        Saved = new Dictionary<Guid, GivenAnswer>();
        Take(score);
        Answers.AddRange(
            Questions.Zip(
                score.Answers,
                (question, earned) =>
                {
                    var answer = byQuestion.GetValueOrDefault(question.Id);
                    return new Answer
                    {
                        Id = Guid.CreateVersion7(at),
                        AttemptId = Id,
                        QuestionId = question.Id,
                        QuestionText = earned.IsManual ? question.Text : null,
                        Type = question.Type,
                        Points = question.Points,
                        IsManual = earned.IsManual,
                        TextAnswer = answer?.TextAnswer,
                        SelectedOptions = answer?.SelectedOptions is { } options ? [.. options] : null,
                        TrueFalseAnswer = answer?.TrueFalseAnswer,
                        PointsEarned = earned.PointsEarned,
                        IsCorrect = earned.PointsEarned is { } points ? points == question.Points : null,
                    };
                }
            )
        );
    }

    /// <summary>Hands in, at the moment when time ran out, what the student had saved.</summary>
    public void RunOut()
    {
        RanOut = true;
        Submit(Saved.Values, ExpiresAt ?? throw new InvalidOperationException($"Attempt {Id} has no time limit."));
    }

    /// <summary>Grades, or grades again, one of the loaded answers, and scores the attempt anew.</summary>
    /// <param name="answer">One of <see cref="Answers"/>, all of which must be loaded.</param>
    /// <param name="isCorrect">What the teacher says, null to go by whether the points are full.</param>
    /// <returns>The record of the change.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The points are below 0 or above the question's.</exception>
    /// <exception cref="InvalidOperationException">The answer is not graded by hand.</exception>
    public GradeChange Grade(Answer answer, int points, string? feedback, bool? isCorrect, DateTimeOffset now)
    {
        var score = AttemptScoring
            .FromStored(Questions, Answers.ToDictionary(a => a.QuestionId, a => a.PointsEarned), PassingScore)
            .Regrade(answer.QuestionId, points);
        var change = new GradeChange
        {
            Id = Guid.CreateVersion7(now),
            AnswerId = answer.Id,
            GradedAt = now,
            PointsBefore = answer.PointsEarned,
            Points = points,
            Feedback = feedback,
        };
        answer.PointsEarned = points;
        answer.Feedback = feedback;
        answer.IsCorrect = isCorrect ?? points == answer.Points;
        Take(score);
        return change;
    }

    private void Take(AttemptScore score) => (Status, Score, Passed) = (score.Status, score.Score, score.Passed);
}

/// <summary>What a student handed in for one question, and what it earned; also where it is blank.</summary>
public sealed class Answer
{
    public required Guid Id { get; init; }
    public required Guid AttemptId { get; init; }
    public Attempt Attempt { get; init; } = null!;

    /// <summary>A question of the attempt, as frozen there.</summary>
    public required Guid QuestionId { get; init; }

    /// <summary>The frozen text of a question that a teacher grades, so that the list of those needs no attempts.</summary>
    public string? QuestionText { get; init; }

    public required QuestionType Type { get; init; }

    /// <summary>What the question is worth.</summary>
    public required int Points { get; init; }

    /// <summary>Whether a teacher grades it.</summary>
    public required bool IsManual { get; init; }

    public string? TextAnswer { get; init; }
    public Guid[]? SelectedOptions { get; init; }
    public bool? TrueFalseAnswer { get; init; }

    /// <summary>0 to <see cref="Points"/>; null awaits a teacher.</summary>
    public int? PointsEarned { get; set; }

    /// <summary>Null awaits a teacher.</summary>
    public bool? IsCorrect { get; set; }

    public string? Feedback { get; set; }
}

/// <summary>One grading, or re-grading, of an answer by the assessment's teacher. Rows are only ever added.</summary>
public sealed class GradeChange
{
    public required Guid Id { get; init; }
    public required Guid AnswerId { get; init; }
    public Answer Answer { get; init; } = null!;
    public required DateTimeOffset GradedAt { get; init; }

    /// <summary>Null when the answer awaited grading.</summary>
    public required int? PointsBefore { get; init; }

    public required int Points { get; init; }
    public required string? Feedback { get; init; }
}
