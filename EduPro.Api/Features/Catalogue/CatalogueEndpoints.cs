using EduPro.Api.Http;

namespace EduPro.Api.Features.Catalogue;

/// <summary>Chapters 2 to 4: categories, courses, modules and lessons.</summary>
internal static class CatalogueEndpoints
{
    private static readonly string[] Changes = ["PUT", "PATCH"];

    public static void AddCatalogue(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecentCounts>();
        builder.Services.AddSingleton<KeptSearches>();
        builder.Services.AddSingleton(_ => GetCourse.Loader());
        builder.Services.AddSingleton(_ => ListModules.Loader());
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, CatalogueJson.Default)
        );
    }

    public static void MapCatalogue(this RouteGroupBuilder api)
    {
        var categories = api.MapGroup("course/category").WithTags("Categories");
        categories
            .MapGet("list/", ListCategories.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("List the categories")
            .Produces<IReadOnlyList<CategoryShape>>();
        categories
            .MapPost("create/", CreateCategory.Handle)
            .ForAdmins()
            .WithSummary("Create a category")
            .Produces<CategoryShape>(201);
        categories
            .MapMethods("update/{category_id}/", Changes, UpdateCategory.Handle)
            .ForAdmins()
            .WithSummary("Change a category")
            .Refuses(Problems.CategoryNotFound)
            .Produces<CategoryShape>();

        var courses = api.MapGroup("course").WithTags("Courses");
        courses
            .MapPost("create/", CreateCourse.Handle)
            .ForTeachers(denied: Problems.OnlyTeachersCreateCourses)
            .WithSummary("Create a course")
            .Produces<CreateCourse.Response>(201)
            .InV1(CatalogueV1.CreateCourse);
        courses
            .MapGet("list/", ListCourses.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("List the published courses")
            .Produces<Envelope<CourseShape>>();
        courses
            .MapGet("teacher-list/{teacher_username}/", ListCoursesOfTeacher.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("List a teacher's published courses")
            .Refuses(Problems.TeacherNotFound)
            .Produces<IReadOnlyList<CourseShape>>();
        courses
            .MapGet("course-detail/{course_id}/", GetCourse.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("Show a course")
            .Refuses(Problems.CourseNotFound)
            .Produces<CourseShape>();
        courses
            .MapMethods("update/{course_id}/", Changes, UpdateCourse.Handle)
            .ForTeachers()
            .WithSummary("Change a course")
            .Refuses(Problems.CourseNotFound, Problems.NotYourCourseToUpdate)
            .Produces<Done>()
            .InV1(CatalogueV1.UpdateCourse);
        courses
            .MapDelete("course-delete/{course_id}/", DeleteCourse.Handle)
            .ForTeachers()
            .WithSummary("Delete a course")
            .Refuses(Problems.CourseNotFound, Problems.NotYourCourseToDelete, Problems.CourseHasEnrollments)
            .Produces<Done>();
        courses
            .MapGet("course-search-filter/", SearchCourses.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("Search and filter the published courses")
            .Produces<IReadOnlyList<CourseShape>>();
        courses
            .MapGet("list-by-teacher/", ListOwnCourses.Handle)
            .ForTeachers()
            .WithSummary("List one's own courses")
            .Produces<IReadOnlyList<CourseShape>>();
        // The first spelling is the contract's.
        foreach (var path in (string[])["private-deatils/{course_id}/", "private-details/{course_id}/"])
            courses
                .MapGet(path, GetPrivateCourse.Handle)
                .ForTeachers()
                .WithSummary("Show a course to its owner")
                .Refuses(Problems.CourseNotFound, Problems.PermissionDenied)
                .Produces<PrivateCourseShape>();

        var modules = api.MapGroup("").WithTags("Modules");
        modules
            .MapGet("courses/{course_id}/modules/", ListModules.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("List a course's modules")
            .Refuses(Problems.CourseOfModuleNotFound)
            .Produces<IReadOnlyList<ModuleShape>>()
            .InV1(CatalogueV1.Modules);
        modules
            .MapPost("courses/{course_id}/modules/create/", CreateModule.Handle)
            .ForTeachers()
            .WithSummary("Create a module")
            .Refuses(Problems.CourseOfModuleNotFound, Problems.NotYourCourseForModules)
            .Produces<CreateModule.Response>(201)
            .InV1(CatalogueV1.CreateModule);
        modules
            .MapGet("modules/{module_id}/", GetModule.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("Show a module")
            .Refuses(Problems.ModuleNotFound)
            .Produces<ModuleDetail>();
        modules
            .MapMethods("modules/{module_id}/update/", Changes, UpdateModule.Handle)
            .ForTeachers()
            .WithSummary("Change or move a module")
            .Refuses(Problems.ModuleNotFound, Problems.PermissionDenied)
            .Produces<Done>()
            .InV1(CatalogueV1.UpdateModule);
        modules
            .MapDelete("modules/{module_id}/delete/", DeleteModule.Handle)
            .ForTeachers()
            .WithSummary("Delete an empty module")
            .Refuses(Problems.ModuleNotFound, Problems.PermissionDenied, Problems.ModuleHasLessons)
            .Produces<Done>();

        var lessons = api.MapGroup("").WithTags("Lessons");
        lessons
            .MapGet("modules/{module_id}/lessons/", ListLessons.Handle)
            .AllowAnonymous()
            .WithSummary("List a module's lessons")
            .Refuses(Problems.ModuleNotFound)
            .Produces<IReadOnlyList<LessonShape>>()
            .InV1(CatalogueV1.Lessons);
        lessons
            .MapPost("modules/{module_id}/lessons/create/", CreateLesson.Handle)
            .ForTeachers()
            .WithSummary("Create a lesson")
            .Refuses(Problems.ModuleNotFound, Problems.PermissionDenied)
            .Produces<CreateLesson.Response>(201)
            .InV1(CatalogueV1.CreateLesson);
        lessons
            .MapGet("lessons/{lesson_id}/", GetLesson.Handle)
            .AllowAnonymous()
            .WithSummary("Show a lesson")
            .Refuses(Problems.LessonNotFound)
            .Produces<LessonDetail>()
            .InV1(CatalogueV1.Lesson);
        lessons
            .MapMethods("lessons/{lesson_id}/update/", Changes, UpdateLesson.Handle)
            .ForTeachers()
            .WithSummary("Change or move a lesson")
            .Refuses(Problems.LessonNotFound, Problems.PermissionDenied)
            .Produces<Done>()
            .InV1(CatalogueV1.UpdateLesson);
        lessons
            .MapDelete("lessons/{lesson_id}/delete/", DeleteLesson.Handle)
            .ForTeachers()
            .WithSummary("Delete a lesson")
            .Refuses(Problems.LessonNotFound, Problems.PermissionDenied)
            .Produces<Done>();
        lessons
            .MapGet("lessons/{lesson_id}/status/", LessonStatus.Show)
            .ForStudents()
            .WithSummary("Show one's progress in a lesson")
            .Refuses(Problems.LessonNotFound, Problems.NotEnrolledForProgress)
            .Produces<LessonStatus.Response>();
        lessons
            .MapPost("lessons/{lesson_id}/status/", LessonStatus.Set)
            .ForStudents()
            .ChangesNothingPublic()
            .WithSummary("Set one's progress in a lesson")
            .Refuses(Problems.LessonNotFound, Problems.NotEnrolledForProgress)
            .Produces<Done>();
        lessons
            .MapPatch("lessons/{lesson_id}/status/", LessonStatus.SetCompleted)
            .ForStudents()
            .ChangesNothingPublic()
            .WithSummary("Complete a lesson, or take that back")
            .Refuses(Problems.LessonNotFound, Problems.NotEnrolledForProgress)
            .Produces<LessonStatus.Response>();
        lessons
            .MapGet("video/check-status/{lesson_id}/", CheckVideoStatus.Handle)
            .AllowAnonymous()
            .WithSummary("Tell where a lesson's video stands")
            .Refuses(Problems.LessonNotFound)
            .Produces<CheckVideoStatus.Response>();
    }
}
