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
            .Refuses(
                Problems.CourseNotFound,
                Problems.CourseNotAvailable,
                Problems.AlreadyEnrolled,
                Problems.AccountBlocked,
                Problems.CourseFull,
                Problems.PrerequisitesNotMet,
                Problems.GeographicRestriction,
                Problems.CouponNotFound,
                Problems.CouponExpired,
                Problems.CouponUsedUp,
                Problems.CouponAlreadyUsed,
                Problems.PaymentFailed,
                Problems.InsufficientFunds,
                Problems.PaymentInProgress
            )
            .Produces<Done>(201);
        enrollments
            .MapPost("course/module-enrollment/", EnrollInModule.Handle)
            .ForStudents(denied: Problems.OnlyStudentsEnroll)
            .Idempotent()
            .InV1(EnrollmentsV1.EnrollInModule)
            .WithSummary("Enrol in a module of a course")
            .Refuses(
                Problems.ModuleNotFound,
                Problems.CourseNotEnrolled,
                Problems.AlreadyEnrolledInModule,
                Problems.AccountBlocked,
                Problems.CouponNotFound,
                Problems.CouponExpired,
                Problems.CouponUsedUp,
                Problems.CouponAlreadyUsed,
                Problems.PaymentFailed,
                Problems.InsufficientFunds,
                Problems.PaymentInProgress
            )
            .Produces<Done>(201);
        enrollments
            .MapGet("course/course-enrollment-list/{teacher_username}/", ListEnrollments.Handle)
            .ForUsers()
            .InV1(EnrollmentsV1.List)
            .WithSummary("List the enrolments with a teacher")
            .Refuses(Problems.TeacherNotFound, Problems.AccountBlocked, Problems.PermissionDenied)
            .Produces<IReadOnlyList<EnrollmentShape>>();
        enrollments
            .MapDelete("course/course-enrollment-delete/{course_id}/{enrollment_id}/", DeleteEnrollment.Handle)
            .ForUsers()
            .WithSummary("Give up a place in a course")
            .Refuses(Problems.CourseNotFound, Problems.EnrollmentNotFound, Problems.PermissionDenied)
            .Produces<Done>();
        foreach (
            var path in new[] { "teacher/courses/{course_id}/enrollments/", "get_student-enrollments/{course_id}/" }
        )
            enrollments
                .MapGet(path, ListCourseStudents.Handle)
                .ForTeachers()
                .WithSummary("List the students of a course of one's own")
                .Refuses(Problems.CourseNotFound, Problems.PermissionDenied)
                .Produces<IReadOnlyList<CourseStudentShape>>();
        enrollments
            .MapGet("teacher/students/{student_id}/enrollments/", ListStudentEnrollments.Handle)
            .ForTeachers()
            .WithSummary("List a student's enrolments in one's own courses")
            .Refuses(Problems.StudentNotFound)
            .Produces<Envelope<StudentEnrollmentShape>>();
    }
}
