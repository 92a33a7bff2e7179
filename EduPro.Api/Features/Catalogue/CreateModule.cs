using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using FluentValidation;

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
        if (await db.Refusal(course_id, teacher, missing, foreign, ct) is { } refusal)
            return refusal;
        if (await body.Read(ct) is { } problem)
            return problem;
        return await db.Restructure(course_id, teacher, missing, Create, clock, ct);

        async Task<IResult> Create(DateTimeOffset now, CancellationToken ct)
        {
            var request = body.Value;
            var module = new Module
            {
                Id = Guid.CreateVersion7(now),
                CourseId = course_id,
                Title = request.Title,
                Description = request.Description,
                Order = await db.Modules.Where(m => m.CourseId == course_id).MakeRoom(request.Order, ct),
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
