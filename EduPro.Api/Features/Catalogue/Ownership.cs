using EduPro.Api.Http;
using EduPro.Data;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

/// <summary>
/// How a teacher changes what a course is made of: the owner only, one change of a course at a time, the counters in
/// the same transaction.
/// </summary>
internal static class Ownership
{
    /// <summary>
    /// Why a teacher's files are not taken: what they are for is not the teacher's. Null if it is, and for requests
    /// without files, which are refused once the course is locked.
    /// </summary>
    /// <param name="owners">The owner of what they are for, if it is there.</param>
    public static async Task<Problem?> RefusalOfFiles<T>(
        this IQueryable<Guid> owners,
        Body<T> body,
        CurrentUser teacher,
        Problem missing,
        Problem foreign,
        CancellationToken ct
    )
        where T : class =>
        !body.IsMultipart ? null
        : await owners.Select(owner => (Guid?)owner).FirstOrDefaultAsync(ct) is not { } owner ? missing
        : owner != teacher.Id ? foreign
        : null;

    /// <summary>Makes a change while the teacher's course holds still, then counts anew.</summary>
    /// <param name="db">The database.</param>
    /// <param name="locked">Locks the course; null when what it is known by is not there.</param>
    /// <param name="teacher">Who has to be its owner.</param>
    /// <param name="missing">What to answer when there is no course.</param>
    /// <param name="foreign">What to answer when it is another teacher's.</param>
    /// <param name="faults">What is wrong with the request; told once the course is known to be the teacher's.</param>
    /// <param name="change">Changes the course of this id, and saves nothing before it returns a refusal.</param>
    /// <param name="clock">Tells the time of the change.</param>
    /// <param name="ct">Undoes the change.</param>
    /// <param name="leaving">A lesson that is deleted when all is counted.</param>
    public static Task<IResult> Restructure(
        this EduProDb db,
        Func<CancellationToken, Task<CourseStructure.Locked?>> locked,
        CurrentUser teacher,
        Problem missing,
        Problem foreign,
        IResult? faults,
        Func<Guid, DateTimeOffset, CancellationToken, Task<IResult>> change,
        TimeProvider clock,
        CancellationToken ct,
        Guid? leaving = null
    ) =>
        db.InTransaction(
            async ct =>
            {
                if (await locked(ct) is not { } course)
                    return missing;
                if (course.TeacherId != teacher.Id)
                    return foreign;
                if (faults is not null)
                    return faults;
                var now = clock.GetUtcNow();
                var result = await change(course.Id, now, ct);
                if (result is not IStatusCodeHttpResult { StatusCode: >= 400 })
                    await db.RefreshCounters(course.Id, now, ct, leaving);
                return result;
            },
            ct
        );
}
