using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Accounts;
using EduPro.Media;
using FluentValidation;

namespace EduPro.Api.Features.Accounts;

internal static class RegisterTeacher
{
    public sealed class Request : NewAccount
    {
        public LogoPicture? Logo { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(AccountNames names) => Include(new NewAccountRules(names));
    }

    public sealed record Response(string Message, Registered User);

    public sealed record Registered(
        Guid Id,
        string Email,
        string? Phone,
        string Username,
        UserType UserType,
        string Slug,
        [property: PublicFile] string? Avatar,
        [property: PublicFile] string? Logo
    );

    public static async Task<IResult> Handle(
        Body<Request> body,
        EduProDb db,
        Registration registration,
        MediaStore store,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var logo = await store.Save(body.Value.Logo, ct);
        var (user, refusal) = await registration.Save(
            body.Value,
            UserType.Teacher,
            (user, _) =>
            {
                db.Teachers.Add(
                    new Teacher
                    {
                        Id = user.Id,
                        Logo = logo,
                        UpdatedAt = user.CreatedAt,
                    }
                );
                return Task.CompletedTask;
            },
            ct
        );
        return user is null
            ? refusal!
            : TypedResults.Created(
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
                        user.Avatar,
                        logo
                    )
                )
            );
    }
}
