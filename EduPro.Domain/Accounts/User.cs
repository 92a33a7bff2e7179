namespace EduPro.Domain.Accounts;

/// <summary>What kind of account a person has. On the wire and in the database: the name in lower case.</summary>
public enum UserType
{
    Teacher,
    Student,
    Admin,
}

/// <summary>
/// A person who can log in. A teacher's or student's profile shares the person's id. Texts are stored as given;
/// username and email are unique ignoring case, the phone number is 7 to 15 digits and unique.
/// </summary>
public sealed class User
{
    public required Guid Id { get; init; }
    public required UserType Type { get; init; }
    public required string Username { get; set; }

    /// <summary>The username in lower case, made by the database; unique.</summary>
    public string UsernameKey { get; private set; } = null!;
    public required string Email { get; set; }

    /// <summary>The email address in lower case, made by the database; unique.</summary>
    public string EmailKey { get; private set; } = null!;

    public required string? Phone { get; set; }
    public required string FirstName { get; set; }
    public required string LastName { get; set; }

    /// <summary>The slug of the username, unique.</summary>
    public required string Slug { get; set; }

    /// <summary>An encoded Argon2id hash with its parameters and salt.</summary>
    public required string PasswordHash { get; set; }

    /// <summary>Name of the picture's blob, null for none.</summary>
    public string? Avatar { get; set; }

    public string? Bio { get; set; }
    public DateOnly? DateOfBirth { get; set; }
    public string? Address { get; set; }
    public string? Country { get; set; }
    public string? City { get; set; }
    public string? Gender { get; set; }
    public bool IsActive { get; set; } = true;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastLogin { get; set; }

    /// <summary>Failed password logins in a row.</summary>
    public int FailedLogins { get; set; }

    /// <summary>Until when password logins are refused, null when they are not.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    public Teacher? Teacher { get; init; }
    public Student? Student { get; init; }
}

/// <summary>A teacher's public face. Counters are kept in the transactions that change what they count.</summary>
public sealed class Teacher
{
    /// <summary>The person's id.</summary>
    public required Guid Id { get; init; }

    public User User { get; init; } = null!;

    /// <summary>Name of the logo's blob, null for none.</summary>
    public string? Logo { get; set; }

    public string? Specialization { get; set; }
    public string? Institution { get; set; }
    public int? ExperienceYears { get; set; }

    /// <summary>Colours of the teacher's site, as CSS colours.</summary>
    public string? PrimaryColor { get; set; }
    public string? PrimaryColorLight { get; set; }
    public string? PrimaryColorDark { get; set; }
    public string? SecondaryColor { get; set; }
    public string? AccentColor { get; set; }
    public string? BackgroundColor { get; set; }

    /// <summary>Students with this teacher now, blocked ones included, removed ones not.</summary>
    public int StudentCount { get; set; }

    public int CourseCount { get; set; }
    public int RatingCount { get; set; }
    public int RatingSum { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>What a student tells beside the account.</summary>
public sealed class Student
{
    /// <summary>The person's id.</summary>
    public required Guid Id { get; init; }

    public User User { get; init; } = null!;
    public string? ParentPhone { get; set; }
    public string? GradeLevel { get; set; }
    public string? SchoolName { get; set; }
}
