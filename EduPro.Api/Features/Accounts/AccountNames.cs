using EduPro.Data;
using EduPro.Domain.Text;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>Which of the names that must be unique are taken.</summary>
internal sealed class AccountNames(EduProDb db)
{
    private const int SlugTries = 10;

    private string[] takenSlugs = [];

    /// <summary>
    /// The fields whose value somebody has already, with the catalogue's message. Looks at the slugs of the username, too.
    /// </summary>
    public async Task<IReadOnlyList<(string Field, string Message)>> Taken(
        string? username,
        string? email,
        string? phone,
        CancellationToken ct
    )
    {
        var usernameKey = username?.ToLowerInvariant();
        var emailKey = email?.ToLowerInvariant();
        string[] slugs = username is null ? [] : [.. Candidates(username)];
        // A username may look like an email address, but never be another's: both are names to log in with.
        var taken = await db
            .Users.Where(u =>
                u.UsernameKey == usernameKey
                || u.EmailKey == usernameKey
                || u.EmailKey == emailKey
                || u.Phone == phone
                || slugs.Contains(u.Slug)
            )
            .Select(u => new
            {
                Username = u.UsernameKey == usernameKey || u.EmailKey == usernameKey,
                Email = u.EmailKey == emailKey,
                Phone = u.Phone == phone,
                u.Slug,
            })
            .ToListAsync(ct);
        takenSlugs = [.. taken.Select(t => t.Slug)];
        var faults = new List<(string, string)>();
        if (username is not null && taken.Any(t => t.Username))
            faults.Add((nameof(NewAccount.Username), "Username already exists."));
        if (email is not null && taken.Any(t => t.Email))
            faults.Add((nameof(NewAccount.Email), "Email already exists."));
        if (phone is not null && taken.Any(t => t.Phone))
            faults.Add((nameof(NewAccount.Phone), "Phone already exists."));
        return faults;
    }

    /// <summary>A slug of the username that was free when names were looked at; another request may still take it.</summary>
    public string FreeSlug(string username, Guid id) =>
        Candidates(username).Except(takenSlugs).FirstOrDefault() ?? $"{Candidates(username).First()}-{id:n}";

    private static IEnumerable<string> Candidates(string username) => Slugs.Candidates(username).Take(SlugTries);
}
