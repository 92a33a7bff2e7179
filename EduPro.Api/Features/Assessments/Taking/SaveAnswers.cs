using System.Text.Json;
using EduPro.Api.Features.Accounts;
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
        var attempt = await db.OwnAttempt(id, student)
            .Select(own => new
            {
                own.Attempt.Status,
                own.Attempt.RanOut,
                own.Attempt.ExpiresAt,
                own.Attempt.Questions,
                Standing = new Standing(own.Attempt.TeacherId, own.IsActive, own.IsRemoved),
            })
            .FirstOrDefaultAsync(ct);
        if (attempt is null)
            return Problems.AttemptNotFound;
        if (
            (
                attempt.Standing.Refusal
                ?? OwnAttempts.Over(attempt.Status, attempt.RanOut, attempt.ExpiresAt, clock.GetUtcNow())
            ) is
            { } refusal
        )
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
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
            : await OwnAttempts.Refusal(db, id, student, now, ct) ?? Problems.AlreadySubmitted;
    }
}
