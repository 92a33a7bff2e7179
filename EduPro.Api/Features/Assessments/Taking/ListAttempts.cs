using System.Linq.Expressions;
using EduPro.Api.Features.Accounts;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>The assessment that an attempt is at.</summary>
internal sealed record AssessmentName(Guid Id, string Title, AssessmentType AssessmentType);

/// <summary>An attempt in a list.</summary>
internal sealed record AttemptShape(
    Guid Id,
    AssessmentName Assessment,
    int AttemptNumber,
    AttemptStatus Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? SubmittedAt,
    int Score,
    int TotalPoints,
    bool Passed
)
{
    /// <summary>0 to 100, a number on the wire.</summary>
    public double Percentage => Figures.Percentage(Score, TotalPoints);

    public static Expression<Func<Attempt, AttemptShape>> From { get; } =
        t => new AttemptShape(
            t.Id,
            new AssessmentName(t.AssessmentId, t.Assessment.Title, t.Assessment.Type),
            t.Number,
            t.Status,
            t.StartedAt,
            t.SubmittedAt,
            t.Score,
            t.TotalPoints,
            t.Passed
        );
}

/// <summary>What follows from an attempt's columns.</summary>
internal static class Figures
{
    /// <summary>0 to 100 with two decimals.</summary>
    public static double Percentage(int score, int total) =>
        total == 0 ? 0 : (double)Math.Round(100m * score / total, 2);

    /// <summary>Begun minutes from start to submission, null while the attempt runs.</summary>
    public static int? TimeTaken(DateTimeOffset startedAt, DateTimeOffset? submittedAt) =>
        submittedAt is { } at ? (int)Math.Ceiling((at - startedAt).TotalMinutes) : null;
}

/// <summary>The student's attempts with a teacher, newest first.</summary>
internal static class ListAttempts
{
    public static async Task<IResult> Handle(
        string teacher_username,
        CurrentUser student,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        if (await db.StandingAt(teacher_username, student.Id, ct) is not { Teacher: var teacher } standing)
            return Problems.TeacherNotFound;
        return standing.Refusal
            ?? await db
                .Attempts.Where(t => t.StudentId == student.Id && t.TeacherId == teacher)
                .OrderByDescending(t => t.StartedAt)
                .ThenByDescending(t => t.Id)
                .Select(AttemptShape.From)
                .ToPage(page, ct);
    }
}
