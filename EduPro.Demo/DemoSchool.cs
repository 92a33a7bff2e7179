using Bogus;

namespace EduPro.Demo;

/// <summary>
/// Opens a school as its people would, over the API: so that what is there is what the rules allow, and nothing else.
/// </summary>
internal sealed partial class DemoSchool(IHttpClientFactory clients, ILogger<DemoSchool> logger)
{
    private const int Students = 24;
    private const string Coupon = "WELCOME20";

    private sealed record Exam(Guid Id, Dictionary<Guid, Guid> RightOptions, Guid Essay);

    private sealed record Class(Person Teacher, List<(Guid Id, Guid[] Lessons, decimal Price)> Courses, Exam Exam);

    public async Task Open(IConfiguration configuration)
    {
        var first = Person.Called(Curriculum.Teachers[0].Username, clients);
        if (await first.LogIn("teacher/login/"))
            OpenAlready();
        else
            await Build(configuration);
        foreach (var teacher in Curriculum.Teachers)
            Account("teacher", teacher.Username, Person.Password);
        Account("student of maryam", "student1", Person.Password);
    }

    private async Task Build(IConfiguration configuration)
    {
        var admin = Person.Called(configuration["Admin:Username"]!, clients);
        if (!await admin.LogIn("teacher/login/", configuration["Admin:Password"]!))
            throw new InvalidOperationException("The administrator cannot log in: has the password been changed?");
        var categories = (await admin.Get("course/category/list/"))
            .EnumerateArray()
            .ToDictionary(
                c => c.GetProperty("name").GetString()!,
                c => c.GetProperty("id").GetGuid(),
                StringComparer.OrdinalIgnoreCase
            );
        var wanted = Curriculum.Teachers.SelectMany(t => t.Courses).Select(c => c.Category).Distinct();
        foreach (var name in wanted.Where(name => !categories.ContainsKey(name)))
            categories[name] = await admin.Make("course/category/create/", new { name });

        var classes = new List<Class>();
        foreach (var teacher in Curriculum.Teachers)
        {
            classes.Add(await Teach(teacher, categories));
            Teaches(teacher.Username, teacher.Courses.Length);
        }
        var faker = new Faker { Random = new Randomizer(1001) };
        for (var i = 1; i <= Students; i++)
        {
            await Learn(i, classes[(i - 1) % classes.Count], faker);
            Learns(i, Students);
        }
        foreach (var each in classes)
            await GradeHalf(each.Teacher);
    }

    private async Task<Class> Teach(DemoTeacher who, Dictionary<string, Guid> categories)
    {
        var teacher = Person.Called(who.Username, clients);
        await teacher.Post(
            "teacher/teacher-register/",
            Form(
                [
                    ("first_name", who.FirstName),
                    ("last_name", who.LastName),
                    ("username", who.Username),
                    ("email", who.Username + "@example.com"),
                    ("phone", $"44700000{who.Username.Length:00}{who.LastName.Length:00}"),
                    ("password1", Person.Password),
                    ("password2", Person.Password),
                    ("bio", who.Bio),
                    ("specialization", who.Specialization),
                ],
                ("avatar", Cover.Draw(Seed(who.Username), 400, 400))
            )
        );
        await teacher.LogIn("teacher/login/");
        var courses = new List<(Guid, Guid[], decimal)>();
        foreach (var course in who.Courses)
            courses.Add(await Publish(teacher, course, categories[course.Category]));
        var now = TimeProvider.System.GetUtcNow();
        await teacher.Post(
            "coupon/create/",
            new
            {
                code = Coupon,
                discount_percentage = 20,
                valid_from = now.AddMinutes(-1),
                valid_until = now.AddDays(90),
                max_uses = 100,
            }
        );
        await teacher.Post("coupon/create/", new { number_of_coupons = 5, price = "60.00" });
        return new(teacher, courses, await Examine(teacher, courses[0].Item1, who.Courses[0]));
    }

    private static async Task<(Guid, Guid[], decimal)> Publish(Person teacher, DemoCourse course, Guid category)
    {
        var id = await teacher.Make(
            "course/create/",
            Form(
                [
                    ("title", course.Title),
                    ("description", course.Description),
                    ("category", $"{category}"),
                    ("price", FormattableString.Invariant($"{course.Price}")),
                    ("is_published", "true"),
                ],
                ("thumbnail", Cover.Draw(Seed(course.Title)))
            )
        );
        var lessons = new List<Guid>();
        foreach (var title in course.Modules)
        {
            var description = $"{title}: the idea, an example, and your turn.";
            var module = await teacher.Make($"courses/{id}/modules/create/", new { title, description });
            foreach (var (lesson, does) in Curriculum.Lessons)
                lessons.Add(
                    await teacher.Make(
                        $"modules/{module}/lessons/create/",
                        new
                        {
                            title = $"{title}: {lesson}",
                            description = does,
                            is_free = lessons.Count == 0,
                        }
                    )
                );
        }
        return (id, [.. lessons], course.Price);
    }

    private static async Task<Exam> Examine(Person teacher, Guid course, DemoCourse about)
    {
        var exam = await teacher.Make(
            "teacher/assessments/",
            new
            {
                title = $"{about.Title}: what you know now",
                description = "Half an hour. The last question is read by a person.",
                assessment_type = "exam",
                duration_minutes = 30,
                passing_score = 60,
                course,
            }
        );
        var right = new Dictionary<Guid, Guid>();
        foreach (var module in about.Modules)
        {
            var question = await teacher.Make(
                $"teacher/assessments/{exam}/questions/",
                new
                {
                    text = $"Which of these is part of “{module}”?",
                    question_type = "multiple_choice",
                    points = 2,
                }
            );
            foreach (var option in about.Modules)
            {
                var made = await teacher.Make(
                    $"teacher/questions/{question}/options/",
                    new { text = $"The exercises of “{option}”", is_correct = option == module }
                );
                if (option == module)
                    right[question] = made;
            }
        }
        var essay = await teacher.Make(
            $"teacher/assessments/{exam}/questions/",
            new
            {
                text = "Explain one of them to a friend who missed the lesson.",
                question_type = "essay",
                points = 4,
            }
        );
        return new(exam, right, essay);
    }

    private async Task Learn(int number, Class at, Faker faker)
    {
        var student = Person.Called($"student{number}", clients);
        var (firstName, lastName) = (faker.Name.FirstName(), faker.Name.LastName());
        await student.Post(
            $"student/student-register/{at.Teacher.Username}/",
            new
            {
                first_name = firstName,
                last_name = lastName,
                username = student.Username,
                email = student.Username + "@example.com",
                phone = $"4479{number:00000000}",
                parent_phone = $"4478{number:00000000}",
                password1 = Person.Password,
                password2 = Person.Password,
            }
        );
        await student.LogIn($"student/login/{at.Teacher.Username}/");
        var taken = faker.Random.ListItems(at.Courses, faker.Random.Int(1, at.Courses.Count));
        foreach (var (course, lessons, price) in taken)
        {
            var coupon = price > 0 && faker.Random.Bool(0.4f) && course == taken[0].Id ? Coupon : null;
            await student.Post("course/course-enrollment/", new { course, coupon_code = coupon });
            foreach (var lesson in lessons.Take(faker.Random.Int(0, lessons.Length)))
                await student.Post($"lessons/{lesson}/status/", new { status = "completed" });
            if (faker.Random.Bool(0.6f))
                await student.Post(
                    $"courses/{course}/ratings/create/",
                    new { rating = faker.Random.Int(3, 5), comment = faker.PickRandom(Curriculum.Praise) }
                );
        }
        if (taken.Any(course => course.Id == at.Courses[0].Id))
            await SitExam(student, at, faker);
    }

    private static async Task SitExam(Person student, Class at, Faker faker)
    {
        var started = await student.Post($"student/assessments/{at.Exam.Id}/{at.Teacher.Username}/start/");
        var answers = new List<object>
        {
            new
            {
                question = at.Exam.Essay,
                text_answer = "It is easier to show than to say, so bring a pen and look up.",
            },
        };
        foreach (var (question, option) in at.Exam.RightOptions.Where(_ => faker.Random.Bool(0.8f)))
            answers.Add(new { question, selected_options = new[] { option } });
        await student.Post($"students/attempts/{started.GetProperty("attempt_id").GetGuid()}/submit/", new { answers });
    }

    private static async Task GradeHalf(Person teacher)
    {
        var pending = (await teacher.Get("teacher/grading/pending/")).EnumerateArray().ToList();
        foreach (var answer in pending.Take(pending.Count / 2))
            await teacher.Post(
                $"teacher/grading/answer/{answer.GetProperty("id").GetGuid()}/",
                new { points_earned = 3, feedback = "Yes. Say also why." }
            );
    }

    private static MultipartFormDataContent Form(
        (string Name, string Value)[] fields,
        (string Name, byte[] File) picture
    )
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        form.Add(new ByteArrayContent(picture.File), picture.Name, picture.Name + ".jpg");
        return form;
    }

    private static int Seed(string text) => text.Aggregate(17, (sum, c) => (sum * 31 + c) & 0xffffff);

    [LoggerMessage(LogLevel.Information, "The demo school is open already")]
    private partial void OpenAlready();

    [LoggerMessage(LogLevel.Information, "{Teacher} teaches {Courses} courses")]
    private partial void Teaches(string teacher, int courses);

    [LoggerMessage(LogLevel.Information, "student {Number} of {Students} has enrolled, learned and rated")]
    private partial void Learns(int number, int students);

    [LoggerMessage(LogLevel.Information, "To log in as {Role}: {Username}, password: {DemoPassword}")]
    private partial void Account(string role, string username, string demoPassword);
}
