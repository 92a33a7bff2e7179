using EduPro.Api.Features.Catalogue;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Ratings;

internal static class RateCourse
{
    public sealed class Request
    {
        public required int Rating { get; init; }

        [MaxLength(RatingRules.LongestComment, Message = RatingRules.CommentTooLong)]
        public string? Comment { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Rating).InclusiveBetween(1, 5).WithMessage(RatingRules.OutOfRange);
    }

    public static async Task<IResult> Handle(
        PathId course_id,
        Body<Request> body,
        CurrentUser student,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var course = course_id.Value;
        var places = db.PlacesOf(student);
        var found = await db.CoursesFor(student)
            .Where(c => c.Id == course)
            .Select(c => new
            {
                IsEnrolled = places.Any(p => p.CourseId == c.Id),
                HasRated = db.Ratings.Any(r => r.CourseId == c.Id && r.StudentId == student.Id),
            })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return Problems.CourseNotFound;
        if (!found.IsEnrolled)
            return Problems.NotEnrolledToRate;
        if (found.HasRated)
            return Problems.AlreadyRated;
        if (await body.Read(ct) is { } problem)
            return problem;
        var now = clock.GetUtcNow();
        var (value, comment) = (body.Value.Rating, RatingRules.Comment(body.Value.Comment));
        var counted = await db.Database.ExecuteSqlAsync(
            $"""
            WITH rated AS (
                INSERT INTO ratings (id, course_id, student_id, value, comment, created_at, updated_at)
                VALUES ({Guid.CreateVersion7(now)}, {course}, {student.Id}, {value}, {comment}, {now}, {now})
                ON CONFLICT (student_id, course_id) DO NOTHING
                RETURNING course_id
            ), counted AS (
                UPDATE courses SET rating_count = rating_count + 1, rating_sum = rating_sum + {value}
                FROM rated WHERE id = rated.course_id
                RETURNING teacher_id
            )
            UPDATE teachers SET rating_count = rating_count + 1, rating_sum = rating_sum + {value}
            FROM counted WHERE id = counted.teacher_id
            """,
            ct
        );
        return counted == 0
            ? Problems.AlreadyRated
            : TypedResults.Created((string?)null, new Done("Rating created successfully"));
    }
}

internal static class RatingRules
{
    public const int LongestComment = 500;

    public const string OutOfRange = "Rating must be between 1 and 5.",
        CommentTooLong = "Comment cannot exceed 500 characters.";

    /// <summary>An empty comment is none.</summary>
    public static string? Comment(string? sent) => string.IsNullOrEmpty(sent) ? null : sent;
}
