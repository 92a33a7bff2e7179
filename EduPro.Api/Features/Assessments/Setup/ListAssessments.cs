using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>The teacher's assessments, newest first.</summary>
internal static class ListAssessments
{
    public static Task<IResult> Handle(
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        PageRequest page,
        CancellationToken ct
    ) => List(teacher, course: null, db, clock, page, ct);

    /// <summary>Those of the course, its modules and its lessons.</summary>
    public static async Task<IResult> OfCourse(
        PathId course_id,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        PageRequest page,
        CancellationToken ct
    ) => await Ownership.OfCourse(db, course_id, teacher, ct) ?? await List(teacher, course_id, db, clock, page, ct);

    private static Task<IResult> List(
        CurrentUser teacher,
        Guid? course,
        EduProDb db,
        TimeProvider clock,
        PageRequest page,
        CancellationToken ct
    ) =>
        db
            .Assessments.Where(a => a.TeacherId == teacher.Id && (course == null || a.CourseId == course))
            .OrderByDescending(a => a.CreatedAt)
            .ThenByDescending(a => a.Id)
            .ShownAt(clock.GetUtcNow())
            .ToPage(page, ct);
}

internal static class GetAssessment
{
    public static async Task<IResult> Handle(
        PathId assessment_id,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var id = assessment_id.Value;
        var assessment = await db.Assessments.Where(a => a.Id == id).ShownAt(clock.GetUtcNow()).FirstOrDefaultAsync(ct);
        if (assessment is null)
            return Problems.AssessmentNotFound;
        if (assessment.Teacher != teacher.Id)
            return Problems.PermissionDenied;
        var question = QuestionShape.From;
        var rest = await db
            .Assessments.Where(a => a.Id == id)
            .Select(a => new
            {
                Attempts = db.Attempts.Count(t => t.AssessmentId == id),
                Average = db
                    .Attempts.Where(t => t.AssessmentId == id && t.SubmittedAt != null)
                    .Average(t => (double?)t.Score),
                Questions = a.Questions.AsQueryable().OrderBy(q => q.Order).Select(question).ToList(),
            })
            .SingleAsync(ct);
        return TypedResults.Ok(
            assessment with
            {
                Questions = rest.Questions,
                Results = new AssessmentShape.Figures(rest.Attempts, Math.Round(rest.Average ?? 0, 2)),
            }
        );
    }
}
