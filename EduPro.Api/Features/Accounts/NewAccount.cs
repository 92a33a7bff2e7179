using System.Text.RegularExpressions;
using EduPro.Api.Http.Binding;
using EduPro.Domain.Passwords;
using FluentValidation;

namespace EduPro.Api.Features.Accounts;

/// <summary>What teachers and students both tell when they register.</summary>
internal abstract class NewAccount
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

    public AvatarPicture? Avatar { get; init; }
}

internal sealed partial class NewAccountRules : AbstractValidator<NewAccount>
{
    public NewAccountRules(AccountNames names)
    {
        RuleFor(r => r.Username)
            .MinimumLength(5)
            .WithMessage("Username must be at least 5 characters long.")
            .Matches(Username)
            .WithMessage(
                "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
            );
        RuleFor(r => r.Email).Matches(EmailAddress).WithMessage("Enter a valid email address.");
        RuleFor(r => r.Phone)
            .Cascade(CascadeMode.Stop)
            .Matches(Digits)
            .WithMessage("Phone must be a number.")
            .MinimumLength(7)
            .WithMessage("Ensure this field has at least 7 characters.")
            .MaximumLength(15)
            .WithMessage("Ensure this field has no more than 15 characters.");
        RuleFor(r => r.Password1)
            .Custom(
                (password, context) =>
                {
                    if (password is null)
                        return;
                    var r = context.InstanceToValidate;
                    var owner = new PasswordOwner(r.Username, r.FirstName, r.LastName, r.Email);
                    foreach (var fault in PasswordRules.Faults(password, owner, CommonPasswords.All))
                        context.AddFailure(fault);
                }
            );
        RuleFor(r => r.Password2)
            .Equal(r => r.Password1)
            .WithMessage(PasswordRules.RegistrationMismatch)
            .When(r => r.Password1 is not null);
        RuleFor(r => r)
            .CustomAsync(
                async (r, context, ct) =>
                {
                    foreach (var (field, message) in await names.Taken(r.Username, r.Email, r.Phone, ct))
                        context.AddFailure(field, message);
                }
            );
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.@+-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Username { get; }

    [GeneratedRegex(@"\A[0-9]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits { get; }

    /// <summary>Django's EmailValidator, without its quoted local parts and literal addresses.</summary>
    [GeneratedRegex(
        @"\A[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex EmailAddress { get; }
}
