using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Catalogue;

[JsonSerializable(typeof(IReadOnlyList<CategoryShape>))]
[JsonSerializable(typeof(CreateCourse.Response), TypeInfoPropertyName = "CreateCourseResponse")]
[JsonSerializable(typeof(Envelope<CourseShape>))]
[JsonSerializable(typeof(IReadOnlyList<CourseShape>))]
[JsonSerializable(typeof(CreateModule.Response), TypeInfoPropertyName = "CreateModuleResponse")]
[JsonSerializable(typeof(IReadOnlyList<ModuleShape>))]
[JsonSerializable(typeof(ModuleDetail))]
[JsonSerializable(typeof(ModuleDetail.CourseTitle), TypeInfoPropertyName = "ModuleDetailCourseTitle")]
[JsonSerializable(typeof(CreateLesson.Response), TypeInfoPropertyName = "CreateLessonResponse")]
[JsonSerializable(typeof(IReadOnlyList<LessonShape>))]
[JsonSerializable(typeof(LessonDetail))]
[JsonSerializable(typeof(LessonDetail.CourseTitle), TypeInfoPropertyName = "LessonDetailCourseTitle")]
[JsonSerializable(typeof(CheckVideoStatus.Response), TypeInfoPropertyName = "CheckVideoStatusResponse")]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(PrivateCourseShape))]
[JsonSerializable(typeof(LessonStatus.Response), TypeInfoPropertyName = "LessonStatusResponse")]
internal sealed partial class CatalogueJson : JsonSerializerContext;
