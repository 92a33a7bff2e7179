using EduPro.Api.Features.Catalogue;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Enrollments;

internal static class EnrollInModule
{
    public sealed class Request : PaymentFields
    {
        public required Guid Module { get; init; }
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
            ct => LookUp(db, student, request, ct),
            new Done("Successfully enrolled in module"),
            ct
        );
    }

    private static async Task<Look> LookUp(EduProDb db, CurrentUser student, Request request, CancellationToken ct)
    {
        var code = CouponTerms.Key(request.CouponCode);
        var places = db.PlacesOf(student);
        var found = await db.ModulesFor(student)
            .Where(m => m.Id == request.Module)
            .Select(m => new
            {
                m.Id,
                m.CourseId,
                m.Course.TeacherId,
                m.Course.Title,
                m.Price,
                IsInCourse = places.Any(e => e.CourseId == m.CourseId),
                IsInModule = db.ModuleEnrollments.Any(e => e.ModuleId == m.Id && e.StudentId == student.Id),
                IsBlocked = db.TeacherStudents.Any(r =>
                    r.TeacherId == m.Course.TeacherId && r.StudentId == student.Id && !r.IsActive
                ),
                Payment = db
                    .Payments.Where(p => p.StudentId == student.Id && p.HeldModuleId == m.Id)
                    .Select(p => new OpenPayment(p.Id, p.CreatedAt))
                    .FirstOrDefault(),
                // By this module's teacher and not by m's: else all coupons are read before they meet their module.
                Coupon = db
                    .Coupons.Where(k =>
                        k.TeacherId
                            == db.Modules.Where(own => own.Id == request.Module)
                                .Select(own => own.Course.TeacherId)
                                .First()
                        && k.CodeKey == code
                        && k.DeletedAt == null
                    )
                    .Select(CouponTerms.For(db, student.Id))
                    .FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        return found is null ? Problems.ModuleNotFound
            : found.IsBlocked ? Problems.AccountBlocked
            : !found.IsInCourse ? Problems.CourseNotEnrolled
            : found.IsInModule ? Problems.AlreadyEnrolledInModule
            : code is not null && found.Coupon is null && found.Price > 0 ? Problems.CouponNotFound
            : new Offer(
                found.TeacherId,
                found.CourseId,
                found.Title,
                found.Id,
                found.Price,
                found.Coupon,
                found.Payment,
                CompletedLessons: 0
            );
    }
}
