using EduPro.Tests.Support;

namespace EduPro.Tests.Journeys;

/// <summary>What <c>--demo</c> fills a school with.</summary>
public sealed class DemoTests(Stack stack)
{
    [Fact]
    public async Task The_demo_school_opens_once_and_its_accounts_log_in()
    {
        using var stranger = stack.Stranger();
        var settings = new Dictionary<string, string?>
        {
            ["services:api:http:0"] = stranger.Address.GetLeftPart(UriPartial.Authority),
            ["Admin:Username"] = Stack.AdminUsername,
            ["Admin:Password"] = Stack.AdminPassword,
        };
        await using (var demo = ServiceProcess.Start("EduPro.Demo", settings))
        {
            Assert.True(await demo.Ended() == 0, demo.Output);
            Assert.Contains("To log in as teacher: maryam / Sesame-open-9", demo.Output);
        }
        await using (var again = ServiceProcess.Start("EduPro.Demo", settings))
        {
            Assert.True(await again.Ended() == 0, again.Output);
            Assert.Contains("open already", again.Output);
        }

        var courses = (await stranger.Get("course/teacher-list/khwarizmi/")).Expect(200);
        Assert.Equal(3, courses.Json.GetArrayLength());
        var picture = (await stranger.Get(new Uri(courses["0.thumbnail"].GetString()!).AbsolutePath)).Expect(200);
        Assert.StartsWith("image/", picture.Header("Content-Type"), StringComparison.Ordinal);
        using var teacher = stack.Stranger();
        await teacher.LogIn("teacher/login/", "khwarizmi", "Sesame-open-9");
        Assert.Equal(8, (await teacher.Get("teacher/get_students/")).Expect(200)["count"].GetInt32());
        Assert.NotEqual("0.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        Assert.NotEqual(0, (await teacher.Get("teacher/grading/pending/")).Expect(200).Json.GetArrayLength());
        using var student = stack.Stranger();
        await student.LogIn("student/login/maryam/", "student1", "Sesame-open-9");
        Assert.NotEqual(
            0,
            (await student.Get("course/course-enrollment-list/maryam/")).Expect(200).Json.GetArrayLength()
        );
    }
}
