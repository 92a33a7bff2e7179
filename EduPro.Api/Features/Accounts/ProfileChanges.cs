using System.Text.RegularExpressions;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Accounts;
using EduPro.Media;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>What every person may change of the own profile.</summary>
internal abstract class ProfileChanges
{
    [MaxLength(150)]
    public Optional<string> FirstName { get; init; }

    [MaxLength(150), AllowBlank]
    public Optional<string> LastName { get; init; }
    public Optional<AvatarPicture?> Avatar { get; init; }
    public Optional<string?> Bio { get; init; }
    public Optional<DateOnly?> DateOfBirth { get; init; }

    [MaxLength(255)]
    public Optional<string?> Address { get; init; }

    [MaxLength(100)]
    public Optional<string?> Country { get; init; }

    [MaxLength(100)]
    public Optional<string?> City { get; init; }

    [MaxLength(20)]
    public Optional<string?> Gender { get; init; }

    public async Task Apply(User user, MediaStore store, CancellationToken ct)
    {
        if (Avatar.IsPresent)
            user.Avatar = await store.Save(Avatar.Value, ct);
        user.FirstName = FirstName.Or(user.FirstName);
        user.LastName = LastName.Or(user.LastName);
        user.Bio = Bio.Or(user.Bio);
        user.DateOfBirth = DateOfBirth.Or(user.DateOfBirth);
        user.Address = Address.Or(user.Address);
        user.Country = Country.Or(user.Country);
        user.City = City.Or(user.City);
        user.Gender = Gender.Or(user.Gender);
    }
}

internal static partial class UpdateTeacherProfile
{
    public sealed class Request : ProfileChanges
    {
        public Optional<LogoPicture?> Logo { get; init; }

        [MaxLength(255)]
        public Optional<string?> Specialization { get; init; }

        [MaxLength(255)]
        public Optional<string?> Institution { get; init; }
        public Optional<int?> ExperienceYears { get; init; }

        [MaxLength(64)]
        public Optional<string?> PrimaryColor { get; init; }

        [MaxLength(64)]
        public Optional<string?> PrimaryColorLight { get; init; }

        [MaxLength(64)]
        public Optional<string?> PrimaryColorDark { get; init; }

        [MaxLength(64)]
        public Optional<string?> SecondaryColor { get; init; }

        [MaxLength(64)]
        public Optional<string?> AccentColor { get; init; }

        [MaxLength(64)]
        public Optional<string?> BackgroundColor { get; init; }
    }

    internal sealed partial class Validator : AbstractValidator<Request>
    {
        private const int LongestCareer = 100;

        public Validator()
        {
            RuleFor(r => r.ExperienceYears.Value)
                .GreaterThanOrEqualTo(0)
                .WithMessage("Ensure this value is greater than or equal to 0.")
                .LessThanOrEqualTo(LongestCareer)
                .WithMessage($"Ensure this value is less than or equal to {LongestCareer}.")
                .When(r => r.ExperienceYears.IsPresent);
            RuleFor(r => r.PrimaryColor.Value).Matches(Color).WithMessage(InvalidColor);
            RuleFor(r => r.PrimaryColorLight.Value).Matches(Color).WithMessage(InvalidColor);
            RuleFor(r => r.PrimaryColorDark.Value).Matches(Color).WithMessage(InvalidColor);
            RuleFor(r => r.SecondaryColor.Value).Matches(Color).WithMessage(InvalidColor);
            RuleFor(r => r.AccentColor.Value).Matches(Color).WithMessage(InvalidColor);
            RuleFor(r => r.BackgroundColor.Value).Matches(Color).WithMessage(InvalidColor);
        }

        private const string InvalidColor = "Enter a valid value.";

        /// <summary>A CSS colour by name, number or function: nothing that could leave its place in a stylesheet.</summary>
        [GeneratedRegex(
            @"\A(#[0-9A-Fa-f]{3,8}|[A-Za-z]*(\([0-9A-Za-z.,%/ +-]*\))?)\z",
            RegexOptions.None,
            matchTimeoutMilliseconds: 1000
        )]
        private static partial Regex Color { get; }
    }

    public static async Task<IResult> Handle(
        CurrentUser caller,
        Body<Request> body,
        EduProDb db,
        MediaStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var changes = body.Value;
        var teacher = await db.Teachers.Include(t => t.User).SingleAsync(t => t.Id == caller.Id, ct);
        await changes.Apply(teacher.User, store, ct);
        if (changes.Logo.IsPresent)
            teacher.Logo = await store.Save(changes.Logo.Value, ct);
        teacher.Specialization = changes.Specialization.Or(teacher.Specialization);
        teacher.Institution = changes.Institution.Or(teacher.Institution);
        teacher.ExperienceYears = changes.ExperienceYears.Or(teacher.ExperienceYears);
        teacher.PrimaryColor = changes.PrimaryColor.Or(teacher.PrimaryColor);
        teacher.PrimaryColorLight = changes.PrimaryColorLight.Or(teacher.PrimaryColorLight);
        teacher.PrimaryColorDark = changes.PrimaryColorDark.Or(teacher.PrimaryColorDark);
        teacher.SecondaryColor = changes.SecondaryColor.Or(teacher.SecondaryColor);
        teacher.AccentColor = changes.AccentColor.Or(teacher.AccentColor);
        teacher.BackgroundColor = changes.BackgroundColor.Or(teacher.BackgroundColor);
        teacher.UpdatedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(ct);
        var profile = await db
            .Teachers.Where(t => t.Id == caller.Id)
            .Select(TeacherProfile.From(isOwn: true))
            .SingleAsync(ct);
        return TypedResults.Ok(profile with { Message = "Profile updated successfully" });
    }
}

internal static class UpdateStudentProfile
{
    public sealed class Request : ProfileChanges
    {
        [MaxLength(100)]
        public Optional<string?> GradeLevel { get; init; }

        [MaxLength(255)]
        public Optional<string?> SchoolName { get; init; }
    }

    public static async Task<IResult> Handle(
        CurrentUser caller,
        Body<Request> body,
        EduProDb db,
        MediaStore store,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var changes = body.Value;
        var student = await db.Students.Include(s => s.User).SingleAsync(s => s.Id == caller.Id, ct);
        await changes.Apply(student.User, store, ct);
        student.GradeLevel = changes.GradeLevel.Or(student.GradeLevel);
        student.SchoolName = changes.SchoolName.Or(student.SchoolName);
        await db.SaveChangesAsync(ct);
        var profile = await db.Students.Where(s => s.Id == caller.Id).Select(StudentProfile.From).SingleAsync(ct);
        return TypedResults.Ok(profile with { Message = "Profile updated successfully" });
    }
}
