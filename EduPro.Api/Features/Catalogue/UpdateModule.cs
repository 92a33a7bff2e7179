using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Ordering;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

internal static class UpdateModule
{
    public sealed class Request
    {
        [MaxLength(200)]
        public Optional<string> Title { get; init; }

        [AllowBlank]
        public Optional<string> Description { get; init; }

        public Optional<int> Order { get; init; }

        public Optional<decimal> Price { get; init; }

        public bool IsFree { get; init; }

        public Optional<bool> IsPublished { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Order.IsPresent ? r.Order.Value : (int?)null).IsOrder().OverridePropertyName("Order");
            RuleFor(r => (decimal?)r.Price.Value).IsPrice().OverridePropertyName("Price");
            RuleFor(r => r).Custom((r, context) => Rules.FreeMeansZero(r.IsFree, r.Price.Value, context));
        }
    }

    public static async Task<IResult> Handle(
        PathId module_id,
        Body<Request> body,
        CurrentUser teacher,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var faults = await body.Read(ct);
        return await db.Restructure(
            ct => db.LockCourseOfModule(module_id, ct),
            teacher,
            Problems.ModuleNotFound,
            Problems.PermissionDenied,
            faults,
            Update,
            clock,
            ct
        );

        async Task<IResult> Update(Guid course, DateTimeOffset now, CancellationToken ct)
        {
            var siblings = await db.Modules.Where(m => m.CourseId == course).ToListAsync(ct);
            if (siblings.Find(m => m.Id == module_id) is not { } module)
                return Problems.ModuleNotFound;
            var request = body.Value;
            module.Title = request.Title.Or(module.Title);
            module.Description = request.Description.Or(module.Description);
            module.Price = request.IsFree ? 0 : request.Price.Or(module.Price);
            module.IsPublished = request.IsPublished.Or(module.IsPublished);
            module.UpdatedAt = now;
            if (request.Order is { IsPresent: true, Value: var wanted })
                siblings.Move(module, wanted);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new Done("Module updated successfully"));
        }
    }
}
