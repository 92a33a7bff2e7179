using System.Linq.Expressions;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

/// <summary>
/// Who sees what. A published course exists for everybody, an unpublished one for its owner and the students in it;
/// unpublished modules and lessons are the owner's drafts. What is inside a lesson (video, document) is for the owner
/// and the students in the course, that of a free lesson for every student whom the teacher has not blocked.
/// </summary>
internal static class ContentAccess
{
    /// <summary>
    /// The enrolments that give the caller access now: those with teachers who have neither blocked nor removed the
    /// student.
    /// </summary>
    public static IQueryable<Enrollment> PlacesOf(this EduProDb db, CurrentUser caller) =>
        db.Enrollments.Where(e =>
            e.StudentId == caller.Id
            && db.TeacherStudents.Any(r =>
                r.TeacherId == e.TeacherId && r.StudentId == e.StudentId && r.IsActive && r.RemovedAt == null
            )
        );

    /// <summary>The courses that exist for the caller.</summary>
    public static IQueryable<Course> CoursesFor(this EduProDb db, CurrentUser caller)
    {
        if (!caller.IsStudent)
            return db.Courses.Where(c => c.IsPublished || c.TeacherId == caller.Id);
        var places = db.PlacesOf(caller);
        return db.Courses.Where(c => c.IsPublished || places.Any(p => p.CourseId == c.Id));
    }

    /// <summary>
    /// Reads a course that exists for the caller, null for none, in a query that is translated once; strangers, who ask
    /// most, have one of their own.
    /// </summary>
    public static Func<EduProDb, Guid, CurrentUser, CancellationToken, Task<T?>> CourseFor<T>(
        Expression<Func<Course, T>> shape
    )
        where T : class
    {
        var published = EF.CompileAsyncQuery(
            (EduProDb db, Guid course, CancellationToken ct) =>
                db.Courses.Where(c => c.Id == course && c.IsPublished).Select(shape).FirstOrDefault()
        );
        var existing = EF.CompileAsyncQuery(
            (EduProDb db, Guid course, Guid caller, CancellationToken ct) =>
                db
                    .Courses.Where(c =>
                        c.Id == course
                        && (
                            c.IsPublished
                            || c.TeacherId == caller
                            || db.Enrollments.Any(e =>
                                e.CourseId == course
                                && e.StudentId == caller
                                && db.TeacherStudents.Any(r =>
                                    r.TeacherId == e.TeacherId
                                    && r.StudentId == e.StudentId
                                    && r.IsActive
                                    && r.RemovedAt == null
                                )
                            )
                        )
                    )
                    .Select(shape)
                    .FirstOrDefault()
        );
        return (db, course, caller, ct) =>
            caller.IsStranger ? published(db, course, ct) : existing(db, course, caller.Id, ct);
    }

    /// <summary>The modules that exist for the caller.</summary>
    public static IQueryable<Module> ModulesFor(this EduProDb db, CurrentUser caller)
    {
        if (!caller.IsStudent)
            return db.Modules.Where(m => m.Course.TeacherId == caller.Id || (m.IsPublished && m.Course.IsPublished));
        var places = db.PlacesOf(caller);
        return db.Modules.Where(m =>
            m.IsPublished && (m.Course.IsPublished || places.Any(p => p.CourseId == m.CourseId))
        );
    }

    /// <summary>The lessons that exist for the caller.</summary>
    public static IQueryable<Lesson> LessonsFor(this EduProDb db, CurrentUser caller)
    {
        if (!caller.IsStudent)
            return db.Lessons.Where(l =>
                l.Course.TeacherId == caller.Id || (l.IsPublished && l.Module.IsPublished && l.Course.IsPublished)
            );
        var places = db.PlacesOf(caller);
        return db.Lessons.Where(l =>
            l.IsPublished && l.Module.IsPublished && (l.Course.IsPublished || places.Any(p => p.CourseId == l.CourseId))
        );
    }

    /// <summary>Reads lessons that exist for the caller, each with whether it opens for the caller.</summary>
    public static IQueryable<LessonRow> RowsFor(this IQueryable<Lesson> lessons, EduProDb db, CurrentUser caller)
    {
        var places = db.PlacesOf(caller);
        return lessons
            .AsNoTracking()
            .Select(l => new LessonRow(
                l,
                l.Course.TeacherId == caller.Id
                    || places.Any(p => p.CourseId == l.CourseId)
                    || (
                        l.IsFree
                        && caller.IsStudent
                        && !db.TeacherStudents.Any(r =>
                            r.TeacherId == l.Course.TeacherId && r.StudentId == caller.Id && !r.IsActive
                        )
                    ),
                l.Module.Title,
                l.Course.Title
            ));
    }
}
