using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Assessments;
using EduPro.Domain.Ordering;
using EduPro.Domain.Scoring;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Assessments;

internal static class ListOptions
{
    public static async Task<IResult> Handle(
        PathId question_id,
        CurrentUser teacher,
        EduProDb db,
        PageRequest page,
        CancellationToken ct
    )
    {
        var id = question_id.Value;
        return await Ownership.OfQuestion(db, id, teacher, ct)
            ?? await db
                .QuestionOptions.Where(o => o.QuestionId == id)
                .OrderBy(o => o.Order)
                .ThenBy(o => o.Id)
                .Select(OptionShape.From)
                .ToPage(page, ct);
    }
}

internal static class GetOption
{
    public static async Task<IResult> Handle(
        PathId option_id,
        CurrentUser teacher,
        EduProDb db,
        CancellationToken ct
    ) =>
        await Ownership.OfOption(db, option_id, teacher, ct)
        ?? (
            await db.QuestionOptions.Where(o => o.Id == option_id).Select(OptionShape.From).FirstOrDefaultAsync(ct)
                is { } option
                ? TypedResults.Ok(option)
                : Problems.OptionNotFound
        );
}

internal static class CreateOption
{
    public sealed class Request : OptionFields;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            Include(new OptionFields.Rules());
            this.Required(r => r.Text);
            this.Required(r => r.IsCorrect, "You must specify if this option is correct.");
        }
    }

    public static async Task<IResult> Handle(
        PathId question_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var faults = OptionFields.InCatalogueWords(await body.Read(ct));
        return await AssessmentChange.OfQuestion(
            db,
            question_id,
            teacher,
            async (assessment, ct) =>
            {
                if (await db.Attempts.AnyAsync(t => t.AssessmentId == assessment.Id, ct))
                    return Problems.AssessmentLocked;
                var siblings = await db.QuestionOptions.Where(o => o.QuestionId == question_id).ToListAsync(ct);
                var option = new QuestionOption
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    QuestionId = question_id,
                    Text = body.Value.Text.Value,
                    IsCorrect = body.Value.IsCorrect.Value,
                    Order = siblings.MakeRoom(body.Value.Order.IsPresent ? body.Value.Order.Value : null),
                };
                db.QuestionOptions.Add(option);
                await db.SaveChangesAsync(ct);
                return TypedResults.Created(
                    (string?)null,
                    new OptionShape(option.Id, option.Text, option.IsCorrect, option.Order)
                );
            },
            ct,
            faults
        );
    }
}

/// <summary>
/// Changes an option. Once there are attempts only the words of a multiple-choice option may be mended, for attempts to
/// come, and the order.
/// </summary>
internal static class UpdateOption
{
    public sealed class Request : OptionFields;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => Include(new OptionFields.Rules());
    }

    public static async Task<IResult> Handle(
        PathId option_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        CancellationToken ct
    )
    {
        var faults = OptionFields.InCatalogueWords(await body.Read(ct));
        return await AssessmentChange.OfOption(
            db,
            option_id,
            teacher,
            async (assessment, ct) =>
            {
                var (siblings, option) = await OptionWithSiblings.Read(db, option_id, ct);
                if (option is null)
                    return Problems.OptionNotFound;
                body.Value.ApplyTo(option);
                var scored = db.Entry(option);
                if (
                    (
                        scored.Property(o => o.IsCorrect).IsModified
                        || scored.Property(o => o.Text).IsModified
                            && option.Question.Type is not QuestionType.MultipleChoice
                    ) && await db.Attempts.AnyAsync(t => t.AssessmentId == assessment.Id, ct)
                )
                    return Problems.AssessmentLocked;
                if (body.Value.Order.IsPresent)
                    siblings.Move(option, body.Value.Order.Value);
                await db.SaveChangesAsync(ct);
                return TypedResults.Ok(new OptionShape(option.Id, option.Text, option.IsCorrect, option.Order));
            },
            ct,
            faults
        );
    }
}

internal static class DeleteOption
{
    public static Task<IResult> Handle(PathId option_id, CurrentUser teacher, EduProDb db, CancellationToken ct) =>
        AssessmentChange.OfOption(
            db,
            option_id,
            teacher,
            async (assessment, ct) =>
            {
                var (siblings, option) = await OptionWithSiblings.Read(db, option_id, ct);
                if (option is null)
                    return Problems.OptionNotFound;
                if (await db.Attempts.AnyAsync(t => t.AssessmentId == assessment.Id, ct))
                    return Problems.AssessmentLocked;
                siblings.CloseGap(option);
                db.QuestionOptions.Remove(option);
                await db.SaveChangesAsync(ct);
                return TypedResults.Ok(new Done("Option deleted successfully"));
            },
            ct
        );
}

file static class OptionWithSiblings
{
    /// <summary>The option, its question loaded, among all of the question's options.</summary>
    public static async Task<(List<QuestionOption> Siblings, QuestionOption? Option)> Read(
        EduProDb db,
        Guid id,
        CancellationToken ct
    )
    {
        var siblings = await db
            .QuestionOptions.Include(o => o.Question)
            .Where(o => o.Question.Options.Any(sibling => sibling.Id == id))
            .ToListAsync(ct);
        return (siblings, siblings.Find(o => o.Id == id));
    }
}
