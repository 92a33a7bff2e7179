using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Enrollments;

[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(IReadOnlyList<EnrollmentShape>))]
[JsonSerializable(typeof(IReadOnlyList<CourseStudentShape>))]
[JsonSerializable(typeof(Envelope<StudentEnrollmentShape>))]
internal sealed partial class EnrollmentsJson : JsonSerializerContext;
