using System.Diagnostics;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Accounts;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Accounts;

/// <summary>Registers a student under a teacher. Who the teacher is, is a field like any other: its faults are too.</summary>
internal static class RegisterStudent
{
    public sealed class Request : NewAccount
    {
        [MaxLength(32)]
        public required string ParentPhone { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(AccountNames names) => Include(new NewAccountRules(names));
    }

    public sealed record Response(string Message, RegisteredStudent User);

    public sealed record RegisteredStudent(
        Guid Id,
        string Email,
        string? Phone,
        string? ParentPhone,
        string Username,
        UserType UserType,
        string Slug,
        [property: PublicFile] string? Avatar
    );

    /// <summary>Tells that the teacher is missing, beside what else is wrong.</summary>
    public static async Task<IResult> WithoutTeacher(Body<Request> body, CancellationToken ct) =>
        await body.Read(
            ct,
            (_, faults) =>
            {
                faults.Add("teacher", "Teacher username is required.");
                return Task.FromResult<IResult?>(null);
            }
        ) ?? throw new UnreachableException();

    public static async Task<IResult> Handle(
        string teacher_username,
        Body<Request> body,
        EduProDb db,
        Registration registration,
        CancellationToken ct
    )
    {
        var teacher = Guid.Empty;
        if (await body.Read(ct, FindTeacher) is { } problem)
            return problem;
        var parentPhone = body.Value.ParentPhone;
        var (user, refusal) = await registration.Save(
            body.Value,
            UserType.Student,
            async (user, ct) =>
            {
                db.Students.Add(new Student { Id = user.Id, ParentPhone = parentPhone });
                db.TeacherStudents.Add(
                    new TeacherStudent
                    {
                        Id = Guid.CreateVersion7(user.CreatedAt),
                        TeacherId = teacher,
                        StudentId = user.Id,
                        JoinedAt = user.CreatedAt,
                    }
                );
                await db
                    .Teachers.Where(t => t.Id == teacher)
                    .ExecuteUpdateAsync(t => t.SetProperty(t => t.StudentCount, t => t.StudentCount + 1), ct);
            },
            ct
        );
        return user is null
            ? refusal!
            : TypedResults.Created(
                (string?)null,
                new Response(
                    "Student created successfully",
                    new RegisteredStudent(
                        user.Id,
                        user.Email,
                        user.Phone,
                        parentPhone,
                        user.Username,
                        user.Type,
                        user.Slug,
                        user.Avatar
                    )
                )
            );

        async Task<IResult?> FindTeacher(Request sent, Faults faults)
        {
            if (await db.Teachers.Named(teacher_username).Select(t => (Guid?)t.Id).FirstOrDefaultAsync(ct) is { } found)
                teacher = found;
            else
                faults.Add("teacher", Problems.TeacherNotFound.Detail);
            return null;
        }
    }
}
