using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Media;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class UpdateCourse
{
    public sealed class Request
    {
        [MaxLength(200)]
        public Optional<string> Title { get; init; }

        public Optional<string> Description { get; init; }

        [InvalidMessage(Rules.InvalidCategory)]
        public Optional<Guid> Category { get; init; }

        public Optional<decimal> Price { get; init; }

        public bool IsFree { get; init; }

        public Optional<ThumbnailPicture?> Thumbnail { get; init; }

        [MaxLength(500)]
        public Optional<string?> TrailerVideo { get; init; }

        public Optional<bool> IsPublished { get; init; }

        public Optional<int?> MaxEnrollments { get; init; }

        public Optional<IReadOnlyList<string>?> AllowedCountries { get; init; }

        public Optional<IReadOnlyList<Guid>?> Prerequisites { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(EduProDb db, IHttpContextAccessor http)
        {
            RuleFor(r => r.Category.Value).IsCategory(db).When(r => r.Category.IsPresent);
            RuleFor(r => (decimal?)r.Price.Value).IsPrice().OverridePropertyName(nameof(Request.Price));
            RuleFor(r => r).Custom((r, context) => Rules.FreeMeansZero(r.IsFree, r.Price.Value, context));
            RuleFor(r => r.TrailerVideo.Value).IsTrailer();
            RuleFor(r => r.MaxEnrollments.Value).IsSeats();
            RuleFor(r => r.AllowedCountries.Value).AreCountries();
            RuleFor(r => r.Prerequisites.Value).AreOwnCourses(db, http);
        }
    }

    public static async Task<IResult> Handle(
        PathId course_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        MediaStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (missing, foreign) = (Problems.CourseNotFound, Problems.NotYourCourseToUpdate);
        var owners = db.Courses.Where(c => c.Id == course_id).Select(c => c.TeacherId);
        if (await owners.RefusalOfFiles(body, teacher, missing, foreign, ct) is { } refusal)
            return refusal;
        var faults = await body.Read(ct);
        var thumbnail = faults is null ? await store.Save(body.Value.Thumbnail.Value, ct) : null;
        return await db.InTransaction<IResult>(
            async ct =>
            {
                var locked = await db
                    .Courses.FromSql($"SELECT * FROM courses WHERE id = {course_id.Value} FOR NO KEY UPDATE")
                    .ToListAsync(ct);
                if (locked is not [var course])
                    return missing;
                if (course.TeacherId != teacher.Id)
                    return foreign;
                if (faults is not null)
                    return faults;
                var request = body.Value;
                if (request.Prerequisites is { IsPresent: true, Value: var ids })
                {
                    if (await LeadBack(db, course_id, ids ?? [], teacher, ct))
                        return ValidationProblem.On(
                            "prerequisites",
                            "A course cannot be its own prerequisite, not by way of others either."
                        );
                    await db.Entry(course).Collection(c => c.Prerequisites).LoadAsync(ct);
                    var prerequisites = await db.Prerequisites(ids, teacher, ct);
                    course.Prerequisites.Clear();
                    course.Prerequisites.AddRange(prerequisites);
                }
                course.Title = request.Title.Or(course.Title);
                course.Description = request.Description.Or(course.Description);
                course.IndexForSearch();
                course.CategoryId = request.Category.Or(course.CategoryId);
                course.Price = request.IsFree ? 0 : request.Price.Or(course.Price);
                course.Thumbnail = request.Thumbnail.IsPresent ? thumbnail : course.Thumbnail;
                course.TrailerVideo = request.TrailerVideo.Or(course.TrailerVideo);
                course.IsPublished = request.IsPublished.Or(course.IsPublished);
                course.MaxEnrollments = request.MaxEnrollments.Or(course.MaxEnrollments);
                if (request.AllowedCountries.IsPresent)
                    course.AllowedCountries = request.AllowedCountries.Value.ToStored();
                course.UpdatedAt = clock.GetUtcNow();
                await db.SaveChangesAsync(ct);
                return TypedResults.Ok(new Done("Course updated successfully"));
            },
            ct
        );
    }

    /// <summary>
    /// Whether prerequisites, theirs, and so on, come back to the course. One change of a teacher's prerequisites at a
    /// time, or two could close a circle together.
    /// </summary>
    private static async Task<bool> LeadBack(
        EduProDb db,
        Guid course,
        IReadOnlyList<Guid> prerequisites,
        CurrentUser teacher,
        CancellationToken ct
    )
    {
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM teachers WHERE id = {teacher.Id} FOR NO KEY UPDATE", ct);
        var circles = await db
            .Database.SqlQuery<Guid>(
                $"""
                WITH RECURSIVE needed AS (
                    SELECT unnest({prerequisites.ToArray()}) AS id
                    UNION
                    SELECT p.prerequisite_id FROM course_prerequisites p JOIN needed n ON p.course_id = n.id
                )
                SELECT id FROM needed WHERE id = {course}
                """
            )
            .ToListAsync(ct);
        return circles.Count > 0;
    }
}
