using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>
/// Shows of each operation a whole request and a whole answer, put together from the examples of their fields. Requests
/// whose fields exclude each other are written out.
/// </summary>
internal static class WholeExamples
{
    private const string Json = "application/json",
        Id = "019aafd2-7f3a-7c21-b1f6-0d6f6a2f4c11";

    /// <summary>By the name of the request's schema.</summary>
    private static readonly JsonObject Requests = JsonNode
        .Parse(
            $$"""
            {
              "CreateAssessmentRequest": {
                "title": "Primes", "description": "All about primes.", "assessment_type": "exam",
                "duration_minutes": 30, "passing_score": 60, "is_active": true, "course": "{{Id}}"
              },
              "UpdateAssessmentRequest": { "duration_minutes": 45, "is_active": false },
              "CreateQuestionRequest": {
                "text": "Which are prime?", "question_type": "multiple_choice", "points": 2, "order": 1,
                "is_required": true
              },
              "UpdateQuestionRequest": { "text": "Which of these are prime?", "points": 3 },
              "CreateOptionRequest": { "text": "2", "is_correct": true, "order": 1 },
              "UpdateOptionRequest": { "text": "3", "is_correct": true },
              "CreateCouponsRequest": {
                "code": "WELCOME25", "discount_percentage": 25, "valid_from": "2026-12-01T00:00:00.000000Z",
                "valid_until": "2027-01-01T00:00:00.000000Z", "max_uses": 50, "courses": ["{{Id}}"]
              },
              "UpdateCouponRequest": { "discount_percentage": 30, "max_uses": 100 },
              "EnrollInCourseRequest": { "course": "{{Id}}", "coupon_code": "WELCOME25" },
              "EnrollInModuleRequest": { "module": "{{Id}}" },
              "GradeAnswerRequest": { "points_earned": 3, "feedback": "Well argued." },
              "LoginRequest": { "username": "ada.byron", "password": "Sesame-open-9" },
              "ConfirmPasswordResetRequest": {
                "email": "ada@example.com", "otp": "493027", "new_password1": "Sesame-open-10",
                "new_password2": "Sesame-open-10"
              },
              "SaveAnswersRequest": { "answers": [{ "question": "{{Id}}", "text_answer": "Because two" }] },
              "SubmitAttemptRequest": {
                "answers": [
                  { "question": "{{Id}}", "text_answer": "Because two has no other divisors." },
                  { "question": "019aafd2-8c55-7a06-9d3e-3f0b7f1a2e90", "selected_options": ["{{Id}}"] },
                  { "question": "019aafd2-9e01-7f4b-8a77-5a1c9be0d3c4", "true_false_answer": true }
                ]
              }
            }
            """
        )!
        .AsObject();

    public static void AddTo(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            if (operation.RequestBody?.Content is { } sent && sent.TryGetValue(Json, out var request))
                request.Example = RequestOf(request.Schema!);
            foreach (var (status, response) in operation.Responses!)
                if (
                    status.StartsWith('2')
                    && response.Content is { } content
                    && content.TryGetValue(Json, out var answer)
                )
                    answer.Example = Of(answer.Schema!, "");
        }
    }

    private static JsonNode? RequestOf(IOpenApiSchema schema) =>
        schema is OpenApiSchemaReference { Reference.Id: { } name } && Requests[name] is { } written
            ? written.DeepClone()
            : new JsonObject(
                (schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
                    .Where(field =>
                        field.Value.Format != "binary"
                        && (schema.Required?.Contains(field.Key) == true || Examples.IsTelling(field.Key))
                    )
                    .Select(field => KeyValuePair.Create(field.Key, Of(field.Value, field.Key)))
            );

    private static JsonNode? Of(IOpenApiSchema schema, string name)
    {
        var type = schema.Type ?? JsonSchemaType.Null;
        // An assessment hangs on a course, a module or a lesson, not on all of them.
        if (type.HasFlag(JsonSchemaType.Null) && schema.Format == "uuid")
            return null;
        if (Examples.Find(schema, name) is { } example)
            return example;
        if (schema.Enum is [{ } first, ..])
            return first.DeepClone();
        if ((schema.AnyOf ?? schema.OneOf) is [{ } choice, ..])
            return Of(choice, name);
        if (type.HasFlag(JsonSchemaType.Null))
            return null;
        if (type.HasFlag(JsonSchemaType.Object))
            return new JsonObject(
                (schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Select(field =>
                    KeyValuePair.Create(field.Key, Of(field.Value, field.Key))
                )
            );
        return type.HasFlag(JsonSchemaType.Array) ? new JsonArray(Of(schema.Items!, name))
            : type.HasFlag(JsonSchemaType.Boolean) ? Examples.IsMostlyTrue(name)
            : type.HasFlag(JsonSchemaType.String) ? "text"
            : JsonNode.Parse(schema.Minimum ?? "1");
    }
}
