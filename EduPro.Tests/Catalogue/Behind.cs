using EduPro.Data;
using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EduPro.Tests.Catalogue;

/// <summary>What stories of the catalogue need that is not said through its own routes.</summary>
internal static class Behind
{
    /// <summary>An id that nothing has.</summary>
    public static readonly Guid Nothing = Guid.Parse("01920000-0000-7000-8000-000000000000");

    /// <summary>Runs SQL and returns its first value.</summary>
    public static async Task<T> Ask<T>(this Stack stack, FormattableString sql) =>
        await EmptyDatabases.Ask<T>(await stack.ConnectionString("edupro"), sql);

    /// <summary>The id of a video that the teacher may put into a lesson.</summary>
    public static async Task<string> Video(this Caller teacher) =>
        (await teacher.Post("course/create-vdocipher-upload-credentials/", new { title = School.Unique("Film") }))
            .Expect(200)["video_id"]
            .GetString()!;

    /// <summary>Gives the student a place in the teacher's course.</summary>
    public static Task<Guid> TakePlace(this Caller student, Guid course) =>
        student.Stack.Ask<Guid>(
            $"""
            WITH counted AS (
                UPDATE courses SET enrollment_count = enrollment_count + 1 WHERE id = {course} RETURNING id, teacher_id
            )
            INSERT INTO enrollments
                (id, course_id, student_id, teacher_id, price_paid, enrolled_at, completed_lessons)
            SELECT gen_random_uuid(), id, {student.Id}, teacher_id, 0, now(), 0 FROM counted
            RETURNING id
            """
        );

    /// <summary>Completed lessons and courses as the student's relation with the teacher has them.</summary>
    public static async Task<(int Lessons, int Courses)> Completed(this Caller student, Caller teacher) =>
        (
            await student.Stack.Ask<int>(
                $"SELECT completed_lessons FROM teacher_students WHERE student_id = {student.Id} AND teacher_id = {teacher.Id}"
            ),
            await student.Stack.Ask<int>(
                $"SELECT completed_courses FROM teacher_students WHERE student_id = {student.Id} AND teacher_id = {teacher.Id}"
            )
        );

    /// <summary>The stack's database through the model; the caller disposes it.</summary>
    public static async Task<EduProDb> Db(this Stack stack, params IInterceptor[] interceptors) =>
        Open(await stack.ConnectionString("edupro"), interceptors);

    public static EduProDb Open(string database, params IInterceptor[] interceptors)
    {
        var options = new DbContextOptionsBuilder<EduProDb>()
            .UseNpgsql(database)
            .UseSnakeCaseNamingConvention()
            .AddInterceptors(interceptors);
        options.UseCustomPlans();
        OneModel.Use(options);
        return new EduProDb(options.Options);
    }
}
