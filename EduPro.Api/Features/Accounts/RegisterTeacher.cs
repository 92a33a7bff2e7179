using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Accounts;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EduPro.Api.Features.Accounts;

internal static class RegisterTeacher
{
    public sealed class Request
    {
        [MaxLength(150)]
        public required string FirstName { get; init; }

        [MaxLength(150)]
        public required string LastName { get; init; }

        [MaxLength(150)]
        public required string Username { get; init; }

        [MaxLength(254)]
        public required string Email { get; init; }

        public required string Phone { get; init; }

        [KeepBlanks, MaxLength(128)]
        public required string Password1 { get; init; }

        [KeepBlanks, MaxLength(128)]
        public required string Password2 { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(EduProDb db)
        {
            RuleFor(r => r.Username).MinimumLength(5).WithMessage("Username must be at least 5 characters long.");
            RuleFor(r => r.Email).EmailAddress().WithMessage("Enter a valid email address.");
            RuleFor(r => r.Phone).Matches("^[0-9]+$").WithMessage("Phone must be a number.");
            RuleFor(r => r.Password1)
                .MinimumLength(8)
                .WithMessage("This password is too short. It must contain at least 8 characters.");
            RuleFor(r => r.Password2).Equal(r => r.Password1).WithMessage("Passwords don't match.");
            RuleFor(r => r)
                .CustomAsync(
                    async (request, context, ct) =>
                    {
                        var username = request.Username?.ToLowerInvariant();
                        var email = request.Email?.ToLowerInvariant();
                        var taken = await db
                            .Users.Where(u =>
                                u.UsernameKey == username || u.EmailKey == email || u.Phone == request.Phone
                            )
                            .Select(u => new
                            {
                                Username = u.UsernameKey == username,
                                Email = u.EmailKey == email,
                                Phone = u.Phone == request.Phone,
                            })
                            .ToListAsync(ct);
                        if (taken.Any(t => t.Username))
                            context.AddFailure(nameof(Request.Username), "Username already exists.");
                        if (taken.Any(t => t.Email))
                            context.AddFailure(nameof(Request.Email), "Email already exists.");
                        if (taken.Any(t => t.Phone))
                            context.AddFailure(nameof(Request.Phone), "Phone already exists.");
                    }
                );
        }
    }

    public sealed record Response(string Message, Registered User);

    public sealed record Registered(
        Guid Id,
        string Email,
        string? Phone,
        string Username,
        UserType UserType,
        string Slug,
        string? Avatar,
        string? Logo
    );

    public static async Task<IResult> Handle(
        Body<Request> body,
        EduProDb db,
        PasswordHashing passwords,
        MediaUrls media,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var request = body.Value;
        if (await passwords.Create(request.Password1, ct) is not { } hash)
            return PasswordHashing.Busy;
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var user = new User
        {
            Id = id,
            Type = UserType.Teacher,
            Username = request.Username,
            Email = request.Email,
            Phone = request.Phone,
            FirstName = request.FirstName,
            LastName = request.LastName,
            Slug = request.Username.ToLowerInvariant(),
            PasswordHash = hash,
            CreatedAt = now,
            Teacher = new Teacher { Id = id, UpdatedAt = now },
        };
        db.Users.Add(user);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (Taken(e) is { } taken)
        {
            return taken;
        }
        return TypedResults.Created(
            (string?)null,
            new Response(
                "User created successfully",
                new Registered(
                    user.Id,
                    user.Email,
                    user.Phone,
                    user.Username,
                    user.Type,
                    user.Slug,
                    media.Of(user.Avatar),
                    media.Of(user.Teacher.Logo)
                )
            )
        );
    }

    /// <summary>The fault of a name that another request took between our look and our write.</summary>
    private static ValidationProblem? Taken(DbUpdateException exception) =>
        exception.InnerException is not PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation
            ? null
            : violation.ConstraintName switch
            {
                "ix_users_email_key" => ValidationProblem.On("email", "Email already exists."),
                "ix_users_phone" => ValidationProblem.On("phone", "Phone already exists."),
                _ => ValidationProblem.On("username", "Username already exists."),
            };
}
