using EduPro.Api.Http;

namespace EduPro.Api.Features.Accounts;

/// <summary>How the web client in use speaks of accounts.</summary>
internal static class AccountsV1
{
    public static readonly Dialect Login = new Dialect().Accepts("email", "username");
}
