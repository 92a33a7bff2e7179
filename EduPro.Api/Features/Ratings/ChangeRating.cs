using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Ratings;

/// <summary>Changes or deletes a rating of one's own, and with it the sums of course and teacher.</summary>
internal static class ChangeRating
{
    public sealed class Request
    {
        public Optional<int> Rating { get; init; }

        [MaxLength(RatingRules.LongestComment, Message = RatingRules.CommentTooLong)]
        public Optional<string?> Comment { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Rating.Value)
                .InclusiveBetween(1, 5)
                .WithMessage(RatingRules.OutOfRange)
                .When(r => r.Rating.IsPresent);
        }
    }

    public static async Task<IResult> Update(
        PathId id,
        Body<Request> body,
        CurrentUser student,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await Refusal(id, student, db, ct) is { } refusal)
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
        return await db.InTransaction<IResult>(
            async ct =>
            {
                if (await Lock(id, db, ct) is not [var rating])
                    return Problems.RatingNotFound;
                var before = rating.Value;
                rating.Value = body.Value.Rating.Or(before);
                if (body.Value.Comment.IsPresent)
                    rating.Comment = RatingRules.Comment(body.Value.Comment.Value);
                rating.UpdatedAt = clock.GetUtcNow();
                await db.SaveChangesAsync(ct);
                await Count(db, rating.CourseId, count: 0, sum: rating.Value - before, ct);
                return TypedResults.Ok(RatingShape.Of(rating));
            },
            ct
        );
    }

    public static async Task<IResult> Delete(PathId id, CurrentUser student, EduProDb db, CancellationToken ct)
    {
        if (await Refusal(id, student, db, ct) is { } refusal)
            return refusal;
        return await db.InTransaction<IResult>(
            async ct =>
            {
                if (await Lock(id, db, ct) is not [var rating])
                    return Problems.RatingNotFound;
                db.Ratings.Remove(rating);
                await db.SaveChangesAsync(ct);
                await Count(db, rating.CourseId, count: -1, sum: -rating.Value, ct);
                return TypedResults.Ok(RatingShape.Of(rating));
            },
            ct
        );
    }

    private static async Task<Problem?> Refusal(Guid id, CurrentUser student, EduProDb db, CancellationToken ct)
    {
        var owner = await db.Ratings.Where(r => r.Id == id).Select(r => (Guid?)r.StudentId).FirstOrDefaultAsync(ct);
        return owner is null ? Problems.RatingNotFound
            : owner != student.Id ? Problems.NotYourRating
            : null;
    }

    private static Task<List<Rating>> Lock(Guid id, EduProDb db, CancellationToken ct) =>
        db.Ratings.FromSql($"SELECT * FROM ratings WHERE id = {id} FOR UPDATE").ToListAsync(ct);

    private static Task Count(EduProDb db, Guid course, int count, int sum, CancellationToken ct) =>
        count == 0 && sum == 0
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync(
                $"""
                WITH counted AS (
                    UPDATE courses SET rating_count = rating_count + {count}, rating_sum = rating_sum + {sum}
                    WHERE id = {course}
                    RETURNING teacher_id
                )
                UPDATE teachers SET rating_count = rating_count + {count}, rating_sum = rating_sum + {sum}
                FROM counted WHERE id = counted.teacher_id
                """,
                ct
            );
}
