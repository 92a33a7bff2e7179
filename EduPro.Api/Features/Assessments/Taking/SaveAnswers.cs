using System.Text.Json;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>
/// Saves answers of a running attempt. Those that are named take the place of what was saved for their questions; the
/// others stay.
/// </summary>
internal static class SaveAnswers
{
    public sealed class Request : AnswerFields;

    public sealed record Response(string Message, DateTimeOffset SavedAt, DateTimeOffset? ExpiresAt);

    public static async Task<IResult> Handle(
        PathId attempt_id,
        Body<Request> body,
        CurrentUser student,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var id = attempt_id.Value;
        if (await StudentAccess.ToAttempt(db, id, student, clock.GetUtcNow(), ct) is { } refusal)
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
        // The questions of an attempt never change, so that they need no lock.
        var attempt = await db
            .Attempts.Where(a => a.Id == id)
            .Select(a => new { a.Questions, a.ExpiresAt })
            .SingleAsync(ct);
        var given = body.Value.Given;
        if (AnswerFields.Refusal(SubmissionRules.FaultsToSave(attempt.Questions, given)) is { } faults)
            return faults;
        var saved = JsonSerializer.Serialize(
            given.ToDictionary(a => a.QuestionId),
            ScoringJson.Default.IReadOnlyDictionaryGuidGivenAnswer
        );
        var now = clock.GetUtcNow();
        var latest = now - Attempt.Grace;
        var running = nameof(AttemptStatus.InProgress);
        var rows = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE attempts SET saved = saved || {saved}::jsonb
            WHERE id = {id} AND status = {running} AND (expires_at IS NULL OR expires_at >= {latest})
            """,
            ct
        );
        return rows == 1
            ? TypedResults.Ok(new Response("Answers saved successfully", now, attempt.ExpiresAt))
            // Handed in, or run out, since we looked.
            : await StudentAccess.ToAttempt(db, id, student, now, ct) ?? Problems.AlreadySubmitted;
    }
}
