using EduPro.Api.Http;
using EduPro.Data;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>
/// Changes an assessment itself, which its attempts do not hinder: each keeps the passing score and the time that it
/// started with.
/// </summary>
internal static class UpdateAssessment
{
    public sealed class Request : AssessmentFields;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => Include(new AssessmentFields.Rules());
    }

    public static async Task<IResult> Handle(
        PathId assessment_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.Assessments.FirstOrDefaultAsync(a => a.Id == assessment_id, ct) is not { } assessment)
            return Problems.AssessmentNotFound;
        if (assessment.TeacherId != teacher.Id)
            return Problems.PermissionDenied;
        if (
            await body.Read(ct, (sent, faults) => sent.ApplyTo(assessment, db, within: null, faults, ct)) is { } problem
        )
            return problem;
        assessment.UpdatedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(ct);
        return await GetAssessment.Handle(assessment_id, teacher, db, clock, ct);
    }
}

internal static class DeleteAssessment
{
    public static Task<IResult> Handle(PathId assessment_id, CurrentUser teacher, EduProDb db, CancellationToken ct) =>
        AssessmentChange.OfAssessment(
            db,
            assessment_id,
            teacher,
            async (assessment, ct) =>
            {
                if (await db.Attempts.AnyAsync(t => t.AssessmentId == assessment.Id, ct))
                    return Problems.AssessmentLocked;
                db.Assessments.Remove(assessment);
                await db.SaveChangesAsync(ct);
                return TypedResults.Ok(new Done("Assessment deleted successfully"));
            },
            ct
        );
}
