using System.Text.Json.Nodes;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;

namespace EduPro.Api.Features.Accounts;

/// <summary>How the web client in use speaks of accounts.</summary>
internal static class AccountsV1
{
    public static readonly Dialect Login = new Dialect().Accepts("email", "username");

    /// <summary>The client asks for the new password once.</summary>
    public static readonly Dialect ConfirmPasswordReset = new Dialect()
        .Accepts("new_password", "new_password1")
        .Accepts(fields =>
        {
            if (fields.SentName("new_password1") == "new_password")
                fields.Copy("new_password1", "new_password2");
        });

    public static readonly Dialect TeacherProfile = new Dialect().Adds<TeacherProfile>(AddToTeacher, TeacherFields);

    public static readonly Dialect UpdateTeacherProfile = AcceptsProfile()
        .Accepts("experiance", "experience_years")
        .Adds<TeacherProfile>(AddToTeacher, TeacherFields);

    public static readonly Dialect StudentProfile = new Dialect()
        .Adds<StudentProfile>(AddToStudent, StudentFields)
        .Adds<StudentOfTeacher>(AddToStudent, StudentFields);

    public static readonly Dialect UpdateStudentProfile = AcceptsProfile()
        .Adds<StudentProfile>(AddToStudent, StudentFields);

    private const string TeacherFields = """
        {
          "profile_picture": "avatar",
          "experiance": "experience_years",
          "achievements": { "type": "array", "items": { "type": "string" } },
          "user": {
            "id": "id",
            "first_name": "first_name",
            "last_name": "last_name",
            "username": "username",
            "email?": "email",
            "phone?": "phone"
          }
        }
        """;

    private const string StudentFields = """
        {
          "student": {
            "id": "id",
            "full_name": "full_name",
            "bio": "bio",
            "date_of_birth": "date_of_birth",
            "address": "address",
            "country": "country",
            "city": "city",
            "gender": "gender",
            "profile_picture": "avatar",
            "user": {
              "id": "id",
              "username": "username",
              "slug": "slug",
              "email": "email",
              "phone": "phone",
              "parent_phone": "parent_phone",
              "first_name": "first_name",
              "last_name": "last_name",
              "avatar": "avatar",
              "created_at": "created_at"
            }
          }
        }
        """;

    private static Dialect AcceptsProfile() =>
        new Dialect()
            .Accepts("profile_picture", "avatar")
            .Accepts(SplitFullName, """{ "full_name?": { "type": "string", "maxLength": 301 } }""");

    /// <summary>The client knows one name; its first word is the first name.</summary>
    private static void SplitFullName(RequestFields fields)
    {
        if (fields.Text("full_name")?.Trim() is not { } name || fields.Has("first_name") || fields.Has("last_name"))
            return;
        var words = name.Split(' ', 2, StringSplitOptions.TrimEntries);
        fields.Set("first_name", words[0]);
        fields.Set("last_name", words.Length > 1 ? words[1] : "");
    }

    private static void AddToTeacher(TeacherProfile profile, JsonObject json)
    {
        json["profile_picture"] = json["avatar"]?.DeepClone();
        json["experiance"] = json["experience_years"]?.DeepClone();
        json["user"] = Part(json, "id", "first_name", "last_name", "username", "email", "phone");
        json["achievements"] = new JsonArray();
    }

    private static void AddToStudent(StudentProfile profile, JsonObject json)
    {
        var student = Part(json, "id", "full_name", "bio", "date_of_birth", "address", "country", "city", "gender");
        student["profile_picture"] = json["avatar"]?.DeepClone();
        student["user"] = Part(
            json,
            "id",
            "username",
            "slug",
            "email",
            "phone",
            "parent_phone",
            "first_name",
            "last_name",
            "avatar",
            "created_at"
        );
        json["student"] = student;
    }

    private static JsonObject Part(JsonObject json, params string[] names) =>
        new(names.Where(json.ContainsKey).Select(name => KeyValuePair.Create(name, json[name]?.DeepClone())));
}
