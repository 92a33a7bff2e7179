using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using EduPro.Media;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class CreateCourse
{
    public sealed class Request
    {
        [MaxLength(200)]
        public required string Title { get; init; }

        public required string Description { get; init; }

        [InvalidMessage(Rules.InvalidCategory)]
        public required Guid Category { get; init; }

        public required decimal Price { get; init; }

        public bool IsFree { get; init; }

        public ThumbnailPicture? Thumbnail { get; init; }

        [MaxLength(500)]
        public string? TrailerVideo { get; init; }

        public bool IsPublished { get; init; }

        public int? MaxEnrollments { get; init; }

        public IReadOnlyList<string>? AllowedCountries { get; init; }

        public IReadOnlyList<Guid>? Prerequisites { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(EduProDb db, IHttpContextAccessor http)
        {
            RuleFor(r => r.Category).IsCategory(db);
            RuleFor(r => (decimal?)r.Price).IsPrice().OverridePropertyName(nameof(Request.Price));
            RuleFor(r => r).Custom((r, context) => Rules.FreeMeansZero(r.IsFree, r.Price, context));
            RuleFor(r => r.TrailerVideo).IsTrailer();
            RuleFor(r => r.MaxEnrollments).IsSeats();
            RuleFor(r => r.AllowedCountries).AreCountries();
            RuleFor(r => r.Prerequisites).AreOwnCourses(db, http);
        }
    }

    public sealed record Response(
        Guid Id,
        string Title,
        string Description,
        Guid Category,
        decimal Price,
        bool IsFree,
        [property: PublicFile] string? Thumbnail,
        string? TrailerVideo,
        bool IsPublished,
        int? MaxEnrollments,
        IReadOnlyList<string>? AllowedCountries,
        IReadOnlyList<Guid> Prerequisites,
        Guid Teacher,
        DateTimeOffset CreatedAt
    );

    public static async Task<IResult> Handle(
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        MediaStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var request = body.Value;
        var thumbnail = await store.Save(request.Thumbnail, ct);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return await db.InTransaction(
            async ct =>
            {
                var course = new Course
                {
                    Id = id,
                    TeacherId = teacher.Id,
                    CategoryId = request.Category,
                    Title = request.Title,
                    Description = request.Description,
                    Price = request.Price,
                    Thumbnail = thumbnail,
                    TrailerVideo = request.TrailerVideo,
                    IsPublished = request.IsPublished,
                    MaxEnrollments = request.MaxEnrollments,
                    AllowedCountries = request.AllowedCountries.ToStored(),
                    Prerequisites = await db.Prerequisites(request.Prerequisites, teacher, ct),
                    CreatedAt = now,
                    UpdatedAt = now,
                };
                course.IndexForSearch();
                db.Courses.Add(course);
                await db.SaveChangesAsync(ct);
                await db
                    .Teachers.Where(t => t.Id == teacher.Id)
                    .ExecuteUpdateAsync(t => t.SetProperty(x => x.CourseCount, x => x.CourseCount + 1), ct);
                return TypedResults.Created(
                    (string?)null,
                    new Response(
                        course.Id,
                        course.Title,
                        course.Description,
                        course.CategoryId,
                        course.Price,
                        course.Price == 0,
                        course.Thumbnail,
                        course.TrailerVideo,
                        course.IsPublished,
                        course.MaxEnrollments,
                        course.AllowedCountries,
                        [.. course.Prerequisites.Select(p => p.Id)],
                        course.TeacherId,
                        course.CreatedAt
                    )
                );
            },
            ct
        );
    }

    /// <summary>The teacher's courses with these ids, in the order of ids.</summary>
    public static async Task<List<Course>> Prerequisites(
        this EduProDb db,
        IReadOnlyList<Guid>? ids,
        CurrentUser teacher,
        CancellationToken ct
    ) =>
        ids is not { Count: > 0 }
            ? []
            : await db
                .Courses.Where(c => ids.Contains(c.Id) && c.TeacherId == teacher.Id)
                .OrderBy(c => c.Id)
                .ToListAsync(ct);
}
