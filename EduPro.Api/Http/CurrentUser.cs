using System.Reflection;
using System.Security.Claims;
using EduPro.Domain.Accounts;

namespace EduPro.Api.Http;

/// <summary>Who calls. An anonymous caller has the empty id and no type.</summary>
internal sealed record CurrentUser(Guid Id, UserType? Type, Guid SessionId) : IBindableFromHttpContext<CurrentUser>
{
    public static readonly CurrentUser Anonymous = new(Guid.Empty, null, Guid.Empty);

    public bool IsStranger => Type is null;

    public bool IsTeacher => Type is UserType.Teacher;

    public bool IsStudent => Type is UserType.Student;

    public static ValueTask<CurrentUser?> BindAsync(HttpContext context, ParameterInfo parameter) => new(Of(context));

    public static CurrentUser Of(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true }
            ? new CurrentUser(
                Guid.Parse(context.User.FindFirstValue(TokenClaims.Subject)!),
                Enum.Parse<UserType>(context.User.FindFirstValue(TokenClaims.UserType)!, ignoreCase: true),
                Guid.Parse(context.User.FindFirstValue(TokenClaims.Session)!)
            )
            : Anonymous;
}
