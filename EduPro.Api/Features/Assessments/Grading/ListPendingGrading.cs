using System.Text.Json.Serialization;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>The answers that await the teacher, oldest first.</summary>
internal static class ListPendingGrading
{
    public sealed class Request
    {
        public Guid? AssessmentId { get; init; }

        [InvalidMessage(AssessmentFields.InvalidType)]
        public AssessmentType? AssessmentType { get; init; }

        [InvalidMessage(QuestionFields.InvalidType)]
        public QuestionType? QuestionType { get; init; }
    }

    /// <summary>An answer that awaits grading.</summary>
    public sealed record Response(
        Guid Id,
        Response.Asked Question,
        string StudentAnswer,
        Response.Of Assessment,
        Response.By Student,
        Guid Attempt,
        DateTimeOffset? SubmittedAt
    )
    {
        public sealed record Asked(Guid Id, string Text, QuestionType QuestionType, int Points);

        public sealed record Of(Guid Id, string Title);

        public sealed record By(Guid Id, string Username, [property: JsonIgnore] string FullName);
    }

    public static Task<IResult> Handle(
        Query<Request> query,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    ) => List(query, db.Attempts.Where(t => t.TeacherId == teacher.Id), db, page, ct);

    public static async Task<IResult> OfCourse(
        PathId course_id,
        Query<Request> query,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var id = course_id.Value;
        return await Ownership.OfCourse(db, id, teacher, ct)
            ?? await List(
                query,
                db.Attempts.Where(t => t.TeacherId == teacher.Id && t.Assessment.CourseId == id),
                db,
                page,
                ct
            );
    }

    public static async Task<IResult> OfAssessment(
        PathId assessment_id,
        Query<Request> query,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var id = assessment_id.Value;
        return await Ownership.OfAssessment(db, id, teacher, ct)
            ?? await List(query, db.Attempts.Where(t => t.AssessmentId == id), db, page, ct);
    }

    private static async Task<IResult> List(
        Query<Request> query,
        IQueryable<Attempt> attempts,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        if (await query.Read(ct) is { } problem)
            return problem;
        var filter = query.Value;
        if (filter.AssessmentId is { } assessment)
            attempts = attempts.Where(t => t.AssessmentId == assessment);
        if (filter.AssessmentType is { } type)
            attempts = attempts.Where(t => t.Assessment.Type == type);
        var pending = attempts
            .Where(t => t.Status == AttemptStatus.Submitted)
            .Join(db.Answers.Where(a => a.PointsEarned == null), t => t.Id, a => a.AttemptId, (t, a) => a);
        if (filter.QuestionType is { } questionType)
            pending = pending.Where(a => a.Type == questionType);
        return await pending
            .OrderBy(a => a.Attempt.SubmittedAt)
            .ThenBy(a => a.Id)
            .Select(a => new Response(
                a.Id,
                new Response.Asked(a.QuestionId, a.QuestionText!, a.Type, a.Points),
                a.TextAnswer ?? "",
                new Response.Of(a.Attempt.AssessmentId, a.Attempt.Assessment.Title),
                new Response.By(
                    a.Attempt.StudentId,
                    a.Attempt.Student.User.Username,
                    a.Attempt.Student.User.FirstName + " " + a.Attempt.Student.User.LastName
                ),
                a.AttemptId,
                a.Attempt.SubmittedAt
            ))
            .ToPage(page, ct);
    }
}
