using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using EduPro.Domain.Ordering;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class CreateModule
{
    public sealed class Request
    {
        [MaxLength(200)]
        public required string Title { get; init; }

        [AllowBlank]
        public required string Description { get; init; }

        public int? Order { get; init; }

        public decimal? Price { get; init; }

        public bool IsFree { get; init; }

        public bool IsPublished { get; init; } = true;
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Order).IsOrder();
            RuleFor(r => r.Price).IsPrice();
            RuleFor(r => r).Custom((r, context) => Rules.FreeMeansZero(r.IsFree, r.Price, context));
        }
    }

    public sealed record Response(
        Guid Id,
        string Title,
        string Description,
        int Order,
        Guid Course,
        decimal Price,
        bool IsFree,
        bool IsPublished,
        DateTimeOffset CreatedAt
    );

    public static async Task<IResult> Handle(
        PathId course_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (missing, foreign) = (Problems.CourseOfModuleNotFound, Problems.NotYourCourseForModules);
        var faults = await body.Read(ct);
        return await db.Restructure(
            ct => db.LockCourse(course_id, ct),
            teacher,
            missing,
            foreign,
            faults,
            Create,
            clock,
            ct
        );

        async Task<IResult> Create(Guid course, DateTimeOffset now, CancellationToken ct)
        {
            var request = body.Value;
            var siblings = await db.Modules.Where(m => m.CourseId == course).ToListAsync(ct);
            var module = new Module
            {
                Id = Guid.CreateVersion7(now),
                CourseId = course,
                Title = request.Title,
                Description = request.Description,
                Order = siblings.MakeRoom(request.Order),
                Price = request.Price ?? 0,
                IsPublished = request.IsPublished,
                CreatedAt = now,
                UpdatedAt = now,
            };
            db.Modules.Add(module);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created(
                (string?)null,
                new Response(
                    module.Id,
                    module.Title,
                    module.Description,
                    module.Order,
                    module.CourseId,
                    module.Price,
                    module.Price == 0,
                    module.IsPublished,
                    module.CreatedAt
                )
            );
        }
    }
}
