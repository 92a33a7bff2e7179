using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Catalogue;

[JsonSerializable(typeof(IReadOnlyList<CategoryShape>))]
[JsonSerializable(typeof(CreateCourse.Response), TypeInfoPropertyName = "CreateCourseResponse")]
[JsonSerializable(typeof(Envelope<CourseShape>))]
[JsonSerializable(typeof(IReadOnlyList<CourseShape>))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
