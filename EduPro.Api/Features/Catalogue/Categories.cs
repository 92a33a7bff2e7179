using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;
using Npgsql;

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
        return await db.SaveNamed(ct)
            ?? TypedResults.Created((string?)null, new CategoryShape(category.Id, category.Name, category.Description));
    }

    /// <summary>Saves; the name is the one thing that another category may have taken, at this very moment too.</summary>
    public static async Task<IResult?> SaveNamed(this EduProDb db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateException e)
            when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return ValidationProblem.On("name", "category with this name already exists.");
        }
    }
}

internal static class UpdateCategory
{
    public sealed class Request
    {
        [MaxLength(100)]
        public Optional<string> Name { get; init; }

        public Optional<string?> Description { get; init; }
    }

    public static async Task<IResult> Handle(
        PathId category_id,
        Body<Request> body,
        EduProDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.Categories.FirstOrDefaultAsync(c => c.Id == category_id, ct) is not { } category)
            return Problems.CategoryNotFound;
        if (await body.Read(ct) is { } problem)
            return problem;
        category.Name = body.Value.Name.Or(category.Name);
        category.Description = body.Value.Description.Or(category.Description);
        category.UpdatedAt = clock.GetUtcNow();
        return await db.SaveNamed(ct)
            ?? TypedResults.Ok(new CategoryShape(category.Id, category.Name, category.Description));
    }
}
