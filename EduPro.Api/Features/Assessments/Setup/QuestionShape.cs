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
    [property: PublicFile] string? Image,
    IReadOnlyList<OptionShape> Options
)
{
    public static readonly Expression<Func<Question, QuestionShape>> From = q => new QuestionShape(
        q.Id,
        q.Text,
        q.Type,
        q.Points,
        q.Order,
        q.IsRequired,
        q.Explanation,
        q.Image,
        q.Options.OrderBy(o => o.Order).Select(o => new OptionShape(o.Id, o.Text, o.IsCorrect, o.Order)).ToList()
    );

    /// <summary>A question that has no options yet.</summary>
    public static QuestionShape New(Question question) =>
        new(
            question.Id,
            question.Text,
            question.Type,
            question.Points,
            question.Order,
            question.IsRequired,
            question.Explanation,
            question.Image,
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
