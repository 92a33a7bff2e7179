using System.Text.Json;
using System.Text.Json.Nodes;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Enrollments;

/// <summary>How the web client in use speaks of enrolments.</summary>
internal static class EnrollmentsV1
{
    public static readonly Dialect Enroll = new Dialect().Accepts("course_id", "course");

    public static readonly Dialect EnrollInModule = new Dialect().Accepts("module_id", "module");

    /// <summary>A student asks for their courses, not their enrolments.</summary>
    public static readonly Dialect List = new Dialect().Replaces<Page<EnrollmentShape>>(
        (page, context) =>
            CurrentUser.Of(context).IsStudent
                ? (page with { HasEnvelope = true }).Write(context, [.. page.Items.Select(Course)])
                : new PageResult<EnrollmentShape>(page),
        """
        {
          "200": {
            "anyOf": [
              {
                "envelope of": {
                  "id": { "type": "string", "format": "uuid" },
                  "title": { "type": "string" },
                  "description": { "type": "string" },
                  "thumbnail": { "type": ["string", "null"], "format": "uri" },
                  "status": { "enum": ["active", "completed"], "type": "string" },
                  "access_type": { "type": "string" }
                }
              },
              { "type": "array", "items": { "$ref": "#/components/schemas/EnrollmentShape" } }
            ]
          }
        }
        """
    );

    private static JsonObject Course(EnrollmentShape enrollment)
    {
        var course = JsonSerializer.SerializeToNode(enrollment.Course, WireJson.Options)!.AsObject();
        course["status"] = StudentEnrollmentShape.StatusOf(enrollment.Progress);
        course["access_type"] = StudentEnrollmentShape.FullAccess;
        return course;
    }
}
