using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class LoginTests(Stack stack)
{
    [Fact]
    public async Task A_student_logs_in_at_the_teacher()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        Assert.NotEqual("", student.Access);
        Assert.NotEqual("", student.Refresh);
    }
}
