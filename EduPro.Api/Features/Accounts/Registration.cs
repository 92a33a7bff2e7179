using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Accounts;
using EduPro.Media;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EduPro.Api.Features.Accounts;

/// <summary>Writes a new account, whatever its type.</summary>
internal sealed class Registration(
    EduProDb db,
    AccountNames names,
    PasswordHashing passwords,
    MediaStore media,
    TimeProvider clock
)
{
    private const int SlugRaces = 5;

    /// <summary>
    /// Saves the account, with what <paramref name="alongside"/> adds, in one transaction; or returns why not. Two
    /// requests at once that want the same name end as the 400 that the later one would have got.
    /// </summary>
    public async Task<(User? User, IResult? Refusal)> Save(
        NewAccount request,
        UserType type,
        Func<User, CancellationToken, Task> alongside,
        CancellationToken ct
    )
    {
        if (await passwords.Create(request.Password1, ct) is not { } hash)
            return (null, PasswordHashing.Busy);
        var avatar = await media.Save(request.Avatar, ct);
        for (var race = 0; ; race++)
        {
            try
            {
                var user = await db.InTransaction(
                    async ct =>
                    {
                        var now = clock.GetUtcNow();
                        var id = Guid.CreateVersion7(now);
                        var user = new User
                        {
                            Id = id,
                            Type = type,
                            Username = request.Username,
                            Email = request.Email,
                            Phone = request.Phone,
                            FirstName = request.FirstName,
                            LastName = request.LastName,
                            Slug = names.FreeSlug(request.Username, id),
                            PasswordHash = hash,
                            Avatar = avatar,
                            CreatedAt = now,
                        };
                        db.Users.Add(user);
                        await alongside(user, ct);
                        await db.SaveChangesAsync(ct);
                        return user;
                    },
                    ct
                );
                return (user, null);
            }
            catch (DbUpdateException e)
                when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
            {
                var taken = await names.Taken(request.Username, request.Email, request.Phone, ct);
                if (taken.Count > 0)
                    return (null, ValidationProblem.On(taken));
                if (violation.ConstraintName != "ix_users_slug" || race == SlugRaces)
                    throw;
            }
        }
    }
}
