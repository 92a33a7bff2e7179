using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

internal static class Login
{
    public sealed class Request
    {
        public string? Username { get; init; }

        /// <summary>Accepted in place of <see cref="Username"/>.</summary>
        public string? Email { get; init; }

        [KeepBlanks]
        public string? Password { get; init; }

        public string? Name => string.IsNullOrEmpty(Username) ? Email : Username;
    }

    public sealed record Response(string Access, string Refresh, LoggedIn User);

    public sealed record LoggedIn(Guid Id, string Username, string Email, UserType UserType);

    public static async Task<IResult> AsTeacher(
        Body<Request> body,
        EduProDb db,
        PasswordHashing passwords,
        SignIn signIn,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        if (string.IsNullOrEmpty(body.Value.Name) || string.IsNullOrEmpty(body.Value.Password))
            return Problems.CredentialsRequired;
        var key = body.Value.Name.ToLowerInvariant();
        var user = await db.Users.FirstOrDefaultAsync(
            u => (u.UsernameKey == key || u.EmailKey == key) && u.Type != UserType.Student && u.IsActive,
            ct
        );
        var matches = await passwords.Verify(body.Value.Password, user?.PasswordHash, ct);
        if (matches is null)
            return PasswordHashing.Busy;
        if (user is null || matches is false)
            return Problems.UserNotFound;
        var tokens = signIn.Open(user);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(
            new Response(tokens.Access, tokens.Refresh, new LoggedIn(user.Id, user.Username, user.Email, user.Type))
        );
    }
}
