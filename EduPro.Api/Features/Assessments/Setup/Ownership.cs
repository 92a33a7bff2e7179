using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>Whether something is there and the teacher's own: the refusal when not, in that order, else null.</summary>
internal static class Ownership
{
    public static Task<IResult?> OfCourse(EduProDb db, Guid id, CurrentUser teacher, CancellationToken ct) =>
        Check(
            db.Courses.Where(c => c.Id == id).Select(c => c.TeacherId),
            teacher,
            Problems.CourseNotFound,
            Problems.NotYourAssessment,
            ct
        );

    public static Task<IResult?> OfAssessment(EduProDb db, Guid id, CurrentUser teacher, CancellationToken ct) =>
        Check(
            db.Assessments.Where(a => a.Id == id).Select(a => a.TeacherId),
            teacher,
            Problems.AssessmentNotFound,
            Problems.PermissionDenied,
            ct
        );

    public static Task<IResult?> OfQuestion(EduProDb db, Guid id, CurrentUser teacher, CancellationToken ct) =>
        Check(
            db.Questions.Where(q => q.Id == id).Select(q => q.Assessment.TeacherId),
            teacher,
            Problems.QuestionNotFound,
            Problems.PermissionDenied,
            ct
        );

    public static Task<IResult?> OfOption(EduProDb db, Guid id, CurrentUser teacher, CancellationToken ct) =>
        Check(
            db.QuestionOptions.Where(o => o.Id == id).Select(o => o.Question.Assessment.TeacherId),
            teacher,
            Problems.OptionNotFound,
            Problems.PermissionDenied,
            ct
        );

    private static async Task<IResult?> Check(
        IQueryable<Guid> owners,
        CurrentUser teacher,
        Problem missing,
        Problem foreign,
        CancellationToken ct
    ) =>
        await owners.Select(owner => (Guid?)owner).FirstOrDefaultAsync(ct) is not { } owner ? missing
        : owner != teacher.Id ? foreign
        : null;
}

/// <summary>
/// Changes below an assessment run one after another: each holds the lock of the assessment's row, so that orders and
/// counters stay right, and no attempt starts halfway through.
/// </summary>
internal static class AssessmentChange
{
    public delegate Task<IResult> Change(Assessment assessment, CancellationToken ct);

    /// <param name="faults">What is wrong with the request's body; told once its object is known to be the teacher's.</param>
    public static Task<IResult> OfAssessment(
        EduProDb db,
        Guid id,
        CurrentUser teacher,
        Change change,
        CancellationToken ct,
        IResult? faults = null
    ) =>
        Run(
            db,
            db.Assessments.FromSql($"SELECT * FROM assessments WHERE id = {id} FOR UPDATE"),
            teacher,
            Problems.AssessmentNotFound,
            faults,
            change,
            ct
        );

    /// <inheritdoc cref="OfAssessment"/>
    public static Task<IResult> OfQuestion(
        EduProDb db,
        Guid id,
        CurrentUser teacher,
        Change change,
        CancellationToken ct,
        IResult? faults = null
    ) =>
        Run(
            db,
            db.Assessments.FromSql(
                $"""
                SELECT * FROM assessments
                WHERE id = (SELECT assessment_id FROM questions WHERE id = {id}) FOR UPDATE
                """
            ),
            teacher,
            Problems.QuestionNotFound,
            faults,
            change,
            ct
        );

    /// <inheritdoc cref="OfAssessment"/>
    public static Task<IResult> OfOption(
        EduProDb db,
        Guid id,
        CurrentUser teacher,
        Change change,
        CancellationToken ct,
        IResult? faults = null
    ) =>
        Run(
            db,
            db.Assessments.FromSql(
                $"""
                SELECT * FROM assessments
                WHERE id = (
                    SELECT q.assessment_id FROM questions q JOIN question_options o ON o.question_id = q.id
                    WHERE o.id = {id}
                ) FOR UPDATE
                """
            ),
            teacher,
            Problems.OptionNotFound,
            faults,
            change,
            ct
        );

    private static Task<IResult> Run(
        EduProDb db,
        IQueryable<Assessment> locked,
        CurrentUser teacher,
        Problem missing,
        IResult? faults,
        Change change,
        CancellationToken ct
    ) =>
        db.InTransaction(
            async ct =>
                await locked.ToListAsync(ct) is not [var assessment] ? missing
                : assessment.TeacherId != teacher.Id ? Problems.PermissionDenied
                : faults ?? await change(assessment, ct),
            ct
        );
}
