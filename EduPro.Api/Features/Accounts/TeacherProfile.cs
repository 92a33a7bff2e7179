using System.Linq.Expressions;
using System.Text.Json.Serialization;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>A teacher's profile: whole for the teacher, without address and phone number for everybody else.</summary>
internal sealed record TeacherProfile
{
    /// <summary>Only in the answer to a change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
    public required Guid Id { get; init; }
    public required string Username { get; init; }

    /// <summary>By which the profile was asked for. Not shown.</summary>
    [JsonIgnore]
    public string UsernameKey { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? Email { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? Phone { get; init; }
    public required string FirstName { get; init; }
    public required string LastName { get; init; }
    public required string FullName { get; init; }

    [PublicFile]
    public required string? Avatar { get; init; }

    [PublicFile]
    public required string? Logo { get; init; }
    public required string? Bio { get; init; }
    public required string? Specialization { get; init; }
    public required string? Institution { get; init; }
    public required int? ExperienceYears { get; init; }
    public required DateOnly? DateOfBirth { get; init; }
    public required string? Address { get; init; }
    public required string? Country { get; init; }
    public required string? City { get; init; }
    public required string? Gender { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required int NumberOfCourses { get; init; }
    public required int NumberOfStudents { get; init; }

    /// <summary>The mean of all ratings of the teacher's courses, 0 without any.</summary>
    public required double Rating { get; init; }
    public required string? PrimaryColor { get; init; }
    public required string? PrimaryColorLight { get; init; }
    public required string? PrimaryColorDark { get; init; }
    public required string? SecondaryColor { get; init; }
    public required string? AccentColor { get; init; }
    public required string? BackgroundColor { get; init; }

    /// <param name="isOwn">Whether the teacher asks.</param>
    public static Expression<Func<Teacher, TeacherProfile>> From(bool isOwn) =>
        t => new TeacherProfile
        {
            Id = t.Id,
            Username = t.User.Username,
            UsernameKey = t.User.UsernameKey,
            Email = isOwn ? t.User.Email : null,
            Phone = isOwn ? t.User.Phone : null,
            FirstName = t.User.FirstName,
            LastName = t.User.LastName,
            FullName = (t.User.FirstName + " " + t.User.LastName).Trim(),
            Avatar = t.User.Avatar,
            Logo = t.Logo,
            Bio = t.User.Bio,
            Specialization = t.Specialization,
            Institution = t.Institution,
            ExperienceYears = t.ExperienceYears,
            DateOfBirth = t.User.DateOfBirth,
            Address = t.User.Address,
            Country = t.User.Country,
            City = t.User.City,
            Gender = t.User.Gender,
            CreatedAt = t.User.CreatedAt,
            NumberOfCourses = t.CourseCount,
            NumberOfStudents = t.StudentCount,
            Rating = t.RatingCount == 0 ? 0 : (double)Math.Round((decimal)t.RatingSum / t.RatingCount, 2),
            PrimaryColor = t.PrimaryColor,
            PrimaryColorLight = t.PrimaryColorLight,
            PrimaryColorDark = t.PrimaryColorDark,
            SecondaryColor = t.SecondaryColor,
            AccentColor = t.AccentColor,
            BackgroundColor = t.BackgroundColor,
        };
}

internal static class GetTeacherProfile
{
    private static readonly Expression<Func<Teacher, TeacherProfile>> ForEverybody = TeacherProfile.From(isOwn: false);

    /// <summary>Reads what everybody sees, by the key of the username.</summary>
    public static BatchLoader<string, TeacherProfile> Loader() =>
        new(
            EF.CompileAsyncQuery(
                (EduProDb db, string[] usernameKeys) =>
                    db
                        .Teachers.Where(t => usernameKeys.Contains(t.User.UsernameKey) && t.User.IsActive)
                        .Select(ForEverybody)
            ),
            profile => profile.UsernameKey
        );

    public static async Task<IResult> Own(CurrentUser caller, EduProDb db, CancellationToken ct) =>
        TypedResults.Ok(
            await db.Teachers.Where(t => t.Id == caller.Id).Select(TeacherProfile.From(isOwn: true)).SingleAsync(ct)
        );

    public static async Task<IResult> Public(
        string teacher_username,
        BatchLoader<string, TeacherProfile> profiles,
        EduProDb db,
        CancellationToken ct
    ) =>
        await profiles.Get(db, teacher_username.ToLowerInvariant(), ct) is [var profile]
            ? TypedResults.Ok(profile)
            : Problems.TeacherNotFound;
}
