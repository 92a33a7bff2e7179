using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Accounts;

[JsonSerializable(typeof(RegisterTeacher.Response), TypeInfoPropertyName = "RegisterTeacherResponse")]
[JsonSerializable(typeof(RegisterStudent.Response), TypeInfoPropertyName = "RegisterStudentResponse")]
[JsonSerializable(typeof(Login.Response), TypeInfoPropertyName = "LoginResponse")]
[JsonSerializable(typeof(RefreshToken.Response), TypeInfoPropertyName = "RefreshTokenResponse")]
[JsonSerializable(typeof(Logout.Response), TypeInfoPropertyName = "LogoutResponse")]
[JsonSerializable(typeof(ChangePassword.Response), TypeInfoPropertyName = "ChangePasswordResponse")]
[JsonSerializable(typeof(RequestPasswordReset.Response), TypeInfoPropertyName = "RequestPasswordResetResponse")]
[JsonSerializable(typeof(VerifyPasswordReset.Response), TypeInfoPropertyName = "VerifyPasswordResetResponse")]
[JsonSerializable(typeof(ConfirmPasswordReset.Response), TypeInfoPropertyName = "ConfirmPasswordResetResponse")]
[JsonSerializable(typeof(JoinTeacher.Response), TypeInfoPropertyName = "JoinTeacherResponse")]
[JsonSerializable(typeof(RemoveStudent.Response), TypeInfoPropertyName = "RemoveStudentResponse")]
[JsonSerializable(typeof(ToggleBlockStudent.Response), TypeInfoPropertyName = "ToggleBlockStudentResponse")]
[JsonSerializable(typeof(Envelope<ListStudents.Row>), TypeInfoPropertyName = "StudentsEnvelope")]
[JsonSerializable(typeof(TeacherProfile))]
[JsonSerializable(typeof(StudentProfile))]
[JsonSerializable(typeof(StudentOfTeacher))]
internal sealed partial class AccountsJson : JsonSerializerContext;
