using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Domain.Scoring;

namespace EduPro.Api.Features.Assessments;

/// <summary>What a student gives, to be saved or handed in.</summary>
internal abstract class AnswerFields
{
    public required IReadOnlyList<Answer> Answers { get; init; }

    public sealed class Answer
    {
        [InvalidMessage("Invalid question ID.")]
        public required Guid Question { get; init; }

        [AllowBlank]
        [MaxLength(50_000)]
        public string? TextAnswer { get; init; }

        public IReadOnlyList<Guid>? SelectedOptions { get; init; }

        /// <summary>The web client's way to choose one option.</summary>
        public Guid? SelectedOption { get; init; }

        public bool? TrueFalseAnswer { get; init; }
    }

    public IReadOnlyList<GivenAnswer> Given =>
        [
            .. Answers.Select(a => new GivenAnswer(
                a.Question,
                a.TextAnswer,
                a.SelectedOptions ?? (a.SelectedOption is { } option ? [option] : null),
                a.TrueFalseAnswer
            )),
        ];

    /// <summary>The response that says what is wrong, null when nothing is.</summary>
    public static IResult? Refusal(IReadOnlyList<SubmissionFault> faults) =>
        faults.Count == 0
            ? null
            : new ValidationProblem(
                faults
                    .GroupBy(f => f.Path)
                    .ToDictionary(same => same.Key, same => same.Select(f => f.Message).Distinct().ToList())
            );
}
