using System.Text.Json.Serialization;

namespace EduPro.Api.Features.Accounts;

[JsonSerializable(typeof(RegisterTeacher.Response), TypeInfoPropertyName = "RegisterTeacherResponse")]
[JsonSerializable(typeof(RegisterStudent.Response), TypeInfoPropertyName = "RegisterStudentResponse")]
[JsonSerializable(typeof(Login.Response), TypeInfoPropertyName = "LoginResponse")]
internal sealed partial class AccountsJson : JsonSerializerContext;
