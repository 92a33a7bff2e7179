using System.Globalization;
using EduPro.Domain.Text;

namespace EduPro.Domain.Scoring;

/// <param name="Path">The field, dotted: <c>answers.0.question</c>.</param>
public sealed record SubmissionFault(string Path, string Message);

/// <summary>What may be saved and what may be handed in, in the catalogue's words.</summary>
public static class SubmissionRules
{
    /// <summary>
    /// All faults of an autosave: each answer names a question of the attempt, once, and only options of that
    /// question. Blanks are fine; the student is not done.
    /// </summary>
    public static IReadOnlyList<SubmissionFault> FaultsToSave(
        IReadOnlyList<FrozenQuestion> questions,
        IReadOnlyList<GivenAnswer>? answers
    ) => Faults(questions, answers, complete: false);

    /// <summary>
    /// All faults of a submission: those of an autosave, answers that hold nothing (a question is left out by not
    /// naming it), and required questions that are not answered.
    /// </summary>
    public static IReadOnlyList<SubmissionFault> FaultsToSubmit(
        IReadOnlyList<FrozenQuestion> questions,
        IReadOnlyList<GivenAnswer>? answers
    ) => Faults(questions, answers, complete: true);

    private static List<SubmissionFault> Faults(
        IReadOnlyList<FrozenQuestion> questions,
        IReadOnlyList<GivenAnswer>? answers,
        bool complete
    )
    {
        if (answers is null)
            return [new("answers", "This field is required.")];

        var faults = new List<SubmissionFault>();
        var byId = questions.ToDictionary(q => q.Id);
        var named = new HashSet<Guid>();
        for (var i = 0; i < answers.Count; i++)
        {
            var answer = answers[i];
            if (!byId.TryGetValue(answer.QuestionId, out var question) || !named.Add(answer.QuestionId))
            {
                Add(i, "question", "Invalid question ID.");
                continue;
            }
            foreach (var foreign in (answer.SelectedOptions ?? []).Except(question.Options.Select(o => o.Id)))
                Add(i, "selected_options", $"Invalid pk \"{foreign}\" - object does not exist.");
            foreach (var fault in TextFaults.Of(answer.TextAnswer))
                Add(i, "text_answer", fault);
            if (complete && AttemptScoring.IsBlank(question, answer))
            {
                var (field, message) = Missing(question.Type);
                Add(i, field, message);
            }
        }
        if (complete)
            faults.AddRange(
                questions
                    .Where(q => q.IsRequired && !named.Contains(q.Id))
                    .Select(q => new SubmissionFault("answers", $"Question {q.Id} is required."))
            );
        return faults;

        void Add(int index, string field, string message) =>
            faults.Add(new(string.Create(CultureInfo.InvariantCulture, $"answers.{index}.{field}"), message));
    }

    private static (string Field, string Message) Missing(QuestionType type) =>
        type switch
        {
            QuestionType.MultipleChoice => (
                "selected_options",
                "Selected options are required for multiple_choice questions."
            ),
            QuestionType.TrueFalse => ("true_false_answer", "True/false answer is required for true_false questions."),
            _ => ("text_answer", "Text answer is required for short_answer/essay questions."),
        };
}
