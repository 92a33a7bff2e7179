using EduPro.Api.Features.Accounts;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>What came of an attempt. Answers, the student's and the correct ones, only once it is handed in.</summary>
internal static class GetResult
{
    public sealed record Response(
        Guid Id,
        AssessmentName Assessment,
        int AttemptNumber,
        AttemptStatus Status,
        DateTimeOffset StartedAt,
        DateTimeOffset? SubmittedAt,
        int Score,
        int TotalPoints,
        bool Passed,
        IReadOnlyList<Response.Answer> Answers
    )
    {
        public double Percentage => Figures.Percentage(Score, TotalPoints);

        /// <param name="StudentAnswer">A text; for multiple choice the texts of the chosen options.</param>
        /// <param name="CorrectAnswer">Likewise; blank where a teacher decides.</param>
        /// <param name="PointsEarned">0 as long as it is not graded.</param>
        public sealed record Answer(
            Guid Id,
            Question Question,
            object StudentAnswer,
            object CorrectAnswer,
            int PointsEarned,
            bool IsGraded,
            bool? IsCorrect,
            string? Feedback,
            string? Explanation
        );

        public sealed record Question(
            Guid Id,
            string Text,
            QuestionType QuestionType,
            int Points,
            [property: PublicFile] string? Image
        );
    }

    public static async Task<IResult> Handle(PathId attempt_id, CurrentUser student, EduProDb db, CancellationToken ct)
    {
        var id = attempt_id.Value;
        var found = await db.OwnAttempt(id, student)
            .Select(own => new
            {
                own.Attempt.Number,
                own.Attempt.Status,
                own.Attempt.StartedAt,
                own.Attempt.SubmittedAt,
                own.Attempt.Score,
                own.Attempt.TotalPoints,
                own.Attempt.Passed,
                own.Attempt.Questions,
                Assessment = new AssessmentName(
                    own.Attempt.AssessmentId,
                    own.Attempt.Assessment.Title,
                    own.Attempt.Assessment.Type
                ),
                Standing = new Standing(own.Attempt.TeacherId, own.IsActive, own.IsRemoved),
            })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return Problems.AttemptNotFound;
        if (found.Standing.Refusal is { } refusal)
            return refusal;
        var answers = await db
            .Answers.AsNoTracking()
            .Where(a => a.AttemptId == id)
            .ToDictionaryAsync(a => a.QuestionId, ct);
        return TypedResults.Ok(
            new Response(
                id,
                found.Assessment,
                found.Number,
                found.Status,
                found.StartedAt,
                found.SubmittedAt,
                found.Score,
                found.TotalPoints,
                found.Passed,
                [.. found.Questions.Where(q => answers.ContainsKey(q.Id)).Select(q => Show(q, answers[q.Id]))]
            )
        );
    }

    private static Response.Answer Show(FrozenQuestion question, Answer answer) =>
        new(
            answer.Id,
            new Response.Question(question.Id, question.Text, question.Type, question.Points, question.Image),
            AnswerTexts.Given(question, answer),
            AnswerTexts.Correct(question),
            answer.PointsEarned ?? 0,
            answer.PointsEarned is not null,
            answer.IsCorrect,
            answer.Feedback,
            question.Explanation
        );
}

/// <summary>Answers as people read them: a text or, for multiple choice, a list of texts.</summary>
internal static class AnswerTexts
{
    public static object Given(FrozenQuestion question, Answer answer)
    {
        string[] chosen =
        [
            .. question.Options.Where(o => answer.SelectedOptions?.Contains(o.Id) is true).Select(o => o.Text),
        ];
        return question.Type switch
        {
            QuestionType.MultipleChoice => chosen,
            QuestionType.TrueFalse => answer.TrueFalseAnswer?.ToString() ?? chosen.FirstOrDefault() ?? "",
            _ => answer.TextAnswer ?? "",
        };
    }

    public static object Correct(FrozenQuestion question)
    {
        string[] correct = [.. question.Options.Where(o => o.IsCorrect).Select(o => o.Text)];
        return question.Type is QuestionType.MultipleChoice || correct.Length > 1
            ? correct
            : correct.FirstOrDefault() ?? "";
    }
}
