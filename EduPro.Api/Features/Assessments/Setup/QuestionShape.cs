using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;

namespace EduPro.Api.Features.Assessments;

/// <summary>A question as its teacher sees it.</summary>
internal sealed record QuestionShape(
    Guid Id,
    string Text,
    QuestionType QuestionType,
    int Points,
    int Order,
    bool IsRequired,
    string? Explanation,
    string? Image,
    IReadOnlyList<OptionShape> Options
)
{
    /// <param name="media">Where public files are, with the closing slash.</param>
    public static Expression<Func<Question, QuestionShape>> From(string media) =>
        q => new QuestionShape(
            q.Id,
            q.Text,
            q.Type,
            q.Points,
            q.Order,
            q.IsRequired,
            q.Explanation,
            q.Image == null ? null : media + q.Image,
            q.Options.OrderBy(o => o.Order).Select(o => new OptionShape(o.Id, o.Text, o.IsCorrect, o.Order)).ToList()
        );

    /// <summary>A question that has no options yet.</summary>
    public static QuestionShape New(Question question, MediaUrls media) =>
        new(
            question.Id,
            question.Text,
            question.Type,
            question.Points,
            question.Order,
            question.IsRequired,
            question.Explanation,
            media.Of(question.Image),
            []
        );
}

/// <summary>An option as its teacher sees it.</summary>
internal sealed record OptionShape(Guid Id, string Text, bool IsCorrect, int Order)
{
    public static readonly Expression<Func<QuestionOption, OptionShape>> From = o => new OptionShape(
        o.Id,
        o.Text,
        o.IsCorrect,
        o.Order
    );
}
