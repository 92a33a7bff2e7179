using EduPro.Domain.Text;

namespace EduPro.Domain.Scoring;

/// <summary>What answers are worth.</summary>
public static class AttemptScoring
{
    /// <summary>
    /// Whether a teacher grades this question: essays, and short answers to which the teacher gave no correct option.
    /// </summary>
    public static bool IsManual(FrozenQuestion question) =>
        question.Type switch
        {
            QuestionType.Essay => true,
            QuestionType.ShortAnswer => !question.Options.Any(o => o.IsCorrect),
            _ => false,
        };

    /// <summary>Whether the answer holds nothing that its question's type reads; no answer at all is blank.</summary>
    public static bool IsBlank(FrozenQuestion question, GivenAnswer? answer) =>
        question.Type switch
        {
            QuestionType.MultipleChoice => answer?.SelectedOptions is null or [],
            QuestionType.TrueFalse => answer is null or { TrueFalseAnswer: null, SelectedOptions: null or [] },
            _ => string.IsNullOrWhiteSpace(answer?.TextAnswer),
        };

    /// <summary>
    /// Scores an attempt: one result for each question, in the order of the questions. A blank earns 0 and is graded
    /// even where a teacher would grade, because there is nothing to read. Answers to other questions do not count.
    /// </summary>
    /// <exception cref="ArgumentException">A question is answered twice.</exception>
    public static AttemptScore Score(
        IReadOnlyList<FrozenQuestion> questions,
        IEnumerable<GivenAnswer> answers,
        int passingScore
    )
    {
        var given = answers.ToDictionary(a => a.QuestionId);
        return new AttemptScore(
            [.. questions.Select(q => Answer(q, Earned(q, given.GetValueOrDefault(q.Id))))],
            passingScore
        );
    }

    /// <summary>
    /// The score from points already stored: by question id, null where a teacher has yet to grade, absent for a
    /// blank.
    /// </summary>
    public static AttemptScore FromStored(
        IReadOnlyList<FrozenQuestion> questions,
        IReadOnlyDictionary<Guid, int?> earned,
        int passingScore
    ) => new([.. questions.Select(q => Answer(q, earned.GetValueOrDefault(q.Id, 0)))], passingScore);

    /// <summary>What is wrong with these points for an answer to this question, in the catalogue's words.</summary>
    public static IReadOnlyList<string> GradeFaults(int questionPoints, int pointsEarned) =>
        pointsEarned < 0 ? ["Points earned cannot be negative."]
        : pointsEarned > questionPoints ? ["Points earned cannot exceed question points."]
        : [];

    private static AnswerScore Answer(FrozenQuestion question, int? earned) =>
        new(question.Id, question.Points, IsManual(question), earned);

    private static int? Earned(FrozenQuestion question, GivenAnswer? answer)
    {
        if (answer is null || IsBlank(question, answer))
            return 0;
        if (IsManual(question))
            return null;
        var right = question.Type switch
        {
            QuestionType.MultipleChoice => question
                .Options.Where(o => o.IsCorrect)
                .Select(o => o.Id)
                .ToHashSet()
                .SetEquals(answer.SelectedOptions!),
            QuestionType.TrueFalse => IsTrueFalseRight(question, answer),
            QuestionType.ShortAnswer => question.Options.Any(o => o.IsCorrect && Same(o.Text, answer.TextAnswer!)),
            _ => throw new ArgumentOutOfRangeException(nameof(question), question.Type, "No rule scores this type."),
        };
        return right ? question.Points : 0;
    }

    // Whoever sends both forms must be right in both: two bets on one question earn nothing.
    private static bool IsTrueFalseRight(FrozenQuestion question, GivenAnswer answer)
    {
        if (question.Options.Where(o => o.IsCorrect).ToArray() is not [var correct])
            return false;
        List<string?> said =
        [
            .. (answer.SelectedOptions ?? [])
                .Distinct()
                .Select(id => question.Options.FirstOrDefault(o => o.Id == id)?.Text),
        ];
        if (answer.TrueFalseAnswer is { } value)
            said.Add(value ? bool.TrueString : bool.FalseString);
        return said.TrueForAll(text => text is not null && Same(text, correct.Text));
    }

    private static bool Same(string a, string b) => TextFolding.Fold(a) == TextFolding.Fold(b);
}

/// <param name="Points">What the question is worth.</param>
/// <param name="IsManual">Whether a teacher grades it.</param>
/// <param name="PointsEarned">0 to <paramref name="Points"/>; null awaits a teacher.</param>
public sealed record AnswerScore(Guid QuestionId, int Points, bool IsManual, int? PointsEarned);

/// <summary>A scored attempt. Everything follows from the answers, so no total can contradict them.</summary>
/// <param name="PassingScore">The percentage to reach, 1 to 100.</param>
public sealed record AttemptScore(IReadOnlyList<AnswerScore> Answers, int PassingScore)
{
    /// <summary>The points graded so far.</summary>
    public int Score => Answers.Sum(a => a.PointsEarned ?? 0);

    public int TotalPoints => Answers.Sum(a => a.Points);

    /// <summary>0 to 100 with two decimals, of what is graded so far; 0 when there is nothing to earn.</summary>
    public decimal Percentage => TotalPoints == 0 ? 0 : Math.Round(100m * Score / TotalPoints, 2);

    /// <summary>Whether the exact percentage, not the rounded one, reaches the passing score.</summary>
    public bool Passed => TotalPoints > 0 && 100L * Score >= (long)PassingScore * TotalPoints;

    public AttemptStatus Status =>
        Answers.Any(a => a.PointsEarned is null) ? AttemptStatus.Submitted : AttemptStatus.Graded;

    /// <summary>The score after a teacher grades, or grades again, one manual answer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The points are below 0 or above the question's.</exception>
    /// <exception cref="InvalidOperationException">No such question, or not one that a teacher grades.</exception>
    public AttemptScore Regrade(Guid questionId, int pointsEarned)
    {
        var graded =
            Answers.FirstOrDefault(a => a.QuestionId == questionId && a.IsManual)
            ?? throw new InvalidOperationException($"Question {questionId} is not graded by hand.");
        ArgumentOutOfRangeException.ThrowIfNegative(pointsEarned);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pointsEarned, graded.Points);
        return this with
        {
            Answers = [.. Answers.Select(a => a == graded ? a with { PointsEarned = pointsEarned } : a)],
        };
    }
}
