using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>What a field's value looks like, by the field's name or else by its format.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, JsonNode> ByName = new()
    {
        ["access"] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
        ["access_type"] = "full",
        ["address"] = "12 St James's Square",
        ["allowed_countries"] = new JsonArray("GB", "LB"),
        ["assessment_title"] = "Primes",
        ["available_until"] = "2026-12-23T06:16:00.123456Z",
        ["bio"] = "Counts.",
        ["city"] = "London",
        ["code"] = "WELCOME25",
        ["comment"] = "Clear and patient.",
        ["country"] = "GB",
        ["coupon_code"] = "WELCOME25",
        ["course_name"] = "Number theory",
        ["description"] = "Numbers and what they are good for.",
        ["detail"] = "You are already enrolled in this course.",
        ["discount_percentage"] = 25,
        ["duration_minutes"] = 30,
        ["email"] = "ada@example.com",
        ["error"] = "Already enrolled",
        ["expiration_date"] = "2026-12-23T06:16:00.123456Z",
        ["experience_years"] = 7,
        ["expires_at"] = "2026-11-23T06:46:00.123456Z",
        ["explanation"] = "Two has no divisors but one and itself.",
        ["feedback"] = "Well argued.",
        ["first_name"] = "Ada",
        ["full_name"] = "Ada Byron",
        ["gender"] = "female",
        ["grade_level"] = "11",
        ["institution"] = "University of London",
        ["last_name"] = "Byron",
        ["max_attempts"] = 2,
        ["max_uses"] = 50,
        ["message"] = "Done.",
        ["name"] = "Mathematics",
        ["new_password"] = "Sesame-open-10",
        ["new_password1"] = "Sesame-open-10",
        ["new_password2"] = "Sesame-open-10",
        ["notes"] = "Prefers evenings.",
        ["old_password"] = "Sesame-open-9",
        ["option_text"] = "2",
        ["order"] = 1,
        ["otp"] = "493027",
        ["parent_phone"] = "441234567",
        ["passing_score"] = 60,
        ["password"] = "Sesame-open-9",
        ["password1"] = "Sesame-open-9",
        ["password2"] = "Sesame-open-9",
        ["percentage"] = 87.5,
        ["phone"] = "441234568",
        ["points"] = 2,
        ["price"] = "49.99",
        ["question_text"] = "Which are prime?",
        ["rating"] = 5,
        ["refresh"] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
        ["school_name"] = "Somerville College",
        ["slug"] = "ada-byron",
        ["specialization"] = "Number theory",
        ["status"] = "completed",
        ["student_answer"] = "Because two has no other divisors.",
        ["student_name"] = "Sara Haddad",
        ["submitted_at"] = "2026-11-23T06:30:00.123456Z",
        ["text"] = "Which are prime?",
        ["text_answer"] = "Because two has no other divisors.",
        ["title"] = "Number theory",
        ["trailer_video"] = "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
        ["username"] = "ada.byron",
        ["valid_until"] = "2026-12-23T06:16:00.123456Z",
        ["video_id"] = "f1d0c4b7a9e84c0a",
    };

    private static readonly HashSet<string> MostlyTrue =
    [
        "is_active",
        "is_available",
        "is_completed",
        "is_correct",
        "is_passed",
        "is_published",
        "is_ready",
        "passed",
        "received",
    ];

    private static readonly Dictionary<string, JsonNode> ByFormat = new()
    {
        ["date"] = "2026-11-23",
        ["date-time"] = "2026-11-23T06:16:00.123456Z",
        ["decimal"] = "49.99",
        ["uri"] = "https://edupro.example.org/media/1f4c9e.webp",
        ["uuid"] = "019aafd2-7f3a-7c21-b1f6-0d6f6a2f4c11",
    };

    public static void Show(OpenApiSchema schema, string name)
    {
        if (schema.Examples is null && Find(schema, name) is { } example)
            schema.Examples = [example];
    }

    /// <summary>A value that the schema takes, null when none is known.</summary>
    public static JsonNode? Find(IOpenApiSchema schema, string name) =>
        schema.Enum is { Count: > 0 } ? null
        : schema.Examples is [{ } shown, ..] ? shown.DeepClone()
        : ByName.TryGetValue(name, out var example) && Fits(example, schema) || Of(schema.Format, out example)
            ? example.DeepClone()
        : null;

    /// <summary>Whether there is an example for fields of this name.</summary>
    public static bool IsTelling(string name) => ByName.ContainsKey(name);

    /// <summary>What a boolean of this name says, when all is well.</summary>
    public static bool IsMostlyTrue(string name) => MostlyTrue.Contains(name);

    private static bool Of(string? format, out JsonNode example)
    {
        example = null!;
        return format is not null && ByFormat.TryGetValue(format, out example!);
    }

    private static bool Fits(JsonNode example, IOpenApiSchema schema) =>
        schema.Type is { } type
        && type.HasFlag(
            example.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.String => JsonSchemaType.String,
                System.Text.Json.JsonValueKind.Array => JsonSchemaType.Array,
                _ when type.HasFlag(JsonSchemaType.Integer) => JsonSchemaType.Integer,
                _ => JsonSchemaType.Number,
            }
        );
}
