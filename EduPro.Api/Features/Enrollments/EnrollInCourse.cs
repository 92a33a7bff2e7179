using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Enrollments;

internal static class EnrollInCourse
{
    public sealed class Request : PaymentFields
    {
        public required Guid Course { get; init; }
    }

    public static async Task<IResult> Handle(
        Body<Request> body,
        CurrentUser student,
        EduProDb db,
        Checkout checkout,
        CancellationToken ct
    )
    {
        if (await body.Read(ct) is { } problem)
            return problem;
        var request = body.Value;
        return await checkout.Buy(
            student.Id,
            request.PaymentToken,
            ct => LookUp(db, student.Id, request, ct),
            new Done("Successfully enrolled in course"),
            ct
        );
    }

    private static async Task<Look> LookUp(EduProDb db, Guid student, Request request, CancellationToken ct)
    {
        var code = CouponTerms.Key(request.CouponCode);
        var found = await db
            .Courses.AsNoTracking()
            .Where(c => c.Id == request.Course)
            .Select(c => new
            {
                Course = c,
                Country = db.Users.Where(u => u.Id == student).Select(u => u.Country).FirstOrDefault(),
                IsBlocked = db.TeacherStudents.Any(r =>
                    r.TeacherId == c.TeacherId && r.StudentId == student && !r.IsActive
                ),
                IsEnrolled = db.Enrollments.Any(e => e.CourseId == c.Id && e.StudentId == student),
                LacksPrerequisite = c.Prerequisites.Any(p =>
                    !db.Enrollments.Any(e =>
                        e.CourseId == p.Id && e.StudentId == student && e.CompletedLessons >= p.LessonCount
                    )
                ),
                Completed = db.LessonProgress.Count(p =>
                    p.CourseId == c.Id && p.StudentId == student && p.Status == ProgressStatus.Completed
                ),
                Payment = db
                    .Payments.Where(p => p.StudentId == student && p.HeldCourseId == c.Id && p.HeldModuleId == null)
                    .Select(p => new OpenPayment(p.Id, p.CreatedAt))
                    .FirstOrDefault(),
                // By this course's teacher and not by c's: else all coupons are read before they meet their course.
                Coupon = db
                    .Coupons.Where(k =>
                        k.TeacherId
                            == db.Courses.Where(own => own.Id == request.Course).Select(own => own.TeacherId).First()
                        && k.CodeKey == code
                        && k.DeletedAt == null
                    )
                    .Select(CouponTerms.For(db, student))
                    .FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return Problems.CourseNotFound;
        var course = found.Course;
        return found.IsBlocked ? Problems.AccountBlocked
            : found.IsEnrolled ? Problems.AlreadyEnrolled
            : !course.IsPublished ? Problems.CourseNotAvailable
            : !Countries.Allow(course.AllowedCountries, found.Country) ? Problems.GeographicRestriction
            : found.LacksPrerequisite ? Problems.PrerequisitesNotMet
            : found.Payment is null && course.EnrollmentCount >= course.MaxEnrollments ? Problems.CourseFull
            : code is not null && found.Coupon is null && course.Price > 0 ? Problems.CouponNotFound
            : new Offer(
                course.TeacherId,
                course.Id,
                course.Title,
                ModuleId: null,
                course.Price,
                found.Coupon,
                found.Payment,
                found.Completed
            );
    }
}
