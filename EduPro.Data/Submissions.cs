using System.Text.Json;
using System.Text.Json.Serialization;
using EduPro.Domain.Assessments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Data;

/// <summary>Writes attempts that were handed in.</summary>
public static partial class Submissions
{
    /// <summary>
    /// Writes what handing it in made of an attempt, and its answers, in one statement that is as long for fifty answers
    /// as for one.
    /// </summary>
    /// <param name="attempt">Not tracked, and locked by this transaction.</param>
    public static Task WriteSubmission(this EduProDb db, Attempt attempt, CancellationToken ct)
    {
        var status = attempt.Status.ToString();
        var answers = JsonSerializer.Serialize(attempt.Answers.ConvertAll(Row.Of), Rows.Default.ListRow);
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH attempt AS (
                UPDATE attempts SET status = {status}, score = {attempt.Score}, passed = {attempt.Passed},
                    submitted_at = {attempt.SubmittedAt}, ran_out = {attempt.RanOut}, saved = jsonb_build_object()
                WHERE id = {attempt.Id}
            )
            INSERT INTO answers SELECT * FROM json_populate_recordset(NULL::answers, {answers}::json)
            """,
            ct
        );
    }

    /// <summary>A row of answers, by the names of its columns.</summary>
    private sealed record Row(
        Guid Id,
        Guid AttemptId,
        Guid QuestionId,
        string? QuestionText,
        string Type,
        int Points,
        bool IsManual,
        string? TextAnswer,
        Guid[]? SelectedOptions,
        bool? TrueFalseAnswer,
        int? PointsEarned,
        bool? IsCorrect
    )
    {
        public static Row Of(Answer answer) =>
            new(
                answer.Id,
                answer.AttemptId,
                answer.QuestionId,
                answer.QuestionText,
                answer.Type.ToString(),
                answer.Points,
                answer.IsManual,
                answer.TextAnswer,
                answer.SelectedOptions,
                answer.TrueFalseAnswer,
                answer.PointsEarned,
                answer.IsCorrect
            );
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
    )]
    [JsonSerializable(typeof(List<Row>))]
    private sealed partial class Rows : JsonSerializerContext;
}
