using EduPro.Domain.Accounts;

namespace EduPro.Api.Features.Accounts;

/// <summary>How people are found by what a path or a form calls them.</summary>
internal static class People
{
    /// <summary>The teacher of this username, in any case; none for an account that was switched off.</summary>
    public static IQueryable<Teacher> Named(this IQueryable<Teacher> teachers, string username)
    {
        var key = username.ToLowerInvariant();
        return teachers.Where(t => t.User.UsernameKey == key && t.User.IsActive);
    }
}
