using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>Grades an answer that no rule can, or grades it again; every grading is recorded.</summary>
internal static class GradeAnswer
{
    public sealed class Request
    {
        public required int PointsEarned { get; init; }

        [AllowBlank]
        public Optional<string?> Feedback { get; init; }

        /// <summary>Null to go by whether the points are full.</summary>
        public bool? IsCorrect { get; init; }
    }

    public sealed record Response(string Message, Guid Attempt, AttemptStatus Status, int Score, int TotalPoints);

    public static async Task<IResult> Handle(
        PathId answer_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var id = answer_id.Value;
        var found = await db
            .Answers.Where(a => a.Id == id)
            .Select(a => new
            {
                a.AttemptId,
                a.Points,
                a.IsManual,
                a.Attempt.TeacherId,
            })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return Problems.AnswerNotFound;
        if (found.TeacherId != teacher.Id)
            return Problems.NotYourQuestionToGrade;
        if (!found.IsManual)
            return Problems.GradedByRule;
        if (await body.Read(ct, CheckPoints) is { } problem)
            return problem;
        var request = body.Value;
        return await db.InTransaction(
            async ct =>
            {
                // The attempt's lock: its score is the sum of all its answers.
                var attempt = (
                    await db
                        .Attempts.FromSql($"SELECT * FROM attempts WHERE id = {found.AttemptId} FOR UPDATE")
                        .ToListAsync(ct)
                ).Single();
                await db.Answers.Where(a => a.AttemptId == attempt.Id).LoadAsync(ct);
                var answer = attempt.Answers.Single(a => a.Id == id);
                db.GradeChanges.Add(
                    attempt.Grade(
                        answer,
                        request.PointsEarned,
                        request.Feedback.Or(answer.Feedback),
                        request.IsCorrect,
                        clock.GetUtcNow()
                    )
                );
                await db.SaveChangesAsync(ct);
                return TypedResults.Ok(
                    new Response(
                        "Answer graded successfully",
                        attempt.Id,
                        attempt.Status,
                        attempt.Score,
                        attempt.TotalPoints
                    )
                );
            },
            ct
        );

        Task<IResult?> CheckPoints(Request sent, Faults faults)
        {
            foreach (var fault in AttemptScoring.GradeFaults(found.Points, sent.PointsEarned))
                faults.Add("points_earned", fault);
            return Task.FromResult<IResult?>(null);
        }
    }
}
