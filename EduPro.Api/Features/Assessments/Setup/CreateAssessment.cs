using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

internal static class CreateAssessment
{
    public sealed class Request : AssessmentFields
    {
        /// <summary>
        /// Whether the web client's form sent this: it leaves out what may be left out there, and says by
        /// <c>is_timed</c> whether there is a time limit.
        /// </summary>
        internal bool IsShortForm => IsPublished.IsPresent || MaxAttempts.IsPresent;
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            Include(new AssessmentFields.Rules());
            RuleFor(r => r.Title).Must(title => title.IsPresent).WithMessage(Required);
            RuleFor(r => r.AssessmentType).Must(type => type.IsPresent).WithMessage(Required);
            RuleFor(r => r.Description).Must(text => text.IsPresent).WithMessage(Required).Unless(r => r.IsShortForm);
            RuleFor(r => r.PassingScore).Must(s => s.IsPresent).WithMessage(Required).Unless(r => r.IsShortForm);
            RuleFor(r => r.DurationMinutes).Must(d => d.IsPresent).WithMessage(Required).Unless(r => r.IsShortForm);
            RuleFor(r => r.DurationMinutes)
                .Must(d => d is not { IsPresent: true, Value: null })
                .WithMessage("This field may not be null.")
                .Unless(r => r.IsShortForm);
            RuleFor(r => r.TimeLimit)
                .Must((r, limit) => limit.IsPresent || r.DurationMinutes.IsPresent)
                .WithMessage(Required)
                .When(r => r.IsShortForm && r.IsTimed.Value);
        }
    }

    private const string Required = "This field is required.";

    public static Task<IResult> Handle(
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    ) => Create(body, teacher, db, clock, within: null, ct);

    public static async Task<IResult> InCourse(
        PathId course_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        await Ownership.OfCourse(db, course_id, teacher, ct)
        ?? await Create(body, teacher, db, clock, within: course_id, ct);

    private static async Task<IResult> Create(
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        Guid? within,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var assessment = new Assessment
        {
            Id = Guid.CreateVersion7(now),
            TeacherId = teacher.Id,
            Title = "",
            Description = "",
            Type = AssessmentType.Quiz,
            PassingScore = Assessment.DefaultPassingScore,
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (await body.Read(ct, (sent, faults) => sent.ApplyTo(assessment, db, within, faults, ct)) is { } problem)
            return problem;
        db.Assessments.Add(assessment);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created(
            (string?)null,
            await db.Assessments.Where(a => a.Id == assessment.Id).ShownAt(now).SingleAsync(ct)
        );
    }
}
