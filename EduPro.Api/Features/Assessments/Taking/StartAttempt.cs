using EduPro.Api.Features.Accounts;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

/// <summary>
/// Starts an attempt, or takes up the running one: a closed tab must not cost the exam. Of what is correct it shows
/// nothing.
/// </summary>
internal static class StartAttempt
{
    public sealed record Response(
        Guid AttemptId,
        int AttemptNumber,
        DateTimeOffset StartedAt,
        DateTimeOffset? ExpiresAt,
        Response.About Assessment,
        IReadOnlyList<Response.Question> Questions,
        IReadOnlyList<Response.SavedAnswer> Answers
    )
    {
        public sealed record About(Guid Id, string Title, string Description, int MaxAttempts);

        public sealed record Question(
            Guid Id,
            string Text,
            QuestionType QuestionType,
            int Points,
            bool IsRequired,
            [property: PublicFile] string? Image,
            IReadOnlyList<Option> Options
        );

        public sealed record Option(Guid Id, string Text);

        /// <summary>What was saved before, for a student who comes back.</summary>
        public sealed record SavedAnswer(
            Guid Question,
            string? TextAnswer,
            IReadOnlyList<Guid>? SelectedOptions,
            bool? TrueFalseAnswer
        );

        public static Response Of(Attempt attempt, Assessment assessment) =>
            new(
                attempt.Id,
                attempt.Number,
                attempt.StartedAt,
                attempt.ExpiresAt,
                new About(assessment.Id, assessment.Title, assessment.Description, assessment.MaxAttempts),
                [
                    .. attempt.Questions.Select(q => new Question(
                        q.Id,
                        q.Text,
                        q.Type,
                        q.Points,
                        q.IsRequired,
                        q.Image,
                        [.. Choices(q).Select(o => new Option(o.Id, o.Text))]
                    )),
                ],
                [
                    .. attempt.Saved.Values.Select(a => new SavedAnswer(
                        a.QuestionId,
                        a.TextAnswer,
                        a.SelectedOptions,
                        a.TrueFalseAnswer
                    )),
                ]
            );

        // The options of a short answer are its key; so is the only option of a true or false.
        private static IEnumerable<FrozenOption> Choices(FrozenQuestion question) =>
            question.Type is QuestionType.MultipleChoice
            || question is { Type: QuestionType.TrueFalse, Options.Count: > 1 }
                ? question.Options
                : [];
    }

    public static Task<IResult> Handle(
        PathId assessment_id,
        string teacher_username,
        CurrentUser student,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.InTransaction(
            ct => Start(assessment_id, teacher_username.ToLowerInvariant(), student.Id, db, clock, ct),
            ct
        );

    private static async Task<IResult> Start(
        Guid id,
        string teacher,
        Guid student,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // A student's starts run one after another, and none while the assessment's questions change.
        var locked = await db
            .Assessments.FromSql(
                $"""
                SELECT a.* FROM assessments a
                JOIN users u ON u.id = a.teacher_id AND u.username_key = {teacher} AND u.is_active
                JOIN teacher_students r ON r.teacher_id = a.teacher_id AND r.student_id = {student}
                WHERE a.id = {id}
                FOR SHARE OF a FOR NO KEY UPDATE OF r
                """
            )
            .AsNoTracking()
            .ToListAsync(ct);
        if (locked is not [var assessment])
            return await WhyNone(id, teacher, student, db, ct);
        var now = clock.GetUtcNow();
        var isNoDraft = ListAvailableAssessments.IsNoDraft;
        var state = await db
            .TeacherStudents.AsNoTracking()
            .Where(r => r.TeacherId == assessment.TeacherId && r.StudentId == student)
            .Select(r => new
            {
                Standing = new Standing(r.TeacherId, r.IsActive, r.RemovedAt != null),
                IsNoDraft = db.Assessments.Where(isNoDraft).Any(a => a.Id == id),
                IsEnrolled = db.Enrollments.Any(e => e.CourseId == assessment.CourseId && e.StudentId == student),
                Used = db.Attempts.Count(t => t.AssessmentId == id && t.StudentId == student),
                Running = db.Attempts.FirstOrDefault(t =>
                    t.AssessmentId == id && t.StudentId == student && t.Status == AttemptStatus.InProgress
                ),
            })
            .SingleAsync(ct);
        if (state.Standing.Refusal is { } refusal)
            return refusal;
        var running = state.Running;
        if (running?.IsOverdue(now) is true)
        {
            running.RunOut();
            await db.WriteSubmission(running, ct);
            running = null;
        }
        if (running is null && !(state.IsNoDraft && assessment.IsAvailable(now)))
            return Problems.AssessmentNotAvailable;
        if (assessment.CourseId is not null && !state.IsEnrolled)
            return Problems.NotEnrolledForAssessment;
        if (running is not null)
            return TypedResults.Ok(Response.Of(running, assessment));
        if (state.Used >= assessment.MaxAttempts)
            return Problems.AlreadyAttempted;
        var questions = await db
            .Questions.AsNoTracking()
            .Include(q => q.Options)
            .Where(q => q.AssessmentId == id)
            .ToListAsync(ct);
        var attempt = Attempt.Start(assessment, questions, student, state.Used + 1, now);
        db.Attempts.Add(attempt);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created((string?)null, Response.Of(attempt, assessment));
    }

    private static async Task<Problem> WhyNone(
        Guid id,
        string teacher,
        Guid student,
        EduProDb db,
        CancellationToken ct
    ) =>
        await db.StandingAt(teacher, student, ct) is not { } standing ? Problems.TeacherNotFound
        : await db.Assessments.AnyAsync(a => a.Id == id && a.TeacherId == standing.Teacher, ct)
            ? standing.Refusal ?? Problems.AssessmentNotFound
        : Problems.AssessmentNotFound;
}
