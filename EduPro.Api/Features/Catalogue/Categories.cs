using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

/// <summary>A category on the wire.</summary>
internal sealed record CategoryShape(Guid Id, string Name, string? Description)
{
    public static readonly Expression<Func<Category, CategoryShape>> From = c => new CategoryShape(
        c.Id,
        c.Name,
        c.Description
    );
}

internal static class ListCategories
{
    public static Task<IResult> Handle(EduProDb db, PageRequest page, CancellationToken ct) =>
        db.Categories.OrderBy(c => c.NameKey).ThenBy(c => c.Id).Select(CategoryShape.From).ToPage(page, ct);
}

internal static class CreateCategory
{
    public sealed class Request
    {
        [MaxLength(100)]
        public required string Name { get; init; }

        public string? Description { get; init; }
    }

    public static async Task<IResult> Handle(Body<Request> body, EduProDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var now = clock.GetUtcNow();
        var category = new Category
        {
            Id = Guid.CreateVersion7(now),
            Name = body.Value.Name,
            Description = body.Value.Description,
            UpdatedAt = now,
        };
        db.Categories.Add(category);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created((string?)null, new CategoryShape(category.Id, category.Name, category.Description));
    }
}
