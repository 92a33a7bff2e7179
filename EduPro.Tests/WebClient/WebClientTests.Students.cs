using EduPro.Tests.Support;

namespace EduPro.Tests.WebClient;

public sealed partial class WebClientTests
{
    [Fact, Row(15)]
    public async Task A_teacher_pages_through_students_five_at_a_time()
    {
        using var teacher = await school.Stack.Teacher();
        for (var i = 0; i < 6; i++)
            (await school.Stack.Student(teacher)).Dispose();
        var page = (await teacher.Get(V1 + "teacher/get_students/?page=1&ordering=nonsense"))
            .Expect(200)
            .Reads(
                """
                count,next,previous,results[].{id,is_active,enrollment_date,last_activity,completed_lessons,
                number_of_completed_courses,notes,student.{full_name,profile_picture,
                user.{id,username,email,phone,first_name,last_name,avatar}}}
                """
            );
        Assert.Equal((6, 5), (page["count"].GetInt32(), page["results"].GetArrayLength()));
        foreach (
            var field in new[]
            {
                "enrollment_date",
                "student__full_name",
                "student__user__email",
                "student__user__username",
                "completed_lessons",
                "last_activity",
            }
        )
        foreach (var sign in new[] { "", "-" })
            (await teacher.Get(V1 + $"teacher/get_students/?page=2&ordering={sign}{field}&is_active=true&search=sara"))
                .Expect(200)
                .Reads("results[].id");
    }

    [Fact, Row(16)]
    public async Task A_teacher_sees_a_student()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + $"teacher/get-student-profile/{school.Student.Id}"))
            .Expect(200)
            .Reads(
                """
                student.{full_name,profile_picture,bio,date_of_birth,address,city,country,gender,
                user.{phone,parent_phone,username,slug}}, notes, is_active, enrollment_date, completed_lessons,
                number_of_completed_courses, number_of_enrollment_courses
                """
            );
    }

    [Fact, Row(17)]
    public async Task A_teacher_blocks_and_unblocks_with_an_empty_patch()
    {
        using var student = await school.Stack.Student(school.Teacher);
        using var browser = await school.TeachersBrowser();
        var path = V1 + $"teacher/students/toggle-block/{student.Id}/";
        Assert.True((await browser.Patch(path)).Expect(200)["is_blocked"].GetBoolean());
        Assert.False((await browser.Patch(path)).Expect(200)["is_blocked"].GetBoolean());
    }

    [Fact, Row(18)]
    public async Task A_teacher_sees_a_students_enrolments()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + $"teacher/students/{school.Student.Id}/enrollments/"))
            .Expect(200)
            .Reads(
                """
                count, results[].{id,course_name,student_name,progress,status,access_type,enrollment_date,
                ended_date,last_activity}
                """
            );
    }

    [Fact, Row(19)]
    public async Task A_teacher_sees_a_students_attempts()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + $"teacher/assessments/attempts/{school.Student.Username}/"))
            .Expect(200)
            .Reads(
                """
                count, results[].{id,assessment_title,assessment_type,related_to(string),started_at,score,percentage,
                is_passed,status}
                """
            );
    }

    [Fact, Row(20)]
    public async Task A_teacher_sees_their_revenue()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + "teacher/revenue/")).Expect(200).Reads("revenue");
    }
}
