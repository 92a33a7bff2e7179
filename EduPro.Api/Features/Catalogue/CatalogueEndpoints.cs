using EduPro.Api.Http;

namespace EduPro.Api.Features.Catalogue;

/// <summary>Chapters 2 to 4: categories, courses, modules and lessons.</summary>
internal static class CatalogueEndpoints
{
    public static void AddCatalogue(this WebApplicationBuilder builder) =>
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, CatalogueJson.Default)
        );

    public static void MapCatalogue(this RouteGroupBuilder api)
    {
        var categories = api.MapGroup("course/category").WithTags("Categories");
        categories
            .MapGet("list/", ListCategories.Handle)
            .AllowAnonymous()
            .WithSummary("List the categories")
            .Produces<IReadOnlyList<CategoryShape>>();
        categories
            .MapPost("create/", CreateCategory.Handle)
            .ForAdmins()
            .WithSummary("Create a category")
            .Produces<CategoryShape>(201);

        var courses = api.MapGroup("course").WithTags("Courses");
        courses
            .MapPost("create/", CreateCourse.Handle)
            .ForTeachers(denied: Problems.OnlyTeachersCreateCourses)
            .WithSummary("Create a course")
            .Produces<CreateCourse.Response>(201);
        courses
            .MapGet("list/", ListCourses.Handle)
            .AllowAnonymous()
            .WithSummary("List the published courses")
            .Produces<Envelope<CourseShape>>();
        courses
            .MapGet("course-detail/{course_id}/", GetCourse.Handle)
            .AllowAnonymous()
            .WithSummary("Show a course")
            .Produces<CourseShape>();

        var modules = api.MapGroup("").WithTags("Modules");
        modules
            .MapGet("courses/{course_id}/modules/", ListModules.Handle)
            .AllowAnonymous()
            .WithSummary("List a course's modules")
            .Produces<IReadOnlyList<ModuleShape>>();
        modules
            .MapPost("courses/{course_id}/modules/create/", CreateModule.Handle)
            .ForTeachers()
            .WithSummary("Create a module")
            .Produces<CreateModule.Response>(201);
        modules
            .MapGet("modules/{module_id}/", GetModule.Handle)
            .AllowAnonymous()
            .WithSummary("Show a module")
            .Produces<ModuleDetail>();

        var lessons = api.MapGroup("").WithTags("Lessons");
        lessons
            .MapGet("modules/{module_id}/lessons/", ListLessons.Handle)
            .AllowAnonymous()
            .WithSummary("List a module's lessons")
            .Produces<IReadOnlyList<LessonShape>>();
        lessons
            .MapPost("modules/{module_id}/lessons/create/", CreateLesson.Handle)
            .ForTeachers()
            .WithSummary("Create a lesson")
            .Produces<CreateLesson.Response>(201);
        lessons
            .MapGet("lessons/{lesson_id}/", GetLesson.Handle)
            .AllowAnonymous()
            .WithSummary("Show a lesson")
            .Produces<LessonDetail>();
        lessons
            .MapGet("video/check-status/{lesson_id}/", CheckVideoStatus.Handle)
            .AllowAnonymous()
            .WithSummary("Tell where a lesson's video stands")
            .Produces<CheckVideoStatus.Response>();
    }
}
