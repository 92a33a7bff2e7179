using System.Linq.Expressions;
using EduPro.Domain.Accounts;
using EduPro.Domain.Enrollments;

namespace EduPro.Api.Features.Ratings;

/// <summary>A rating as everybody sees it.</summary>
internal sealed record CourseRatingShape(
    Guid Id,
    int Rating,
    string? Comment,
    CourseRatingShape.StudentName Student,
    DateTimeOffset CreatedAt
)
{
    public sealed record StudentName(Guid Id, string Username, string FirstName, string LastName, string FullName);

    public static readonly Expression<Func<Rating, User, CourseRatingShape>> From = (r, student) =>
        new CourseRatingShape(
            r.Id,
            r.Value,
            r.Comment,
            new StudentName(
                student.Id,
                student.Username,
                student.FirstName,
                student.LastName,
                student.FirstName + " " + student.LastName
            ),
            r.CreatedAt
        );
}

/// <summary>A rating as its owner sees it.</summary>
internal sealed record RatingShape(
    Guid Id,
    int Rating,
    string? Comment,
    Guid Course,
    Guid Student,
    DateTimeOffset CreatedAt
)
{
    public static readonly Expression<Func<Rating, RatingShape>> From = r => new RatingShape(
        r.Id,
        r.Value,
        r.Comment,
        r.CourseId,
        r.StudentId,
        r.CreatedAt
    );

    /// <summary>The same of a rating in memory.</summary>
    public static readonly Func<Rating, RatingShape> Of = From.Compile();
}
