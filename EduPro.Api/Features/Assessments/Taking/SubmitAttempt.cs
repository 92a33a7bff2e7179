using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>Hands in an attempt, once. What is sent is the whole of it: a question left out is blank.</summary>
internal static class SubmitAttempt
{
    public sealed class Request : AnswerFields;

    public sealed record Response(
        string Message,
        int Score,
        int TotalPoints,
        bool Passed,
        Guid AttemptId,
        AttemptStatus Status
    );

    public static async Task<IResult> Handle(
        PathId attempt_id,
        Body<Request> body,
        CurrentUser student,
        EduProDb db,
        Idempotency.Answers answers,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var id = attempt_id.Value;
        if (await OwnAttempts.Refusal(db, id, student, clock.GetUtcNow(), ct) is { } refusal)
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
        var given = body.Value.Given;
        return await db.InTransaction(
            async ct =>
            {
                var attempt = (
                    await db
                        .Attempts.FromSql($"SELECT * FROM attempts WHERE id = {id} FOR UPDATE")
                        .AsNoTracking()
                        .ToListAsync(ct)
                ).Single();
                var now = clock.GetUtcNow();
                if (OwnAttempts.Over(attempt.Status, attempt.RanOut, attempt.ExpiresAt, now) is { } over)
                    return over;
                if (AnswerFields.Refusal(SubmissionRules.FaultsToSubmit(attempt.Questions, given)) is { } faults)
                    return faults;
                attempt.Submit(given, now);
                await db.WriteSubmission(attempt, ct);
                var response = new Response(
                    "Assessment submitted successfully",
                    attempt.Score,
                    attempt.TotalPoints,
                    attempt.Passed,
                    id,
                    attempt.Status
                );
                return await answers.Keep(TypedResults.Ok(response), ct);
            },
            ct
        );
    }
}
