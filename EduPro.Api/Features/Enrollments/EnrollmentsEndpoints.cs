using EduPro.Api.Http;
using EduPro.Data.Sales;

namespace EduPro.Api.Features.Enrollments;

/// <summary>Chapter 5: enrolment in courses and modules.</summary>
internal static class EnrollmentsEndpoints
{
    public static void AddEnrollments(this WebApplicationBuilder builder)
    {
        builder.AddPayments();
        builder.Services.AddScoped<Checkout>();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, EnrollmentsJson.Default)
        );
    }

    public static void MapEnrollments(this RouteGroupBuilder api)
    {
        var enrollments = api.MapGroup("").WithTags("Enrollments");
        enrollments
            .MapPost("course/course-enrollment/", EnrollInCourse.Handle)
            .ForStudents(denied: Problems.OnlyStudentsEnroll)
            .Idempotent()
            .InV1(EnrollmentsV1.Enroll)
            .WithSummary("Enrol in a course")
            .Produces<Done>(201);
        enrollments
            .MapPost("course/module-enrollment/", EnrollInModule.Handle)
            .ForStudents(denied: Problems.OnlyStudentsEnroll)
            .Idempotent()
            .InV1(EnrollmentsV1.EnrollInModule)
            .WithSummary("Enrol in a module of a course")
            .Produces<Done>(201);
        enrollments
            .MapGet("course/course-enrollment-list/{teacher_username}/", ListEnrollments.Handle)
            .ForUsers()
            .InV1(EnrollmentsV1.List)
            .WithSummary("List the enrolments with a teacher")
            .Produces<IReadOnlyList<EnrollmentShape>>();
        enrollments
            .MapDelete("course/course-enrollment-delete/{course_id}/{enrollment_id}/", DeleteEnrollment.Handle)
            .ForUsers()
            .WithSummary("Give up a place in a course")
            .Produces<Done>();
        foreach (
            var path in new[] { "teacher/courses/{course_id}/enrollments/", "get_student-enrollments/{course_id}/" }
        )
            enrollments
                .MapGet(path, ListCourseStudents.Handle)
                .ForTeachers()
                .WithSummary("List the students of a course of one's own")
                .Produces<IReadOnlyList<CourseStudentShape>>();
        enrollments
            .MapGet("teacher/students/{student_id}/enrollments/", ListStudentEnrollments.Handle)
            .ForTeachers()
            .WithSummary("List a student's enrolments in one's own courses")
            .Produces<Envelope<StudentEnrollmentShape>>();
    }
}
