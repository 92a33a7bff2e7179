using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Assessments;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>
/// What a teacher says of an assessment, new or not. The web client says <c>is_published</c> for <c>is_active</c>, and
/// <c>is_timed</c> with <c>time_limit</c> for <c>duration_minutes</c>; both are understood under both prefixes.
/// </summary>
internal abstract class AssessmentFields
{
    public const string InvalidType = "Invalid assessment type. Must be one of: quiz, assignment, exam";

    [MaxLength(200)]
    public Optional<string> Title { get; init; }

    [AllowBlank]
    public Optional<string> Description { get; init; }

    [AllowBlank]
    public Optional<string> AssessmentType { get; init; }

    /// <summary>Null for no limit.</summary>
    public Optional<int?> DurationMinutes { get; init; }

    public Optional<bool> IsTimed { get; init; }

    public Optional<int?> TimeLimit { get; init; }

    public Optional<int> PassingScore { get; init; }

    public Optional<int> MaxAttempts { get; init; }

    public Optional<bool> IsActive { get; init; }

    public Optional<bool> IsPublished { get; init; }

    public Optional<DateTimeOffset?> AvailableFrom { get; init; }

    public Optional<DateTimeOffset?> AvailableUntil { get; init; }

    public Optional<Guid?> Course { get; init; }

    public Optional<Guid?> Module { get; init; }

    public Optional<Guid?> Lesson { get; init; }

    /// <summary>The type, null for none of ours. <c>course_exam</c> is the web client's word for an exam.</summary>
    public static AssessmentType? TypeOf(string text) =>
        text switch
        {
            "quiz" => Domain.Assessments.AssessmentType.Quiz,
            "assignment" => Domain.Assessments.AssessmentType.Assignment,
            "exam" or "course_exam" => Domain.Assessments.AssessmentType.Exam,
            _ => null,
        };

    /// <summary>
    /// Changes what was sent, and adds what is wrong with the outcome; returns the refusal when the place is not the
    /// teacher's own.
    /// </summary>
    /// <param name="within">The course that the place must be in, which is the place when no other was sent.</param>
    public Task<IResult?> ApplyTo(Assessment assessment, EduProDb db, Guid? within, Faults faults, CancellationToken ct)
    {
        assessment.Title = Title.Or(assessment.Title);
        assessment.Description = Description.Or(assessment.Description);
        if (AssessmentType.IsPresent)
            assessment.Type = TypeOf(AssessmentType.Value) ?? assessment.Type;
        assessment.DurationMinutes =
            DurationMinutes.IsPresent ? DurationMinutes.Value
            : IsTimed is { IsPresent: true, Value: false } ? null
            : TimeLimit.Or(assessment.DurationMinutes);
        assessment.PassingScore = PassingScore.Or(assessment.PassingScore);
        assessment.MaxAttempts = MaxAttempts.Or(assessment.MaxAttempts);
        assessment.IsActive = IsPublished.Or(IsActive.Or(assessment.IsActive));
        assessment.AvailableFrom = AvailableFrom.Or(assessment.AvailableFrom);
        assessment.AvailableUntil = AvailableUntil.Or(assessment.AvailableUntil);
        if (assessment.AvailableUntil <= assessment.AvailableFrom)
            faults.Add("available_until", "Must be after available_from.");
        return Hang(assessment, db, within, faults, ct);
    }

    /// <summary>
    /// Hangs the assessment on what was sent, if anything was; a place that was sent takes the place of the present
    /// one.
    /// </summary>
    private async Task<IResult?> Hang(
        Assessment assessment,
        EduProDb db,
        Guid? within,
        Faults faults,
        CancellationToken ct
    )
    {
        var (module, lesson) = (Module.Value, Lesson.Value);
        var course = module is null && lesson is null ? within ?? Course.Value : null;
        if (course is null && module is null && lesson is null)
        {
            if (
                assessment.LessonId is not null ? Lesson.IsPresent
                : assessment.ModuleId is not null ? Module.IsPresent
                : Course.IsPresent
            )
                (assessment.CourseId, assessment.ModuleId, assessment.LessonId) = (null, null, null);
            return null;
        }
        var place = await (
            module is not null ? db.Modules.Where(m => m.Id == module).Select(m => m.Course)
            : lesson is not null ? db.Lessons.Where(l => l.Id == lesson).Select(l => l.Course)
            : db.Courses.Where(c => c.Id == course)
        ).Select(c => new { c.Id, c.TeacherId }).FirstOrDefaultAsync(ct);
        if (place is null || within is not null && place.Id != within)
        {
            faults.Add(
                module is not null ? "module"
                    : lesson is not null ? "lesson"
                    : "course",
                $"Invalid pk \"{module ?? lesson ?? course}\" - object does not exist."
            );
            return null;
        }
        if (place.TeacherId != assessment.TeacherId)
            return Problems.NotYourAssessment;
        (assessment.CourseId, assessment.ModuleId, assessment.LessonId) = (place.Id, module, lesson);
        return null;
    }

    /// <summary>The rules of the fields that were sent.</summary>
    public sealed class Rules : AbstractValidator<AssessmentFields>
    {
        public Rules()
        {
            RuleFor(r => r.AssessmentType.Value)
                .Must(type => TypeOf(type) is not null)
                .WithMessage(InvalidType)
                .When(r => r.AssessmentType.IsPresent);
            RuleFor(r => r.DurationMinutes.Value)
                .GreaterThan(0)
                .WithMessage("Duration must be greater than 0.")
                .When(r => r.DurationMinutes.IsPresent);
            RuleFor(r => r.TimeLimit.Value)
                .NotNull()
                .WithMessage("This field is required.")
                .When(r => r.TimeLimit.IsPresent && r.IsTimed.Value);
            RuleFor(r => r.TimeLimit.Value)
                .GreaterThan(0)
                .WithMessage("Duration must be greater than 0.")
                .When(r => r.TimeLimit.IsPresent && r.IsTimed.Or(true));
            RuleFor(r => r.PassingScore.Value)
                .GreaterThan(0)
                .WithMessage("Passing score must be greater than 0.")
                .LessThanOrEqualTo(100)
                .WithMessage("Ensure this value is less than or equal to 100.")
                .When(r => r.PassingScore.IsPresent);
            RuleFor(r => r.MaxAttempts.Value)
                .GreaterThan(0)
                .WithMessage("Ensure this value is greater than or equal to 1.")
                .When(r => r.MaxAttempts.IsPresent);
            RuleFor(r => r)
                .Must(r => new[] { r.Course.Value, r.Module.Value, r.Lesson.Value }.Count(id => id is not null) < 2)
                .WithMessage("An assessment belongs to at most one of course, module and lesson.")
                .OverridePropertyName("");
        }
    }
}
