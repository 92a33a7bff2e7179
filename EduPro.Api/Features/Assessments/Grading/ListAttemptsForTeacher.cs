using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>All attempts at one of the teacher's assessments, newest first.</summary>
internal static class ListAttemptsOfAssessment
{
    public sealed record Response(
        Guid Id,
        int AttemptNumber,
        AttemptStatus Status,
        int Score,
        int TotalPoints,
        bool Passed,
        DateTimeOffset StartedAt,
        DateTimeOffset? SubmittedAt,
        Response.By Student
    )
    {
        public double Percentage => Figures.Percentage(Score, TotalPoints);

        public int? TimeTaken => Figures.TimeTaken(StartedAt, SubmittedAt);

        public sealed record By(
            Guid Id,
            string Username,
            string FirstName,
            string LastName,
            [property: PublicFile] string? Avatar
        );
    }

    public static async Task<IResult> Handle(
        PathId assessment_id,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var id = assessment_id.Value;
        return await Ownership.OfAssessment(db, id, teacher, ct)
            ?? await db
                .Attempts.Where(t => t.AssessmentId == id)
                .OrderByDescending(t => t.StartedAt)
                .ThenByDescending(t => t.Id)
                .Select(t => new Response(
                    t.Id,
                    t.Number,
                    t.Status,
                    t.Score,
                    t.TotalPoints,
                    t.Passed,
                    t.StartedAt,
                    t.SubmittedAt,
                    new Response.By(
                        t.StudentId,
                        t.Student.User.Username,
                        t.Student.User.FirstName,
                        t.Student.User.LastName,
                        t.Student.User.Avatar
                    )
                ))
                .ToPage(page, ct);
    }
}

/// <summary>One student's attempts at the teacher's assessments, newest first.</summary>
internal static class ListAttemptsOfStudent
{
    public sealed record Response(
        Guid Id,
        Guid Assessment,
        string AssessmentTitle,
        Domain.Assessments.AssessmentType AssessmentType,
        string RelatedTo,
        int AttemptNumber,
        AttemptStatus Status,
        DateTimeOffset StartedAt,
        DateTimeOffset? SubmittedAt,
        int Score,
        int TotalPoints,
        bool IsPassed
    )
    {
        public double Percentage => Figures.Percentage(Score, TotalPoints);
    }

    public static async Task<IResult> Handle(
        string student_username,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var key = student_username.ToLowerInvariant();
        var student = await db
            .TeacherStudents.Where(r => r.TeacherId == teacher.Id && r.Student.User.UsernameKey == key)
            .Select(r => (Guid?)r.StudentId)
            .FirstOrDefaultAsync(ct);
        return student is null
            ? Problems.StudentNotFound
            : await db
                .Attempts.Where(t => t.StudentId == student && t.TeacherId == teacher.Id)
                .OrderByDescending(t => t.StartedAt)
                .ThenByDescending(t => t.Id)
                .Select(t => new Response(
                    t.Id,
                    t.AssessmentId,
                    t.Assessment.Title,
                    t.Assessment.Type,
                    t.Assessment.Lesson!.Title
                        ?? t.Assessment.Module!.Title
                        ?? t.Assessment.Course!.Title
                        ?? t.Assessment.Teacher.User.FirstName + " " + t.Assessment.Teacher.User.LastName,
                    t.Number,
                    t.Status,
                    t.StartedAt,
                    t.SubmittedAt,
                    t.Score,
                    t.TotalPoints,
                    t.Passed
                ))
                .ToPage(page, ct, envelope: true, defaultSize: PageRequest.LargestSize);
    }
}
