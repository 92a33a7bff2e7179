using EduPro.Data;
using EduPro.Domain.Text;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>Which of the names that must be unique are taken.</summary>
internal sealed class AccountNames(EduProDb db)
{
    private const int SlugTries = 10;

    /// <summary>The fields whose value somebody has already, with the catalogue's message.</summary>
    public async Task<IReadOnlyList<(string Field, string Message)>> Taken(
        string? username,
        string? email,
        string? phone,
        CancellationToken ct
    )
    {
        var usernameKey = username?.ToLowerInvariant();
        var emailKey = email?.ToLowerInvariant();
        // A username may look like an email address, but never be another's: both are names to log in with.
        var taken = await db
            .Users.Where(u =>
                u.UsernameKey == usernameKey || u.EmailKey == usernameKey || u.EmailKey == emailKey || u.Phone == phone
            )
            .Select(u => new
            {
                Username = u.UsernameKey == usernameKey || u.EmailKey == usernameKey,
                Email = u.EmailKey == emailKey,
                Phone = u.Phone == phone,
            })
            .ToListAsync(ct);
        var faults = new List<(string, string)>();
        if (username is not null && taken.Any(t => t.Username))
            faults.Add((nameof(NewAccount.Username), "Username already exists."));
        if (email is not null && taken.Any(t => t.Email))
            faults.Add((nameof(NewAccount.Email), "Email already exists."));
        if (phone is not null && taken.Any(t => t.Phone))
            faults.Add((nameof(NewAccount.Phone), "Phone already exists."));
        return faults;
    }

    /// <summary>A slug of the username that is free now; another request may still take it.</summary>
    public async Task<string> FreeSlug(string username, Guid id, CancellationToken ct)
    {
        var candidates = Slugs.Candidates(username).Take(SlugTries).ToList();
        var taken = await db.Users.Where(u => candidates.Contains(u.Slug)).Select(u => u.Slug).ToListAsync(ct);
        return candidates.Except(taken).FirstOrDefault() ?? $"{candidates[0]}-{id:n}";
    }
}
