using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>How an answer is graded now, and how it was before.</summary>
internal static class GetGrades
{
    public sealed record Response(
        Guid Id,
        Guid Attempt,
        int? PointsEarned,
        int Points,
        string? Feedback,
        bool? IsCorrect,
        IReadOnlyList<Response.Change> History
    )
    {
        /// <param name="PointsBefore">Null when the answer awaited grading.</param>
        public sealed record Change(DateTimeOffset GradedAt, int? PointsBefore, int PointsEarned, string? Feedback);
    }

    public static async Task<IResult> Handle(PathId answer_id, CurrentUser teacher, EduProDb db, CancellationToken ct)
    {
        var id = answer_id.Value;
        var found = await db
            .Answers.Where(a => a.Id == id)
            .Select(a => new
            {
                a.Attempt.TeacherId,
                Grades = new Response(
                    a.Id,
                    a.AttemptId,
                    a.PointsEarned,
                    a.Points,
                    a.Feedback,
                    a.IsCorrect,
                    db.GradeChanges.Where(c => c.AnswerId == a.Id)
                        .OrderBy(c => c.GradedAt)
                        .ThenBy(c => c.Id)
                        .Select(c => new Response.Change(c.GradedAt, c.PointsBefore, c.Points, c.Feedback))
                        .ToList()
                ),
            })
            .FirstOrDefaultAsync(ct);
        return found is null ? Problems.AnswerNotFound
            : found.TeacherId != teacher.Id ? Problems.NotYourQuestionToGrade
            : TypedResults.Ok(found.Grades);
    }
}
