using EduPro.Api.Http;

namespace EduPro.Api.Features.Accounts;

/// <summary>Chapter 1: accounts, sessions and profiles.</summary>
internal static class AccountsEndpoints
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PasswordHashing>();
        builder.Services.AddScoped<AccountNames>();
        builder.Services.AddScoped<Registration>();
        builder.Services.AddScoped<PasswordLogin>();
        builder.Services.AddScoped<SignIn>();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, AccountsJson.Default)
        );
    }

    public static void MapAccounts(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("").WithTags("Accounts");
        accounts
            .MapPost("teacher/teacher-register/", RegisterTeacher.Handle)
            .AllowAnonymous()
            .WithSummary("Register a teacher")
            .Produces<RegisterTeacher.Response>(201);
        accounts
            .MapPost("student/student-register/{teacher_username?}/", RegisterStudent.Handle)
            .AllowAnonymous()
            .WithSummary("Register a student under a teacher")
            .Produces<RegisterStudent.Response>(201);
        accounts
            .MapPost("teacher/login/", Login.AsTeacher)
            .AllowAnonymous()
            .WithSummary("Log in as a teacher or an admin")
            .InV1(AccountsV1.Login)
            .Produces<Login.Response>();
        accounts
            .MapPost("student/login/{teacher_username}/", Login.AsStudent)
            .AllowAnonymous()
            .WithSummary("Log in as a student of a teacher")
            .InV1(AccountsV1.Login)
            .Produces<Login.Response>();
    }
}
