using EduPro.Tests.Support;

namespace EduPro.Tests.Enrollments;

public sealed class EnrollmentTests(Stack stack)
{
    [Fact]
    public async Task A_student_enrols_and_teacher_and_student_see_it()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 49.99m, title: "Geometry");
        using var student = await stack.Student(teacher);

        var enrolled = (await student.Enroll(course)).Expect(201);
        Assert.Equal("Successfully enrolled in course", enrolled["message"].GetString());

        var own = (await student.Get($"course/course-enrollment-list/{teacher.Username}/")).Expect(200);
        Assert.Equal("1", own.Header("X-Pagination-Count"));
        Assert.Equal("Geometry", own["0.course.title"].GetString());
        Assert.Equal(student.Username, own["0.student.username"].GetString());
        var listed = (await teacher.Get($"teacher/courses/{course}/enrollments/")).Expect(200);
        Assert.Equal(student.Email, listed["0.student.email"].GetString());
        Assert.Equal("0.00", listed["0.progress"].GetString());
        var students = (await teacher.Get($"get_student-enrollments/{course}/")).Expect(200);
        Assert.Equal("Sara Haddad", students["0.full_name"].GetString());
        Assert.True(students["0.user.is_active"].GetBoolean());
        var page = (await teacher.Get($"teacher/students/{student.Id}/enrollments/")).Expect(200);
        Assert.Equal("Geometry", page["results.0.course_name"].GetString());
        Assert.Equal("active", page["results.0.status"].GetString());
    }

    [Fact]
    public async Task What_was_paid_is_the_revenue_also_after_the_price_changed_and_the_place_was_given_up()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 49.99m);
        var code = (await teacher.Coupon(percentage: 15))["code"].GetString();
        using var first = await stack.Student(teacher);
        using var second = await stack.Passerby();
        (await first.Enroll(course)).Expect(201);
        (await second.Enroll(course, code)).Expect(201);
        await stack.Set(course, $"price = 5");
        var enrollment = await first.EnrollmentOf(teacher, course);
        Assert.Equal(
            "Enrollment deleted successfully",
            (await first.Delete($"course/course-enrollment-delete/{course}/{enrollment}/"))
                .Expect(200)["message"]
                .GetString()
        );

        var revenue = (await teacher.Get("teacher/revenue/")).Expect(200);

        // 49.99 less 15 % is 42.4915, to the cent 42.49.
        Assert.Equal("92.48", revenue["total_revenue"].GetString());
        Assert.Equal("92.48", revenue["monthly_revenue"].GetString());
        Assert.Equal("92.48", revenue["courses.0.revenue"].GetString());
        Assert.Equal(1, revenue["courses.0.enrollments_count"].GetInt32());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Enrolling_is_refused_in_the_words_of_the_catalogue()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        var draft = await teacher.Course(published: false);
        using var student = await stack.Student(teacher);

        (await student.Enroll(course)).Expect(201);
        (await student.Enroll(course)).ExpectProblem(
            400,
            "Already enrolled",
            "You are already enrolled in this course."
        );
        (await student.Enroll(draft)).ExpectProblem(
            400,
            "Course not available",
            "This course is not published or available for enrollment."
        );
        (await student.Enroll(Guid.Empty)).ExpectProblem(
            404,
            "Course not found",
            "No course found with the provided ID."
        );
        (await teacher.Enroll(course)).ExpectProblem(
            403,
            "Permission denied",
            "You must be a student to enroll in courses."
        );
        using var stranger = stack.Stranger();
        (await stranger.Enroll(course)).ExpectProblem(
            401,
            "Authentication required",
            "You must be authenticated to perform this action."
        );
        (await student.Post("course/course-enrollment/", new { })).ExpectFault("course", "This field is required.");
        (await student.Post("course/course-enrollment/", new { course = "x" })).ExpectFault(
            "course",
            "Must be a valid UUID."
        );
    }

    [Fact]
    public async Task A_full_course_a_missing_prerequisite_and_a_foreign_country_refuse()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Passerby();
        var full = await teacher.Course();
        await stack.Set(full, $"max_enrollments = 1");
        using var other = await stack.Passerby();
        (await other.Enroll(full)).Expect(201);
        (await student.Enroll(full)).ExpectProblem(
            400,
            "Course full",
            "This course has reached its maximum enrollment capacity."
        );

        var basics = await teacher.Course();
        await teacher.Lesson(await teacher.Module(basics));
        var advanced = await teacher.Course();
        await using (var database = await stack.Database())
        {
            await using var command = database.CreateCommand();
            command.CommandText =
                $"INSERT INTO course_prerequisites (course_id, prerequisite_id) VALUES ('{advanced}', '{basics}')";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        void ExpectUnmet(Reply reply) =>
            reply.ExpectProblem(
                400,
                "Prerequisites not met",
                "You must complete the required prerequisites before enrolling in this course."
            );
        ExpectUnmet(await student.Enroll(advanced));
        (await student.Enroll(basics)).Expect(201);
        ExpectUnmet(await student.Enroll(advanced));
        await using (var database = await stack.Database())
        {
            await using var command = database.CreateCommand();
            command.CommandText =
                $"UPDATE enrollments SET completed_lessons = 1 WHERE course_id = '{basics}' AND student_id = '{student.Id}'";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        (await student.Enroll(advanced)).Expect(201);

        var local = await teacher.Course();
        await stack.Set(local, $"allowed_countries = ARRAY['EG']");
        (await student.Enroll(local)).ExpectProblem(
            400,
            "Geographic restriction",
            "This content is not available in your geographic region."
        );
        await using (var database = await stack.Database())
        {
            await using var command = database.CreateCommand();
            command.CommandText = $"UPDATE users SET country = 'egypt' WHERE id = '{student.Id}'";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        (await student.Enroll(local)).Expect(201);
    }

    [Fact]
    public async Task Enrolling_joins_the_teacher_and_being_blocked_prevents_it()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        var other = await teacher.Course(price: 10);
        using var student = await stack.Passerby();
        (await student.Enroll(course)).Expect(201);

        await stack.ExpectBooksBalance(teacher.Id);
        await teacher.Block(student);
        (await student.Enroll(other)).ExpectProblem(
            403,
            "Account blocked",
            "Your account has been blocked by the teacher."
        );
        await teacher.Block(student, blocked: false);
        (await student.Enroll(other)).Expect(201);
    }

    [Fact]
    public async Task An_enrolment_is_deleted_by_its_student_or_the_course_owner_only()
    {
        using var teacher = await stack.Teacher();
        using var stranger = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        var elsewhere = await teacher.Course(price: 10);
        using var student = await stack.Passerby();
        using var other = await stack.Passerby();
        (await student.Enroll(course)).Expect(201);
        var enrollment = await student.EnrollmentOf(teacher, course);
        var path = $"course/course-enrollment-delete/{course}/{enrollment}/";

        foreach (var intruder in new[] { stranger, other })
            (await intruder.Delete(path)).ExpectProblem(
                403,
                "Permission denied",
                "You do not have sufficient permissions to perform this action."
            );
        (await teacher.Delete($"course/course-enrollment-delete/{elsewhere}/{enrollment}/")).Expect(404);
        (await teacher.Delete(path)).Expect(200);
        (await teacher.Delete(path)).ExpectProblem(
            404,
            "Enrollment not found",
            "The specified enrollment does not exist."
        );
        (await student.Enroll(course)).Expect(201);
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Enrolment_lists_are_for_those_they_concern()
    {
        using var teacher = await stack.Teacher();
        using var stranger = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Student(teacher);
        using var other = await stack.Student(teacher);
        (await student.Enroll(course)).Expect(201);

        Assert.Equal(
            1,
            (await teacher.Get($"course/course-enrollment-list/{teacher.Username}/")).Expect(200).Json.GetArrayLength()
        );
        Assert.Equal(
            0,
            (await other.Get($"course/course-enrollment-list/{teacher.Username}/")).Expect(200).Json.GetArrayLength()
        );
        (await stranger.Get($"course/course-enrollment-list/{teacher.Username}/")).Expect(403);
        (await student.Get("course/course-enrollment-list/nobody-at-all/")).ExpectProblem(
            404,
            "Teacher not found",
            "Teacher with this username does not exist."
        );
        using var nobody = stack.Stranger();
        (await nobody.Get($"course/course-enrollment-list/{teacher.Username}/")).Expect(401);
        foreach (var path in new[] { $"teacher/courses/{course}/enrollments/", $"get_student-enrollments/{course}/" })
        {
            (await stranger.Get(path)).Expect(403);
            (await student.Get(path)).ExpectProblem(
                403,
                "Wrong user type",
                "This action is only available for teachers."
            );
        }
        (await teacher.Get("teacher/courses/none/enrollments/")).Expect(404);
        (await stranger.Get($"teacher/students/{student.Id}/enrollments/")).ExpectProblem(
            404,
            "Student not found",
            "The specified student does not exist."
        );
    }

    [Fact]
    public async Task A_module_needs_its_course_and_is_paid_by_itself()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        var module = await teacher.Module(course);
        await using (var database = await stack.Database())
        {
            await using var command = database.CreateCommand();
            command.CommandText = $"UPDATE modules SET price = 4.50 WHERE id = '{module}'";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        using var student = await stack.Student(teacher);
        const string path = "course/module-enrollment/";

        (await student.Post(path, new { module })).ExpectProblem(
            400,
            "Course not enrolled",
            "You must be enrolled in the course before enrolling in modules."
        );
        (await student.Enroll(course)).Expect(201);
        Assert.Equal(
            "Successfully enrolled in module",
            (await student.Post(path, new { module })).Expect(201)["message"].GetString()
        );
        (await student.Post(path, new { module })).ExpectProblem(
            400,
            "Already enrolled",
            "You are already enrolled in this module."
        );
        (await student.Post(path, new { module = Guid.Empty })).ExpectProblem(
            404,
            "Module not found",
            "The specified module does not exist."
        );
        (await student.Post(path, new { })).ExpectFault("module", "This field is required.");
        Assert.Equal("14.50", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task The_ledger_cannot_be_changed()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Passerby();
        (await student.Enroll(await teacher.Course(price: 10))).Expect(201);
        await using var database = await stack.Database();
        foreach (
            var change in new[]
            {
                $"UPDATE ledger_entries SET net = 0 WHERE student_id = '{student.Id}'",
                $"DELETE FROM ledger_entries WHERE student_id = '{student.Id}'",
                "TRUNCATE ledger_entries",
            }
        )
        {
            await using var command = database.CreateCommand();
            command.CommandText = change;
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
                command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
            );
            Assert.Equal("The ledger is append-only.", refused.MessageText);
        }
    }
}
