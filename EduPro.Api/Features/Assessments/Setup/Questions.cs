using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Ordering;
using EduPro.Media;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

internal static class ListQuestions
{
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
                .Questions.Where(q => q.AssessmentId == id)
                .OrderBy(q => q.Order)
                .ThenBy(q => q.Id)
                .Select(QuestionShape.From)
                .ToPage(page, ct);
    }
}

internal static class GetQuestion
{
    public static async Task<IResult> Handle(
        PathId question_id,
        CurrentUser teacher,
        EduProDb db,
        CancellationToken ct
    ) => await Ownership.OfQuestion(db, question_id, teacher, ct) ?? await Read(db, question_id, ct);

    public static async Task<IResult> Read(EduProDb db, Guid id, CancellationToken ct) =>
        await db.Questions.Where(q => q.Id == id).Select(QuestionShape.From).FirstOrDefaultAsync(ct) is { } question
            ? TypedResults.Ok(question)
            : Problems.QuestionNotFound;
}

internal static class CreateQuestion
{
    public sealed class Request : QuestionFields;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            Include(new QuestionFields.Rules());
            this.Required(r => r.Text);
            this.Required(r => r.QuestionType);
            this.Required(r => r.Points);
        }
    }

    public static async Task<IResult> Handle(
        PathId assessment_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        MediaStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var faults = QuestionFields.InCatalogueWords(await body.Read(ct));
        // A picture is stored before the lock, but only the owner's.
        if (faults is null && body.Value.Image.Value is not null)
            faults = await Ownership.OfAssessment(db, assessment_id, teacher, ct);
        var image = faults is null ? await store.Save(body.Value.Image.Value, ct) : null;
        return await AssessmentChange.OfAssessment(
            db,
            assessment_id,
            teacher,
            async (assessment, ct) =>
            {
                if (await db.Attempts.AnyAsync(t => t.AssessmentId == assessment.Id, ct))
                    return Problems.AssessmentLocked;
                var siblings = await db.Questions.Where(q => q.AssessmentId == assessment.Id).ToListAsync(ct);
                var question = new Question
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    AssessmentId = assessment.Id,
                    Text = body.Value.Text.Value,
                    Type = body.Value.QuestionType.Value,
                    Points = body.Value.Points.Value,
                    Order = siblings.MakeRoom(body.Value.Order.IsPresent ? body.Value.Order.Value : null),
                };
                body.Value.ApplyTo(question, image);
                db.Questions.Add(question);
                Count(assessment, [.. siblings, question]);
                await db.SaveChangesAsync(ct);
                return TypedResults.Created((string?)null, QuestionShape.New(question));
            },
            ct,
            faults
        );
    }

    public static void Count(Assessment assessment, IReadOnlyCollection<Question> questions) =>
        (assessment.QuestionCount, assessment.TotalPoints) = (questions.Count, questions.Sum(q => q.Points));
}

/// <summary>
/// Changes a question. Once there are attempts its type, points and picture stay as they are; its words may be mended,
/// for attempts to come.
/// </summary>
internal static class UpdateQuestion
{
    public sealed class Request : QuestionFields;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => Include(new QuestionFields.Rules());
    }

    public static async Task<IResult> Handle(
        PathId question_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        MediaStore store,
        CancellationToken ct
    )
    {
        var faults = QuestionFields.InCatalogueWords(await body.Read(ct));
        if (faults is null && body.Value.Image.Value is not null)
            faults = await Ownership.OfQuestion(db, question_id, teacher, ct);
        var image = faults is null ? await store.Save(body.Value.Image.Value, ct) : null;
        return await AssessmentChange.OfQuestion(
            db,
            question_id,
            teacher,
            async (assessment, ct) =>
            {
                var siblings = await db.Questions.Where(q => q.AssessmentId == assessment.Id).ToListAsync(ct);
                if (siblings.Find(q => q.Id == question_id) is not { } question)
                    return Problems.QuestionNotFound;
                body.Value.ApplyTo(question, image);
                var scored = db.Entry(question);
                if (
                    (
                        scored.Property(q => q.Type).IsModified
                        || scored.Property(q => q.Points).IsModified
                        || scored.Property(q => q.Image).IsModified
                    ) && await db.Attempts.AnyAsync(t => t.AssessmentId == assessment.Id, ct)
                )
                    return Problems.AssessmentLocked;
                if (body.Value.Order.IsPresent)
                    siblings.Move(question, body.Value.Order.Value);
                CreateQuestion.Count(assessment, siblings);
                await db.SaveChangesAsync(ct);
                return await GetQuestion.Read(db, question.Id, ct);
            },
            ct,
            faults
        );
    }
}

internal static class DeleteQuestion
{
    public static Task<IResult> Handle(PathId question_id, CurrentUser teacher, EduProDb db, CancellationToken ct) =>
        AssessmentChange.OfQuestion(
            db,
            question_id,
            teacher,
            async (assessment, ct) =>
            {
                var siblings = await db.Questions.Where(q => q.AssessmentId == assessment.Id).ToListAsync(ct);
                if (siblings.Find(q => q.Id == question_id) is not { } question)
                    return Problems.QuestionNotFound;
                if (await db.Attempts.AnyAsync(t => t.AssessmentId == assessment.Id, ct))
                    return Problems.AssessmentLocked;
                siblings.CloseGap(question);
                siblings.Remove(question);
                db.Questions.Remove(question);
                CreateQuestion.Count(assessment, siblings);
                await db.SaveChangesAsync(ct);
                return TypedResults.Ok(new Done("Question deleted successfully"));
            },
            ct
        );
}
