using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Domain.Catalogue;

namespace EduPro.Api.Features.Catalogue;

/// <summary>A course in lists and by itself. Durations are seconds; the average is of ratings 1 to 5, 0 without any.</summary>
internal record CourseShape(
    Guid Id,
    string Title,
    string Description,
    CourseShape.CategoryName Category,
    decimal Price,
    bool IsFree,
    [property: PublicFile] string? Thumbnail,
    string? TrailerVideo,
    bool IsPublished,
    int? MaxEnrollments,
    IReadOnlyList<string>? AllowedCountries,
    CourseShape.TeacherName Teacher,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int TotalEnrollments,
    int TotalLessons,
    int TotalDurations,
    double AverageRating,
    int TotalReviews,
    decimal TotalRevenue
)
{
    public sealed record CategoryName(Guid Id, string Name);

    public sealed record TeacherName(Guid Id, string Username, string FirstName, string LastName);

    public static readonly Expression<Func<Course, CourseShape>> From = c => new CourseShape(
        c.Id,
        c.Title,
        c.Description,
        new CategoryName(c.CategoryId, c.Category.Name),
        c.Price,
        c.Price == 0,
        c.Thumbnail,
        c.TrailerVideo,
        c.IsPublished,
        c.MaxEnrollments,
        c.AllowedCountries,
        new TeacherName(c.TeacherId, c.Teacher.User.Username, c.Teacher.User.FirstName, c.Teacher.User.LastName),
        c.CreatedAt,
        c.UpdatedAt,
        c.EnrollmentCount,
        c.LessonCount,
        c.TotalDuration,
        c.RatingCount == 0 ? 0 : (double)Math.Round((decimal)c.RatingSum / c.RatingCount, 2),
        c.RatingCount,
        c.Revenue
    );
}

/// <summary>A course as its owner sees it: unpublished modules and lessons count.</summary>
internal sealed record PrivateCourseShape : CourseShape
{
    public PrivateCourseShape(CourseShape shown)
        : base(shown) { }

    public required int ModulesCount { get; init; }
    public required int LessonsCount { get; init; }
    public required int EnrollmentsCount { get; init; }
    public required IReadOnlyList<Guid> Prerequisites { get; init; }
}
