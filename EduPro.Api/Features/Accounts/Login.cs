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

    /// <summary>Teachers, and admins.</summary>
    public static async Task<IResult> AsTeacher(
        Body<Request> body,
        EduProDb db,
        PasswordLogin login,
        CancellationToken ct
    ) =>
        await body.Read(ct)
        ?? await login.Run(body.Value, db.Users.Where(u => u.Type != UserType.Student), teacher: null, ct);

    /// <summary>
    /// Students, each at a teacher of theirs. One whom the teacher removed may log in, to join again; what the teacher
    /// has is closed until then.
    /// </summary>
    public static async Task<IResult> AsStudent(
        string teacher_username,
        Body<Request> body,
        EduProDb db,
        PasswordLogin login,
        CancellationToken ct
    )
    {
        var teacher = await db.Teachers.Named(teacher_username).Select(t => t.Id).FirstOrDefaultAsync(ct);
        if (teacher == Guid.Empty)
            return Problems.TeacherNotFound;
        return await body.Read(ct)
            ?? await login.Run(body.Value, db.Users.Where(u => u.Type == UserType.Student), teacher, ct);
    }
}
