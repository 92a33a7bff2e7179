using System.Linq.Expressions;
using EduPro.Domain.Catalogue;

namespace EduPro.Api.Features.Catalogue;

/// <summary>A course as the public sees it.</summary>
internal sealed record CourseShape(
    Guid Id,
    string Title,
    string Description,
    CourseShape.CategoryName Category,
    decimal Price,
    bool IsFree,
    string? Thumbnail,
    CourseShape.TeacherName Teacher,
    DateTimeOffset CreatedAt,
    decimal TotalRevenue
)
{
    public sealed record CategoryName(Guid Id, string Name);

    public sealed record TeacherName(Guid Id, string Username, string FirstName, string LastName);

    /// <param name="media">Where public files are, with the closing slash.</param>
    public static Expression<Func<Course, CourseShape>> From(string media) =>
        c => new CourseShape(
            c.Id,
            c.Title,
            c.Description,
            new CategoryName(c.CategoryId, c.Category.Name),
            c.Price,
            c.Price == 0,
            c.Thumbnail == null ? null : media + c.Thumbnail,
            new TeacherName(c.TeacherId, c.Teacher.User.Username, c.Teacher.User.FirstName, c.Teacher.User.LastName),
            c.CreatedAt,
            c.Revenue
        );
}
