using EduPro.Tests.Support;

namespace EduPro.Tests.Contract;

/// <summary>A request that would succeed for the right caller.</summary>
/// <param name="Path">Below the prefix.</param>
public sealed record Call(string Path, object? Body = null);

/// <summary>
/// A school in which each operation of the contract has something to work on: teachers, an admin, a course with a
/// module and a lesson. Students are new for each operation, so that none meets what another left behind.
/// </summary>
public sealed class ContractSchool(Stack stack) : IAsyncLifetime
{
    private const string Password = "Sesame-open-9";
    private Guid category,
        course,
        module,
        lesson,
        assessment,
        question,
        option;
    private Caller graduate = null!;

    public Caller Anybody { get; } = stack.Stranger();
    public Caller Owner { get; private set; } = null!;
    public Caller OtherTeacher { get; private set; } = null!;
    public Caller Admin { get; private set; } = null!;

    /// <summary>What stands for the parameters of paths.</summary>
    public IReadOnlyDictionary<string, string> Ids =>
        new Dictionary<string, string>
        {
            ["teacher_username"] = Owner.Username,
            ["student_username"] = graduate.Username,
            ["student_id"] = $"{graduate.Id}",
            ["category_id"] = $"{category}",
            ["course_id"] = $"{course}",
            ["module_id"] = $"{module}",
            ["lesson_id"] = $"{lesson}",
            ["assessment_id"] = $"{assessment}",
            ["question_id"] = $"{question}",
            ["option_id"] = $"{option}",
        };

    /// <summary>In the course.</summary>
    public Caller Enrolled { get; private set; } = null!;

    /// <summary>With the teacher, in no course.</summary>
    public Caller NotEnrolled { get; private set; } = null!;

    /// <summary>In the course, and then blocked by the teacher.</summary>
    public Caller Blocked { get; private set; } = null!;

    /// <summary>With the other teacher only.</summary>
    public Caller Foreign { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Owner = await stack.Teacher();
        OtherTeacher = await stack.Teacher();
        Admin = await stack.Admin();
        graduate = await stack.Student(Owner);
        category = await stack.Category();
        course = await NewCourse();
        module = await Owner.Module(course);
        lesson = await Owner.Lesson(module);
        assessment = await Owner.Assessment(("course", course), ("max_attempts", 1000));
        question = await Owner.Question(assessment, "multiple_choice");
        option = await Owner.Option(question, "Because.", correct: true);
    }

    /// <summary>A caller by the name that the tables give them.</summary>
    public Caller CallerOf(string who) =>
        who switch
        {
            "anonymous" => Anybody,
            "foreign student" => Foreign,
            "enrolled student" => Enrolled,
            "not enrolled student" => NotEnrolled,
            "blocked student" => Blocked,
            "other teacher" => OtherTeacher,
            "owner" => Owner,
            "admin" => Admin,
            _ => throw new ArgumentOutOfRangeException(nameof(who), who, "Nobody of that name."),
        };

    /// <summary>Somebody for whom the operation succeeds.</summary>
    internal Caller CallerOf(Operation operation) =>
        operation.Caller switch
        {
            "anonymous" => Anybody,
            "admin" => Admin,
            // A new student: this one can call nothing afterwards.
            "any user" when operation.Path == "/api/logout/" => NotEnrolled,
            "student" when operation.Path == "/api/join-teacher/<teacher_username>/" => Foreign,
            "student" or "enrolled student" or "rating owner" or "student or course owner" => Enrolled,
            _ => Owner,
        };

    /// <summary>Brings new students.</summary>
    public async Task Renew()
    {
        Leave();
        if (await stack.Crowd(4) is not [var enrolled, var notEnrolled, var blocked, var foreign])
            throw new InvalidOperationException("The crowd is another one.");
        (Enrolled, NotEnrolled, Blocked, Foreign) = (enrolled, notEnrolled, blocked, foreign);
        foreach (var student in new[] { Enrolled, NotEnrolled, Blocked })
            await student.Join(Owner);
        await Foreign.Join(OtherTeacher);
        await stack.Enroll(Enrolled, course);
        await stack.Enroll(Blocked, course);
        await Owner.Block(Blocked);
    }

    /// <summary>A request of the operation, on something that no request touched yet where it changes it.</summary>
    /// <param name="operation">Method and path as the contract writes them.</param>
    public async Task<Call> CallOf(string operation)
    {
        var username = School.Unique("someone");
        return operation switch
        {
            "POST /api/teacher/teacher-register/" => new("teacher/teacher-register/", Registration()),
            "POST /api/student/student-register/<teacher_username>/" => new(
                $"student/student-register/{Owner.Username}/",
                Registration()
            ),
            "POST /api/teacher/login/" => new("teacher/login/", new { username = Owner.Username, password = Password }),
            "POST /api/student/login/<teacher_username>/" => new(
                $"student/login/{Owner.Username}/",
                new { username = graduate.Username, password = Password }
            ),
            "POST /api/token/refresh/" => new("token/refresh/", new { refresh = Owner.Refresh }),
            "POST /api/student/refresh/<teacher_username>/" => new(
                $"student/refresh/{Owner.Username}/",
                new { refresh = graduate.Refresh }
            ),
            "POST /api/logout/" => new("logout/"),
            "POST /api/change-password/" => new(
                "change-password/",
                new
                {
                    old_password = Password,
                    new_password1 = Password,
                    new_password2 = Password,
                }
            ),
            "POST /api/password-reset/request/" => new(
                "password-reset/request/",
                new { email = (await stack.Passerby()).Username + "@example.com" }
            ),
            "POST /api/password-reset/verify/" => new("password-reset/verify/", await Otp(null)),
            "POST /api/password-reset/confirm/" => new("password-reset/confirm/", await Otp(Password)),
            "GET /api/teacher/teacher-profile/" => new("teacher/teacher-profile/"),
            "GET /api/teacher/teacher-profile/<teacher_username>/" => new($"teacher/teacher-profile/{Owner.Username}/"),
            "PUT /api/teacher/update-profile/" or "PATCH /api/teacher/update-profile/" => new(
                "teacher/update-profile/",
                new { bio = "Teaches." }
            ),
            "GET /api/student/student-profile/<teacher_username>/" => new($"student/student-profile/{Owner.Username}/"),
            "PUT /api/student/update-profile/" or "PATCH /api/student/update-profile/" => new(
                "student/update-profile/",
                new { bio = "Learns." }
            ),
            "POST /api/join-teacher/<teacher_username>/" => new($"join-teacher/{Owner.Username}/"),
            "GET /api/teacher/get_students/" => new("teacher/get_students/"),
            "GET /api/teacher/get-student-profile/<student_id>/" => new($"teacher/get-student-profile/{Enrolled.Id}/"),
            "DELETE /api/teacher/students/remove/<student_id>/" => new(
                $"teacher/students/remove/{(await NewStudent()).Id}/"
            ),
            "POST /api/teacher/students/toggle-block/<student_id>/" => new(
                $"teacher/students/toggle-block/{(await NewStudent()).Id}/"
            ),

            "POST /api/course/category/create/" => new("course/category/create/", new { name = username }),
            "GET /api/course/category/list/" => new("course/category/list/"),
            "PUT /api/course/category/update/<category_id>/" or "PATCH /api/course/category/update/<category_id>/" =>
                new($"course/category/update/{category}/", new { description = "Numbers." }),
            "POST /api/course/create/" => new(
                "course/create/",
                new
                {
                    title = "Optics",
                    description = "Light.",
                    category,
                    price = "10.00",
                }
            ),
            "GET /api/course/list/" => new("course/list/"),
            "GET /api/course/teacher-list/<teacher_username>/" => new($"course/teacher-list/{Owner.Username}/"),
            "GET /api/course/course-detail/<course_id>/" => new($"course/course-detail/{course}/"),
            "PUT /api/course/update/<course_id>/" or "PATCH /api/course/update/<course_id>/" => new(
                $"course/update/{course}/",
                new { description = "Much." }
            ),
            "DELETE /api/course/course-delete/<course_id>/" => new(
                $"course/course-delete/{await NewCourse(published: false)}/"
            ),
            "GET /api/course/course-search-filter/" => new("course/course-search-filter/?page_size=5"),
            "GET /api/course/list-by-teacher/" => new("course/list-by-teacher/"),
            "GET /api/course/private-deatils/<course_id>/" => new($"course/private-deatils/{course}/"),

            "GET /api/courses/<course_id>/modules/" => new($"courses/{course}/modules/"),
            "POST /api/courses/<course_id>/modules/create/" => new(
                $"courses/{course}/modules/create/",
                new { title = "Lenses", description = "Bent." }
            ),
            "GET /api/modules/<module_id>/" => new($"modules/{module}/"),
            "PUT /api/modules/<module_id>/update/" or "PATCH /api/modules/<module_id>/update/" => new(
                $"modules/{module}/update/",
                new { description = "Ground." }
            ),
            "DELETE /api/modules/<module_id>/delete/" => new($"modules/{await Owner.Module(course)}/delete/"),
            "GET /api/modules/<module_id>/lessons/" => new($"modules/{module}/lessons/"),
            "POST /api/modules/<module_id>/lessons/create/" => new(
                $"modules/{module}/lessons/create/",
                new { title = "Focus", description = "Sharp." }
            ),
            "GET /api/lessons/<lesson_id>/" => new($"lessons/{lesson}/"),
            "PUT /api/lessons/<lesson_id>/update/" or "PATCH /api/lessons/<lesson_id>/update/" => new(
                $"lessons/{lesson}/update/",
                new { description = "Clear." }
            ),
            "DELETE /api/lessons/<lesson_id>/delete/" => new($"lessons/{await Owner.Lesson(module)}/delete/"),
            "POST /api/lessons/<lesson_id>/status/" => new($"lessons/{lesson}/status/", new { status = "completed" }),
            "GET /api/video/check-status/<lesson_id>/" => new($"video/check-status/{lesson}/"),

            "POST /api/course/course-enrollment/" => new(
                "course/course-enrollment/",
                new { course = await NewCourse() }
            ),
            "GET /api/course/course-enrollment-list/<teacher_username>/" => new(
                $"course/course-enrollment-list/{Owner.Username}/"
            ),
            "DELETE /api/course/course-enrollment-delete/<course_id>/<enrollment_id>/" => new(
                $"course/course-enrollment-delete/{course}/{await NewPlace()}/"
            ),
            "GET /api/teacher/courses/<course_id>/enrollments/" => new($"teacher/courses/{course}/enrollments/"),
            "POST /api/course/module-enrollment/" => new(
                "course/module-enrollment/",
                new { module = await Owner.Module(course) }
            ),

            "POST /api/coupon/create/" => new("coupon/create/", Coupon()),
            "GET /api/coupon/list/" => new("coupon/list/"),
            "GET /api/coupon/detail/<coupon_id>/" => new($"coupon/detail/{await NewCoupon()}/"),
            "PUT /api/coupon/update/<coupon_id>/" or "PATCH /api/coupon/update/<coupon_id>/" => new(
                $"coupon/update/{await NewCoupon()}/",
                new { max_uses = 7 }
            ),
            "DELETE /api/coupon/delete/<coupon_id>/" => new($"coupon/delete/{await NewCoupon()}/"),
            "GET /api/coupon/used-coupons/" => new("coupon/used-coupons/"),

            "GET /api/courses/<course_id>/list-ratings/" => new($"courses/{course}/list-ratings/"),
            "POST /api/courses/<course_id>/ratings/create/" => new(
                $"courses/{await CourseOf(Enrolled)}/ratings/create/",
                new { rating = 4, comment = "Fine." }
            ),
            "GET /api/course/retrive-upadate-delete-ratings/<id>/"
            or "DELETE /api/course/retrive-upadate-delete-ratings/<id>/" => new(
                $"course/retrive-upadate-delete-ratings/{await NewRating()}/"
            ),
            "PUT /api/course/retrive-upadate-delete-ratings/<id>/"
            or "PATCH /api/course/retrive-upadate-delete-ratings/<id>/" => new(
                $"course/retrive-upadate-delete-ratings/{await NewRating()}/",
                new { rating = 3 }
            ),

            "GET /api/teacher/assessments/" => new("teacher/assessments/?page_size=5"),
            "POST /api/teacher/assessments/" => new("teacher/assessments/", Quiz()),
            "GET /api/teacher/courses/<course_id>/assessments/" => new($"teacher/courses/{course}/assessments/"),
            "POST /api/teacher/courses/<course_id>/assessments/" => new(
                $"teacher/courses/{course}/assessments/",
                Quiz()
            ),
            "GET /api/teacher/assessments/<assessment_id>/" => new($"teacher/assessments/{assessment}/"),
            "PUT /api/teacher/assessments/<assessment_id>/" or "PATCH /api/teacher/assessments/<assessment_id>/" => new(
                $"teacher/assessments/{await Owner.Assessment()}/",
                new { title = "Rays" }
            ),
            "DELETE /api/teacher/assessments/<assessment_id>/" => new(
                $"teacher/assessments/{await Owner.Assessment()}/"
            ),
            "GET /api/teacher/assessments/<assessment_id>/questions/" => new(
                $"teacher/assessments/{assessment}/questions/"
            ),
            "POST /api/teacher/assessments/<assessment_id>/questions/" => new(
                $"teacher/assessments/{await Owner.Assessment()}/questions/",
                new
                {
                    text = "Why?",
                    question_type = "essay",
                    points = 2,
                    order = 1,
                    is_required = true,
                }
            ),
            "GET /api/teacher/assessments/questions/<question_id>/" => new(
                $"teacher/assessments/questions/{question}/"
            ),
            "PUT /api/teacher/assessments/questions/<question_id>/"
            or "PATCH /api/teacher/assessments/questions/<question_id>/" => new(
                $"teacher/assessments/questions/{await NewQuestion()}/",
                new { text = "How?" }
            ),
            "DELETE /api/teacher/assessments/questions/<question_id>/" => new(
                $"teacher/assessments/questions/{await NewQuestion()}/"
            ),
            "GET /api/teacher/questions/<question_id>/options/" => new($"teacher/questions/{question}/options/"),
            "POST /api/teacher/questions/<question_id>/options/" => new(
                $"teacher/questions/{await NewQuestion()}/options/",
                new
                {
                    text = "Because.",
                    is_correct = true,
                    order = 1,
                }
            ),
            "GET /api/teacher/questions/options/<option_id>/" => new($"teacher/questions/options/{option}/"),
            "PUT /api/teacher/questions/options/<option_id>/" or "PATCH /api/teacher/questions/options/<option_id>/" =>
                new($"teacher/questions/options/{await NewOption()}/", new { text = "So." }),
            "DELETE /api/teacher/questions/options/<option_id>/" => new(
                $"teacher/questions/options/{await NewOption()}/"
            ),

            "GET /api/student/assessments/<teacher_username>/" => new($"student/assessments/{Owner.Username}/"),
            "POST /api/student/assessments/<assessment_id>/<teacher_username>/start/" => new(
                $"student/assessments/{assessment}/{Owner.Username}/start/"
            ),
            "POST /api/students/attempts/<attempt_id>/submit/" => new(
                $"students/attempts/{await NewAttempt()}/submit/",
                new { answers = new[] { new { question, selected_options = new[] { option } } } }
            ),
            "GET /api/student/<teacher_username>/attempts/" => new($"student/{Owner.Username}/attempts/"),
            "GET /api/student/attempts/<attempt_id>/result/" => new(
                $"student/attempts/{await GradedAttempt()}/result/"
            ),
            "GET /api/teacher/grading/pending/" => new("teacher/grading/pending/"),
            "POST /api/teacher/grading/answer/<answer_id>/" => new(
                $"teacher/grading/answer/{await NewAnswer()}/",
                new { points_earned = 1, feedback = "Half." }
            ),
            "POST /api/student/student-register/" => new("student/student-register/", Registration()),
            "PATCH /api/teacher/students/toggle-block/<student_id>/" => new(
                $"teacher/students/toggle-block/{(await NewStudent()).Id}/"
            ),
            "GET /api/teacher/students/<student_id>/enrollments/" => new(
                $"teacher/students/{Enrolled.Id}/enrollments/"
            ),
            "GET /api/course/private-details/<course_id>/" => new($"course/private-details/{course}/"),
            "GET /api/lessons/<lesson_id>/status/" => new($"lessons/{lesson}/status/"),
            "PATCH /api/lessons/<lesson_id>/status/" => new($"lessons/{lesson}/status/", new { is_completed = true }),
            "GET /api/course/retrieve-update-delete-ratings/<id>/"
            or "DELETE /api/course/retrieve-update-delete-ratings/<id>/" => new(
                $"course/retrieve-update-delete-ratings/{await NewRating()}/"
            ),
            "PUT /api/course/retrieve-update-delete-ratings/<id>/"
            or "PATCH /api/course/retrieve-update-delete-ratings/<id>/" => new(
                $"course/retrieve-update-delete-ratings/{await NewRating()}/",
                new { rating = 3 }
            ),
            "GET /api/teacher/assessments/attempts/<student_username>/" => new(
                $"teacher/assessments/attempts/{Enrolled.Username}/"
            ),
            "GET /api/teacher/assessments/<assessment_id>/attempts/" => new(
                $"teacher/assessments/{assessment}/attempts/"
            ),
            "GET /api/teacher/assessments/<assessment_id>/grading/pending/" => new(
                $"teacher/assessments/{assessment}/grading/pending/"
            ),
            "GET /api/teacher/courses/<course_id>/grading/pending/" => new(
                $"teacher/courses/{course}/grading/pending/"
            ),
            "PUT /api/students/attempts/<attempt_id>/answers/" => new(
                $"students/attempts/{await NewAttempt()}/answers/",
                new { answers = Array.Empty<object>() }
            ),
            "PUT /api/students/attempts/<attempt_id>/submit/" => new(
                $"students/attempts/{await NewAttempt()}/submit/",
                new { answers = Array.Empty<object>() }
            ),
            "GET /api/teacher/grading/answer/<answer_id>/" => new($"teacher/grading/answer/{await NewAnswer()}/"),
            "PUT /api/teacher/grading/answer/<answer_id>/" => new(
                $"teacher/grading/answer/{await NewAnswer()}/",
                new { marks_awarded = "1" }
            ),
            // A stranger has no signature.
            "POST /api/video/hooks/vdocipher/" => new("video/hooks/vdocipher/", new { }),
            "GET /api/teacher/revenue/" => new("teacher/revenue/"),
            "GET /api/get_student-enrollments/<course_id>/" => new($"get_student-enrollments/{course}/"),
            "POST /api/course/create-vdocipher-upload-credentials/" => new(
                "course/create-vdocipher-upload-credentials/"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No such operation."),
        };

        object Registration() =>
            new
            {
                first_name = "Grace",
                last_name = "Hopper",
                username,
                email = username + "@example.com",
                phone = School.UniquePhone(),
                parent_phone = "441234567",
                password1 = Password,
                password2 = Password,
            };
    }

    /// <summary>Lets lists show something: an answer to grade, a coupon that was used, a rating.</summary>
    public async Task FillLists()
    {
        await NewAnswer();
        (await Enrolled.Post($"courses/{course}/ratings/create/", new { rating = 5, comment = "Bright." })).Expect(201);
        var code = (await Owner.Coupon())["code"].GetString();
        (await Enrolled.Enroll(await NewCourse(), code)).Expect(201);
        await GradedAttempt();
    }

    public ValueTask DisposeAsync()
    {
        Leave();
        foreach (var caller in new[] { Anybody, Owner, OtherTeacher, Admin, graduate })
            caller.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Leave()
    {
        foreach (var student in new[] { Enrolled, NotEnrolled, Blocked, Foreign })
            student?.Dispose();
    }

    private static object Quiz() =>
        new
        {
            title = "Rays",
            description = "Straight.",
            assessment_type = "quiz",
            duration_minutes = 10,
            passing_score = 50,
            is_active = true,
        };

    private static object Coupon() =>
        new
        {
            code = School.Unique("C"),
            discount_percentage = 10,
            valid_from = TimeProvider.System.GetUtcNow(),
            valid_until = TimeProvider.System.GetUtcNow().AddDays(9),
            max_uses = 3,
        };

    private async Task<Caller> NewStudent()
    {
        var student = await stack.Passerby();
        await student.Join(Owner);
        return student;
    }

    private async Task<object> Otp(string? password)
    {
        using var student = await stack.Passerby();
        var email = student.Username + "@example.com";
        (await student.Post("password-reset/request/", new { email })).Expect(200);
        var otp = await stack.OtpFor(email);
        return new
        {
            email,
            otp,
            new_password1 = password,
            new_password2 = password,
        };
    }

    private Task<Guid> NewCourse(bool published = true) => Owner.Course(published: published, category: category);

    private async Task<Guid> NewCoupon() => (await Owner.Coupon())["id"].GetGuid();

    private async Task<Guid> CourseOf(Caller student)
    {
        var another = await NewCourse();
        await stack.Enroll(student, another);
        return another;
    }

    /// <summary>The enrolled student's place, taken anew where it was given up.</summary>
    private async Task<Guid> NewPlace()
    {
        var places = (await Enrolled.Get($"course/course-enrollment-list/{Owner.Username}/")).Expect(200);
        if (places.Json.GetArrayLength() == 0)
            await stack.Enroll(Enrolled, course);
        return await Enrolled.EnrollmentOf(Owner, course);
    }

    private async Task<Guid> NewRating()
    {
        var rated = await CourseOf(Enrolled);
        (await Enrolled.Post($"courses/{rated}/ratings/create/", new { rating = 5, comment = "Bright." })).Expect(201);
        return (await Owner.Get($"courses/{rated}/list-ratings/")).Expect(200)["0.id"].GetGuid();
    }

    private async Task<Guid> NewQuestion() => await Owner.Question(await Owner.Assessment(), "multiple_choice");

    private async Task<Guid> NewOption() => await Owner.Option(await NewQuestion(), "Because.", correct: true);

    /// <summary>The enrolled student's running attempt, a new one where the last was handed in.</summary>
    private async Task<Guid> NewAttempt() => (await Enrolled.Start(Owner, assessment))["attempt_id"].GetGuid();

    private async Task<Guid> GradedAttempt()
    {
        var attempt = await NewAttempt();
        (await Enrolled.Submit(attempt, new { question, selected_options = new[] { option } })).Expect(200);
        return attempt;
    }

    private async Task<Guid> NewAnswer()
    {
        var essay = await Owner.Assessment(("course", course));
        var why = await Owner.Question(essay, "essay", 2);
        var attempt = await Enrolled.Begin(Owner, essay);
        (await Enrolled.Submit(attempt, new { question = why, text_answer = "So." })).Expect(200);
        return await Owner.Pending(essay);
    }
}
