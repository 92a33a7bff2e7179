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

        public required Guid Category { get; init; }

        public required decimal Price { get; init; }

        public ThumbnailPicture? Thumbnail { get; init; }

        public bool IsPublished { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(EduProDb db)
        {
            RuleFor(r => r.Price).GreaterThanOrEqualTo(0).WithMessage("Price must be greater than or equal to 0.");
            RuleFor(r => r.Category)
                .MustAsync((id, ct) => db.Categories.AnyAsync(c => c.Id == id, ct))
                .WithMessage("Invalid category ID.");
        }
    }

    public sealed record Response(
        Guid Id,
        string Title,
        string Description,
        Guid Category,
        decimal Price,
        string? Thumbnail,
        bool IsPublished,
        Guid Teacher,
        DateTimeOffset CreatedAt
    );

    public static async Task<IResult> Handle(
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        MediaStore store,
        MediaUrls media,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var request = body.Value;
        var now = clock.GetUtcNow();
        var course = new Course
        {
            Id = Guid.CreateVersion7(now),
            TeacherId = teacher.Id,
            CategoryId = request.Category,
            Title = request.Title,
            Description = request.Description,
            SearchText = $"{request.Title} {request.Description}".ToLowerInvariant(),
            Price = request.Price,
            Thumbnail = await store.Save(request.Thumbnail, ct),
            IsPublished = request.IsPublished,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Courses.Add(course);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created(
            (string?)null,
            new Response(
                course.Id,
                course.Title,
                course.Description,
                course.CategoryId,
                course.Price,
                media.Of(course.Thumbnail),
                course.IsPublished,
                course.TeacherId,
                course.CreatedAt
            )
        );
    }
}
