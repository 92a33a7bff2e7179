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
        builder.Services.AddSingleton<LoginMetrics>();
        builder.Services.AddSingleton(_ => GetTeacherProfile.Loader());
        builder.Services.AddScoped<SignIn>();
        builder.Services.AddScoped<RefreshTokens>();
        builder.Services.AddScoped<OneTimePasswords>();
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
            .LimitedAsSignIn()
            .WithSummary("Register a teacher")
            .Produces<RegisterTeacher.Response>(201);
        accounts
            .MapPost("student/student-register/{teacher_username}/", RegisterStudent.Handle)
            .AllowAnonymous()
            .LimitedAsSignIn()
            .WithSummary("Register a student under a teacher")
            .Produces<RegisterStudent.Response>(201);
        accounts
            .MapPost("student/student-register/", RegisterStudent.WithoutTeacher)
            .AllowAnonymous()
            .LimitedAsSignIn()
            .WithSummary("Tell that a student's teacher is missing")
            .ExcludeFromDescription();

        var sessions = api.MapGroup("").WithTags("Accounts").ChangesNothingPublic();
        sessions
            .MapPost("teacher/login/", Login.AsTeacher)
            .AllowAnonymous()
            .LimitedAsSignIn()
            .WithSummary("Log in as a teacher or an admin")
            .Refuses(Problems.CredentialsRequired, Problems.UserNotFound)
            .InV1(AccountsV1.Login)
            .Produces<Login.Response>();
        sessions
            .MapPost("student/login/{teacher_username}/", Login.AsStudent)
            .AllowAnonymous()
            .LimitedAsSignIn()
            .WithSummary("Log in as a student of a teacher")
            .Refuses(
                Problems.CredentialsRequired,
                Problems.UserNotFound,
                Problems.AccountBlocked,
                Problems.NotRegistered,
                Problems.TeacherNotFound
            )
            .InV1(AccountsV1.Login)
            .Produces<Login.Response>();
        sessions
            .MapPost("token/refresh/", RefreshToken.OfAnybody)
            .AllowAnonymous()
            .WithSummary("Get a new access token")
            .Refuses(Problems.InvalidRefreshToken)
            .Produces<RefreshToken.Response>();
        sessions
            .MapPost("student/refresh/{teacher_username}/", RefreshToken.OfStudent)
            .AllowAnonymous()
            .WithSummary("Get a new access token as a student of a teacher")
            .Refuses(Problems.InvalidRefreshToken, Problems.AccountBlocked, Problems.TeacherNotFound)
            .Produces<RefreshToken.Response>();
        sessions
            .MapPost("logout/", Logout.Handle)
            .AllowAnonymous()
            .WithSummary("End the session")
            .Refuses(Problems.AuthenticationRequired)
            .Produces<Logout.Response>();
        sessions
            .MapPost("change-password/", ChangePassword.Handle)
            .ForUsers()
            .LimitedAsSignIn()
            .WithSummary("Change the password and end the other sessions")
            .Produces<ChangePassword.Response>();
        sessions
            .MapPost("password-reset/request/", RequestPasswordReset.Handle)
            .AllowAnonymous()
            .LimitedAsSignIn()
            .WithSummary("Mail a one-time password")
            .Produces<RequestPasswordReset.Response>();
        sessions
            .MapPost("password-reset/verify/", VerifyPasswordReset.Handle)
            .AllowAnonymous()
            .LimitedAsSignIn()
            .WithSummary("Check a one-time password")
            .Refuses(Problems.OtpExpired)
            .Produces<VerifyPasswordReset.Response>();
        sessions
            .MapPost("password-reset/confirm/", ConfirmPasswordReset.Handle)
            .AllowAnonymous()
            .LimitedAsSignIn()
            .WithSummary("Set a new password by a one-time password")
            .Refuses(Problems.OtpExpired)
            .InV1(AccountsV1.ConfirmPasswordReset)
            .Produces<ConfirmPasswordReset.Response>();

        var profiles = api.MapGroup("").WithTags("Profiles");
        profiles
            .MapGet("teacher/teacher-profile/", GetTeacherProfile.Own)
            .ForTeachers()
            .WithSummary("Show one's own profile as a teacher")
            .InV1(AccountsV1.TeacherProfile)
            .Produces<TeacherProfile>();
        profiles
            .MapGet("teacher/teacher-profile/{teacher_username}/", GetTeacherProfile.Public)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("Show a teacher's public profile")
            .Refuses(Problems.TeacherNotFound)
            .InV1(AccountsV1.TeacherProfile)
            .Produces<TeacherProfile>();
        profiles
            .MapMethods("teacher/update-profile/", Updates, UpdateTeacherProfile.Handle)
            .ForTeachers(denied: Problems.NotYourProfile)
            .WithSummary("Change one's own profile as a teacher")
            .InV1(AccountsV1.UpdateTeacherProfile)
            .Produces<TeacherProfile>();
        profiles
            .MapGet("student/student-profile/{teacher_username}/", GetStudentProfile.Own)
            .ForStudents()
            .WithSummary("Show one's own profile as a student of a teacher")
            .Refuses(Problems.TeacherNotFound, Problems.AccountBlocked, Problems.NotRegistered)
            .InV1(AccountsV1.StudentProfile)
            .Produces<StudentProfile>();
        profiles
            .MapMethods("student/update-profile/", Updates, UpdateStudentProfile.Handle)
            .ForStudents(denied: Problems.NotYourProfile)
            .WithSummary("Change one's own profile as a student")
            .InV1(AccountsV1.UpdateStudentProfile)
            .Produces<StudentProfile>();

        var students = api.MapGroup("").WithTags("Students");
        students
            .MapPost("join-teacher/{teacher_username}/", JoinTeacher.Handle)
            .ForStudents()
            .WithSummary("Join a teacher")
            .Refuses(Problems.TeacherNotFound, Problems.AccountBlocked)
            .Produces<JoinTeacher.Response>(201)
            .Produces<JoinTeacher.Response>();
        students
            .MapGet("teacher/get_students/", ListStudents.Handle)
            .ForTeachers(denied: Problems.StudentsDenied)
            .ChallengedBy(Problems.StudentsChallenge)
            .WithSummary("List one's students")
            .Produces<Envelope<ListStudents.Row>>();
        students
            .MapGet("teacher/get-student-profile/{student_id}/", GetStudentProfile.OfStudent)
            .ForTeachers()
            .WithSummary("Show a student's profile to a teacher")
            .Refuses(Problems.StudentNotFound)
            .InV1(AccountsV1.StudentProfile)
            .Produces<StudentOfTeacher>();
        students
            .MapDelete("teacher/students/remove/{student_id}/", RemoveStudent.Handle)
            .ForTeachers()
            .WithSummary("Remove a student")
            .Refuses(Problems.StudentNotFound)
            .Produces<RemoveStudent.Response>();
        students
            .MapMethods("teacher/students/toggle-block/{student_id}/", ["POST", "PATCH"], ToggleBlockStudent.Handle)
            .ForTeachers()
            .WithSummary("Block or unblock a student")
            .Refuses(Problems.StudentNotFound)
            .Produces<ToggleBlockStudent.Response>();
    }

    /// <summary>Both change only what is present.</summary>
    private static readonly string[] Updates = ["PUT", "PATCH"];
}
