using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class StudentsTests(Stack stack)
{
    [Fact]
    public async Task A_student_joins_another_teacher_once()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => student.Post($"join-teacher/{other.Username}/"))
        );

        Assert.Equal(
            "Successfully joined teacher",
            Assert.Single(replies, r => r.Status == 201)["message"].GetString()
        );
        foreach (var reply in replies.Where(r => r.Status != 201))
            Assert.Equal("Already joined teacher", reply.Expect(200)["message"].GetString());
        (await student.Get($"student/student-profile/{other.Username}/")).Expect(200);
        Assert.Equal(1, (await other.Get("teacher/teacher-profile/"))["number_of_students"].GetInt32());
        (await student.Post("join-teacher/no-such-teacher/")).ExpectProblem(
            404,
            "Teacher not found",
            "Teacher with this username does not exist."
        );
        (await teacher.Post($"join-teacher/{other.Username}/")).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for students."
        );
    }

    [Fact]
    public async Task The_list_is_as_documented()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);

        foreach (var prefix in new[] { "/api/", "/api/v1/" })
        {
            var list = (await teacher.Get(prefix + "teacher/get_students/?page=1")).Expect(200);
            Assert.Equal(1, list["count"].GetInt32());
            Assert.Equal(JsonValueKind.Null, list["next"].ValueKind);
            Assert.Equal(JsonValueKind.Null, list["previous"].ValueKind);
            Assert.Equal("1", list.Header("X-Pagination-Count"));
            var row = list["results.0"];
            Assert.NotEqual(student.Id, row.GetProperty("id").GetGuid());
            Assert.Equal(student.Id, list["results.0.student.id"].GetGuid());
            Assert.Equal(student.Id, list["results.0.student.user.id"].GetGuid());
            Assert.Equal("Sara Haddad", list["results.0.student.full_name"].GetString());
            Assert.Equal(student.Email, list["results.0.student.user.email"].GetString());
            Assert.Equal("student", list["results.0.student.user.user_type"].GetString());
            Assert.True(list["results.0.student.user.is_active"].GetBoolean());
            Assert.Matches(@"^\d{4}-\d\d-\d\d$", row.GetProperty("enrollment_date").GetString());
            Assert.True(row.GetProperty("is_active").GetBoolean());
            Assert.Equal(0, row.GetProperty("completed_lessons").GetInt32());
            Assert.Equal(0, row.GetProperty("number_of_completed_courses").GetInt32());
            foreach (var field in new[] { "notes", "last_activity" })
                Assert.Equal(JsonValueKind.Null, row.GetProperty(field).ValueKind);
            string[] nulls = ["bio", "profile_picture", "date_of_birth", "address", "country", "city", "gender"];
            foreach (var field in nulls)
                Assert.Equal(JsonValueKind.Null, list["results.0.student." + field].ValueKind);
            Assert.NotEqual(JsonValueKind.Null, list["results.0.student.user.last_login"].ValueKind);
        }
    }

    [Fact]
    public async Task The_list_pages_filters_searches_and_orders()
    {
        using var teacher = await stack.Teacher();
        var names = new[] { "bea", "Ali", "dan", "Cyd", "eve", "Fay" };
        var students = new List<Caller>();
        foreach (var name in names)
        {
            var student = await stack.Student(teacher);
            (await student.Patch("student/update-profile/", new { first_name = name })).Expect(200);
            students.Add(student);
        }
        async Task<string> Names(string query) =>
            string.Join(
                ' ',
                (await teacher.Get("teacher/get_students/" + query))
                    .Expect(200)["results"]
                    .EnumerateArray()
                    .Select(row => row.GetProperty("student").GetProperty("user").GetProperty("first_name").GetString())
            );

        Assert.Equal("Ali bea Cyd dan eve", await Names(""));
        Assert.Equal("Fay", await Names("?page=2"));
        Assert.Equal("Ali bea Cyd dan eve Fay", await Names("?page_size=100"));
        Assert.Equal("Fay eve dan Cyd bea", await Names("?ordering=-student__full_name"));
        Assert.Equal("bea Ali dan Cyd eve", await Names("?ordering=enrollment_date"));
        Assert.Equal("Fay eve Cyd dan Ali", await Names("?ordering=-enrollment_date"));
        Assert.Equal("bea Ali dan Cyd eve", await Names("?ordering=student__user__username"));
        Assert.Equal("Fay eve Cyd dan Ali", await Names("?ordering=-student__user__email"));
        foreach (var order in new[] { "completed_lessons", "-last_activity", "last_activity" })
            Assert.Equal(5, (await Names("?ordering=" + order)).Split(' ').Length);
        Assert.Equal("Ali bea Cyd dan eve", await Names("?ordering=nonsense"));

        Assert.Equal("Cyd", await Names("?search=cyd had"));
        Assert.Equal("Ali", await Names("?search=" + students[1].Username.ToUpperInvariant()));
        Assert.Equal("dan", await Names("?search=" + Uri.EscapeDataString(students[2].Email)));
        Assert.Equal("", await Names("?search=%25"));
        Assert.Equal("", await Names("?search=" + Uri.EscapeDataString(@"_\")));

        (await teacher.Post($"teacher/students/toggle-block/{students[0].Id}/")).Expect(200);
        Assert.Equal("bea", await Names("?is_active=false"));
        Assert.Equal("Ali Cyd dan eve Fay", await Names("?is_active=true&page=1&ordering=student__full_name"));
        Assert.Equal("Ali bea Cyd dan eve", await Names("?is_active="));

        var first = (await teacher.Get("/api/v1/teacher/get_students/?page=1&is_active=true&page_size=2")).Expect(200);
        Assert.Equal(5, first["count"].GetInt32());
        Assert.Contains("/api/v1/teacher/get_students/?page=2&is_active=true&page_size=2", first["next"].GetString());
        foreach (var page in new[] { "last&page_size=2", "1&page=3&page_size=1&page_size=2" })
        {
            var last = (await teacher.Get("teacher/get_students/?ordering=student__full_name&page=" + page)).Expect(
                200
            );
            Assert.Equal("Fay", last["results.1.student.user.first_name"].GetString());
            Assert.Null(last["next"].GetString());
        }
        Assert.Equal("Ali bea Cyd dan eve", await Names("?page=&search="));
        foreach (var page in new[] { "3", "0", "x" })
            (await teacher.Get("teacher/get_students/?page=" + page)).ExpectProblem(404, "Not found", "Invalid page.");
        (await teacher.Get("teacher/get_students/?is_active=maybe")).ExpectFault(
            "is_active",
            "Must be a valid boolean."
        );
        (await teacher.Get("teacher/get_students/?search=%00")).ExpectFault(
            "search",
            "Null characters are not allowed."
        );
        students.ForEach(student => student.Dispose());
    }

    [Fact]
    public async Task The_list_refuses_in_its_own_words()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        using var stranger = stack.Stranger();
        (await stranger.Get("teacher/get_students/")).ExpectProblem(
            401,
            "Authentication required",
            "Authentication credentials were not provided."
        );
        (await student.Get("teacher/get_students/")).ExpectProblem(
            403,
            "Permission denied",
            "You do not have permission to perform this action."
        );
    }

    [Fact]
    public async Task A_teacher_sees_a_student_of_theirs()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);

        var shown = (await teacher.Get($"teacher/get-student-profile/{student.Id}/")).Expect(200);
        Assert.Equal(
            (student.Id, student.Username, "Sara", "Haddad", student.Email, "441234567", false),
            (
                shown["id"].GetGuid(),
                shown["username"].GetString(),
                shown["first_name"].GetString(),
                shown["last_name"].GetString(),
                shown["email"].GetString(),
                shown["parent_phone"].GetString(),
                shown["is_blocked"].GetBoolean()
            )
        );
        foreach (var field in new[] { "avatar", "grade_level", "school_name", "notes" })
            Assert.Equal(JsonValueKind.Null, shown[field].ValueKind);

        var v1 = (await teacher.Get($"/api/v1/teacher/get-student-profile/{student.Id}")).Expect(200);
        Assert.Equal("Sara Haddad", v1["student.full_name"].GetString());
        Assert.Equal(student.Username, v1["student.user.username"].GetString());
        Assert.True(v1["is_active"].GetBoolean());
        foreach (
            var count in new[] { "completed_lessons", "number_of_completed_courses", "number_of_enrollment_courses" }
        )
            Assert.Equal(0, v1[count].GetInt32());

        foreach (
            var refused in new[]
            {
                await other.Get($"teacher/get-student-profile/{student.Id}/"),
                await teacher.Get("teacher/get-student-profile/not-an-id/"),
                await other.Delete($"teacher/students/remove/{student.Id}/"),
                await other.Post($"teacher/students/toggle-block/{student.Id}/"),
            }
        )
            refused.ExpectProblem(404, "Student not found", "The specified student does not exist.");
    }

    [Fact]
    public async Task Blocking_cuts_a_student_off_from_that_teacher_at_once()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher, replica: 2);
        (await student.Post($"join-teacher/{other.Username}/")).Expect(201);

        var blocked = (await teacher.Post($"teacher/students/toggle-block/{student.Id}/")).Expect(200);
        Assert.Equal("Student blocked successfully", blocked["message"].GetString());
        Assert.True(blocked["is_blocked"].GetBoolean());

        foreach (
            var refused in new[]
            {
                await student.Get($"student/student-profile/{teacher.Username}/"),
                await student.Post($"student/refresh/{teacher.Username}/", new { refresh = student.Refresh }),
                await student.Post($"join-teacher/{teacher.Username}/"),
                await student.Post(
                    $"student/login/{teacher.Username}/",
                    new { username = student.Username, password = student.Password }
                ),
            }
        )
            refused.ExpectProblem(403, "Account blocked", "Your account has been blocked by the teacher.");
        (await student.Get($"student/student-profile/{other.Username}/")).Expect(200);

        var unblocked = (await teacher.Patch($"/api/v1/teacher/students/toggle-block/{student.Id}/")).Expect(200);
        Assert.Equal("Student unblocked successfully", unblocked["message"].GetString());
        Assert.False(unblocked["is_blocked"].GetBoolean());
        (await student.Get($"student/student-profile/{teacher.Username}/")).Expect(200);
    }

    [Fact]
    public async Task Removing_a_student_ends_the_relation_until_they_join_again()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);

        var removed = (await teacher.Delete($"teacher/students/remove/{student.Id}/")).Expect(200);

        Assert.Equal("Student removed successfully", removed["message"].GetString());
        (await teacher.Delete($"teacher/students/remove/{student.Id}/")).Expect(404);
        (await teacher.Get($"teacher/get-student-profile/{student.Id}/")).Expect(404);
        Assert.Equal(0, (await teacher.Get("teacher/get_students/"))["count"].GetInt32());
        Assert.Equal(0, (await teacher.Get("teacher/teacher-profile/"))["number_of_students"].GetInt32());
        (await student.Get($"student/student-profile/{teacher.Username}/")).Expect(403);

        await student.LogIn($"student/login/{teacher.Username}/", student.Username, student.Password);
        (await student.Post($"join-teacher/{teacher.Username}/")).Expect(201);
        (await student.Get($"student/student-profile/{teacher.Username}/")).Expect(200);
        Assert.Equal(1, (await teacher.Get("teacher/teacher-profile/"))["number_of_students"].GetInt32());
    }
}
