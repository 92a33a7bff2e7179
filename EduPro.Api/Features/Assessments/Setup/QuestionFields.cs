using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using FluentValidation;

namespace EduPro.Api.Features.Assessments;

/// <summary>What a teacher says of a question, new or not.</summary>
internal abstract class QuestionFields
{
    [AllowBlank]
    public Optional<string> Text { get; init; }

    [InvalidMessage(InvalidType)]
    public Optional<QuestionType> QuestionType { get; init; }

    public Optional<int> Points { get; init; }

    public Optional<int> Order { get; init; }

    public Optional<bool> IsRequired { get; init; }

    [AllowBlank]
    public Optional<string?> Explanation { get; init; }

    /// <summary>The picture beside the question.</summary>
    public Optional<ThumbnailPicture?> Image { get; init; }

    public const string InvalidType = "Invalid question type.";

    /// <summary>
    /// The catalogue calls two of the fields as the web client does: faults stand under its names, too, and with the
    /// types that there are.
    /// </summary>
    public static IResult? InCatalogueWords(IResult? faults) =>
        faults is ValidationProblem problem
            ? problem
                .Also("text", "question_text")
                .Also("points", "mark")
                .Explain(
                    "question_type",
                    InvalidType,
                    "valid_types",
                    Enum.GetNames<QuestionType>().Select(name => FieldReader.WireName(typeof(QuestionType), name))
                )
            : faults;

    /// <param name="image">Name of the picture's blob where one was sent.</param>
    public void ApplyTo(Question question, string? image)
    {
        question.Text = Text.Or(question.Text);
        question.Type = QuestionType.Or(question.Type);
        question.Points = Points.Or(question.Points);
        question.IsRequired = IsRequired.Or(question.IsRequired);
        question.Explanation = Explanation.Or(question.Explanation) is { Length: > 0 } text ? text : null;
        question.Image = Image.IsPresent ? image : question.Image;
    }

    /// <summary>The rules of the fields that were sent.</summary>
    public sealed class Rules : AbstractValidator<QuestionFields>
    {
        public Rules()
        {
            this.NotBlank(r => r.Text, "Question text cannot be empty.");
            RuleFor(r => r.Points.Value)
                .GreaterThan(0)
                .WithMessage("Marks must be greater than 0.")
                .LessThanOrEqualTo(Question.MostPoints)
                .WithMessage($"Ensure this value is less than or equal to {Question.MostPoints}.")
                .When(r => r.Points.IsPresent);
            this.Positive(r => r.Order);
        }
    }
}

/// <summary>What a teacher says of an option, new or not.</summary>
internal abstract class OptionFields
{
    [AllowBlank]
    [MaxLength(1000)]
    public Optional<string> Text { get; init; }

    public Optional<bool> IsCorrect { get; init; }

    public Optional<int> Order { get; init; }

    /// <inheritdoc cref="QuestionFields.InCatalogueWords"/>
    public static IResult? InCatalogueWords(IResult? faults) =>
        faults is ValidationProblem problem ? problem.Also("text", "option_text") : faults;

    public void ApplyTo(QuestionOption option)
    {
        option.Text = Text.Or(option.Text);
        option.IsCorrect = IsCorrect.Or(option.IsCorrect);
    }

    /// <summary>The rules of the fields that were sent.</summary>
    public sealed class Rules : AbstractValidator<OptionFields>
    {
        public Rules()
        {
            this.NotBlank(r => r.Text, "Option text cannot be empty.");
            this.Positive(r => r.Order);
        }
    }
}

internal static class FieldRules
{
    public static void NotBlank<T>(
        this AbstractValidator<T> validator,
        Expression<Func<T, Optional<string>>> field,
        string message
    ) => validator.RuleFor(field).Must(text => text is not { IsPresent: true, Value: "" }).WithMessage(message);

    public static void Positive<T>(this AbstractValidator<T> validator, Expression<Func<T, Optional<int>>> field) =>
        validator
            .RuleFor(field)
            .Must(order => order is not { IsPresent: true, Value: <= 0 })
            .WithMessage("Order must be greater than 0.");

    /// <summary>A field that must be there.</summary>
    public static void Required<T, TValue>(
        this AbstractValidator<T> validator,
        Expression<Func<T, Optional<TValue>>> field,
        string message = "This field is required."
    ) => validator.RuleFor(field).Must(value => value.IsPresent).WithMessage(message);
}
