using EduPro.Domain.Scoring;
using Xunit;

namespace EduPro.Tests.Domain;

public class SubmissionTests
{
    private static readonly FrozenQuestion Choice = Question(QuestionType.MultipleChoice, 'a');
    private static readonly FrozenQuestion Truth = Question(QuestionType.TrueFalse, 'b');
    private static readonly FrozenQuestion Short = Question(QuestionType.ShortAnswer, 'c');
    private static readonly FrozenQuestion Essay = Question(QuestionType.Essay, 'd', required: true);
    private static readonly FrozenQuestion[] All = [Choice, Truth, Short, Essay];

    private static FrozenQuestion Question(QuestionType type, char id, bool required = false) =>
        new(
            new Guid($"00000000-0000-7000-8000-00000000000{id}"),
            type,
            1,
            required,
            "?",
            [new(new Guid($"00000000-0000-7000-9000-00000000000{id}"), "True", true, 1)]
        );

    private static Guid Option(FrozenQuestion question) => question.Options[0].Id;

    private static (string, string)[] Submit(params GivenAnswer[] answers) =>
        [.. SubmissionRules.FaultsToSubmit(All, answers).Select(f => (f.Path, f.Message))];

    private static (string, string)[] Save(params GivenAnswer[] answers) =>
        [.. SubmissionRules.FaultsToSave(All, answers).Select(f => (f.Path, f.Message))];

    [Fact]
    public void A_whole_submission_has_no_faults()
    {
        Assert.Empty(
            Submit(
                new(Essay.Id, "Because."),
                new(Choice.Id, SelectedOptions: [Option(Choice)]),
                new(Truth.Id, TrueFalseAnswer: false),
                new(Short.Id, "Me")
            )
        );
        Assert.Empty(Submit(new(Essay.Id, "Because."), new(Truth.Id, SelectedOptions: [Option(Truth)])));
    }

    [Fact]
    public void Answers_are_required()
    {
        SubmissionFault[] fault = [new("answers", "This field is required.")];

        Assert.Equal(fault, SubmissionRules.FaultsToSubmit(All, null));
        Assert.Equal(fault, SubmissionRules.FaultsToSave(All, null));
    }

    [Fact]
    public void All_faults_are_reported_each_at_its_place() =>
        Assert.Equal(
            [
                ("answers.0.selected_options", "Selected options are required for multiple_choice questions."),
                ("answers.1.true_false_answer", "True/false answer is required for true_false questions."),
                ("answers.2.text_answer", "Text answer is required for short_answer/essay questions."),
                ("answers.3.text_answer", "Text answer is required for short_answer/essay questions."),
                ("answers.4.question", "Invalid question ID."),
            ],
            Submit(new(Choice.Id), new(Truth.Id, "yes"), new(Short.Id, " "), new(Essay.Id), new(Option(Choice), "x"))
        );

    [Fact]
    public void A_question_is_named_once() =>
        Assert.Equal([("answers.1.question", "Invalid question ID.")], Save(new(Essay.Id, "a"), new(Essay.Id, "b")));

    [Fact]
    public void Options_are_the_questions_own()
    {
        var message = $"Invalid pk \"{Option(Truth)}\" - object does not exist.";

        Assert.Equal(
            [("answers.0.selected_options", message), ("answers.1.selected_options", message)],
            Save(
                new(Choice.Id, SelectedOptions: [Option(Choice), Option(Truth)]),
                new(Essay.Id, "x", SelectedOptions: [Option(Truth)])
            )
        );
    }

    [Fact]
    public void Required_questions_are_answered()
    {
        Assert.Equal([("answers", $"Question {Essay.Id} is required.")], Submit());
        Assert.Equal([("answers", $"Question {Essay.Id} is required.")], Submit(new GivenAnswer(Short.Id, "x")));
        Assert.Empty(Submit(new GivenAnswer(Essay.Id, "x")));
    }

    [Fact]
    public void Saving_takes_blanks_and_gaps()
    {
        Assert.Empty(Save());
        Assert.Empty(Save(new(Essay.Id, ""), new(Choice.Id, SelectedOptions: []), new(Truth.Id), new(Short.Id)));
    }

    [Fact]
    public void Text_that_cannot_be_stored_is_a_fault() =>
        Assert.Equal(
            [("answers.0.text_answer", "Null characters are not allowed.")],
            Save(new GivenAnswer(Essay.Id, "a\0b"))
        );
}
