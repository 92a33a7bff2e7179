using EduPro.Tests.Support;

namespace EduPro.Tests.Assessments;

public sealed class SetupTests(Stack stack)
{
    private const string Locked = "Cannot modify assessment",
        LockedDetail = "Assessment has attempts and cannot be modified.";

    [Fact]
    public async Task An_assessment_is_created_listed_shown_changed_and_deleted()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var lesson = await teacher.Lesson(await teacher.Module(course));
        var onCourse = await teacher.Assessment(("course", course));
        var onLesson = (
            await teacher.Post(
                $"teacher/courses/{course}/assessments/",
                new
                {
                    title = "Lesson quiz",
                    description = "Short.",
                    assessment_type = "quiz",
                    duration_minutes = 5,
                    passing_score = 50,
                    lesson,
                }
            )
        ).Expect(201);
        Assert.Equal(lesson, onLesson["lesson"].GetGuid());
        Assert.True(onLesson["is_active"].GetBoolean());
        var free = await teacher.Assessment();

        var all = (await teacher.Get("teacher/assessments/")).Expect(200);
        Assert.Equal(
            [free, onLesson["id"].GetGuid(), onCourse],
            all.Json.EnumerateArray().Select(a => a.GetProperty("id").GetGuid())
        );
        var ofCourse = (await teacher.Get($"teacher/courses/{course}/assessments/")).Expect(200);
        Assert.Equal(2, ofCourse.Json.GetArrayLength());
        Assert.Equal("2", ofCourse.Header("X-Pagination-Count"));

        var moved = (await teacher.Put($"teacher/assessments/{onCourse}/", new { title = "Moved", lesson })).Expect(
            200
        );
        Assert.Equal(("Moved", lesson), (moved["title"].GetString(), moved["lesson"].GetGuid()));
        Assert.Equal("null", moved["course"].GetRawText());
        Assert.Equal(0, moved["questions_count"].GetInt32());
        (await teacher.Delete($"teacher/assessments/{onCourse}/")).Expect(200);
        (await teacher.Get($"teacher/assessments/{onCourse}/")).ExpectProblem(
            404,
            "Assessment not found",
            "The specified assessment does not exist."
        );
    }

    [Fact]
    public async Task Faults_of_an_assessment_are_told_all_together()
    {
        using var teacher = await stack.Teacher();

        var empty = await teacher.Post("teacher/assessments/", new { });
        foreach (var field in new[] { "title", "description", "assessment_type", "duration_minutes", "passing_score" })
            empty.ExpectFault(field, "This field is required.");

        var wrong = await teacher.Post(
            "teacher/assessments/",
            new
            {
                title = "T",
                description = "D",
                assessment_type = "riddle",
                duration_minutes = 0,
                passing_score = 0,
                course = Guid.Empty,
                available_from = "2026-12-02T00:00:00Z",
                available_until = "2026-12-01T00:00:00Z",
            }
        );
        wrong.ExpectFault("course", $"Invalid pk \"{Guid.Empty}\" - object does not exist.");
        wrong.ExpectFault("available_until", "Must be after available_from.");
        wrong.ExpectFault("assessment_type", "Invalid assessment type. Must be one of: quiz, assignment, exam");
        wrong.ExpectFault("duration_minutes", "Duration must be greater than 0.");
        wrong.ExpectFault("passing_score", "Passing score must be greater than 0.");

        var noNumbers = await teacher.Post(
            "teacher/assessments/",
            new { duration_minutes = "long", passing_score = "high" }
        );
        noNumbers.ExpectFault("duration_minutes", "A valid integer is required.");
        noNumbers.ExpectFault("passing_score", "A valid integer is required.");
    }

    [Fact]
    public async Task An_untimed_assessment_can_be_sent_back_as_it_came()
    {
        using var teacher = await stack.Teacher();
        var path = $"teacher/assessments/{await teacher.Assessment(("course", await teacher.Course()))}/";

        var untimed = (await teacher.Patch(path, new { duration_minutes = (int?)null })).Expect(200);

        Assert.Equal(System.Text.Json.JsonValueKind.Null, untimed["duration_minutes"].ValueKind);
        Assert.Equal(untimed.Text, (await teacher.Put(path, untimed.Json)).Expect(200).Text);
    }

    [Fact]
    public async Task An_assessment_hangs_on_what_is_the_teachers_own()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        var course = await other.Course();
        var module = await other.Module(course);
        foreach (var (field, id) in new[] { ("course", course), ("module", module) })
            (
                await teacher.Post(
                    "teacher/assessments/",
                    new Dictionary<string, object>
                    {
                        ["title"] = "T",
                        ["description"] = "D",
                        ["assessment_type"] = "quiz",
                        ["duration_minutes"] = 5,
                        ["passing_score"] = 50,
                        [field] = id,
                    }
                )
            ).ExpectProblem(
                403,
                "Permission denied",
                "You can only create assessments for your own courses/modules/lessons."
            );
        (await teacher.Get($"teacher/courses/{course}/assessments/")).Expect(403);
        (await teacher.Get("teacher/courses/nonsense/assessments/")).Expect(404);
        var own = await teacher.Course();
        var ownModule = await teacher.Module(own);
        (
            await teacher.Patch(
                $"teacher/assessments/{await teacher.Assessment()}/",
                new { course = own, module = ownModule }
            )
        ).ExpectFault("non_field_errors", "An assessment belongs to at most one of course, module and lesson.");
        var lost = Guid.CreateVersion7();
        var mine = await teacher.Assessment();
        (await teacher.Patch($"teacher/assessments/{mine}/", new { lesson = lost })).ExpectFault(
            "lesson",
            $"Invalid pk \"{lost}\" - object does not exist."
        );
    }

    [Fact]
    public async Task What_is_another_teachers_is_found_but_refused()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var (assessment, question, option) = (exam.Id, exam.Choice, exam.Two);
        var nobody = Guid.CreateVersion7();

        foreach (
            var (path, missing) in new[]
            {
                ("teacher/assessments/{0}/", "Assessment not found"),
                ("teacher/assessments/{0}/questions/", "Assessment not found"),
                ("teacher/assessments/{0}/attempts/", "Assessment not found"),
                ("teacher/assessments/{0}/grading/pending/", "Assessment not found"),
                ("teacher/assessments/questions/{1}/", "Question not found"),
                ("teacher/questions/{1}/options/", "Question not found"),
                ("teacher/questions/options/{2}/", "Option not found"),
            }
        )
        {
            var there = string.Format(null, path, assessment, question, option);
            (await other.Get(there)).Expect(403);
            (await student.Get(there)).ExpectProblem(
                403,
                "Wrong user type",
                "This action is only available for teachers."
            );
            var gone = (await other.Get(string.Format(null, path, nobody, nobody, nobody))).Expect(404);
            Assert.Equal(missing, gone["error"].GetString());
            Assert.Equal(
                missing,
                (await other.Get(string.Format(null, path, "x", "x", "x"))).Expect(404)["error"].GetString()
            );
        }
        // 404, then 403, and only then what the body says.
        foreach (
            var (path, missing) in new[]
            {
                ($"teacher/assessments/{assessment}/", $"teacher/assessments/{nobody}/"),
                ($"teacher/assessments/questions/{question}/", $"teacher/assessments/questions/{nobody}/"),
                ($"teacher/questions/options/{option}/", $"teacher/questions/options/{nobody}/"),
            }
        )
        {
            (await other.Patch(path, new { order = 0 })).Expect(403);
            (await other.Patch(missing, new { order = 0 })).Expect(404);
            (await other.Delete(path)).Expect(403);
        }
        (await other.Post($"teacher/assessments/{assessment}/questions/", new { })).Expect(403);
        (await other.Post($"teacher/assessments/{nobody}/questions/", new { })).Expect(404);
        (await other.Post($"teacher/questions/{question}/options/", new { })).Expect(403);
    }

    [Fact]
    public async Task Faults_of_questions_and_options_are_in_the_catalogues_words()
    {
        using var teacher = await stack.Teacher();
        var assessment = await teacher.Assessment();
        var path = $"teacher/assessments/{assessment}/questions/";

        var empty = await teacher.Post(path, new { });
        empty.ExpectFault("text", "This field is required.");
        empty.ExpectFault("question_type", "This field is required.");
        empty.ExpectFault("points", "This field is required.");
        var wrong = await teacher.Post(
            path,
            new
            {
                text = " ",
                question_type = "riddle",
                points = 0,
                order = 0,
            }
        );
        wrong.ExpectFault("text", "Question text cannot be empty.");
        wrong.ExpectFault("question_type", "Invalid question type.");
        wrong.ExpectFault("valid_types", "multiple_choice", "true_false", "short_answer", "essay");
        wrong.ExpectFault("question_text", "Question text cannot be empty.");
        wrong.ExpectFault("mark", "Marks must be greater than 0.");
        wrong.ExpectFault("points", "Marks must be greater than 0.");
        wrong.ExpectFault("order", "Order must be greater than 0.");
        (await teacher.Post(path, new { order = "first" })).ExpectFault("order", "A valid integer is required.");

        var options = $"teacher/questions/{await teacher.Question(assessment, "multiple_choice")}/options/";
        var blank = await teacher.Post(options, new { text = "", order = -1 });
        blank.ExpectFault("text", "Option text cannot be empty.");
        blank.ExpectFault("option_text", "Option text cannot be empty.");
        blank.ExpectFault("is_correct", "You must specify if this option is correct.");
        blank.ExpectFault("order", "Order must be greater than 0.");
        (
            await teacher.Post(
                options,
                new
                {
                    text = "x",
                    is_correct = true,
                    order = "a",
                }
            )
        ).ExpectFault("order", "A valid integer is required.");
    }

    [Fact]
    public async Task Orders_stay_whole_whatever_is_added_moved_and_deleted()
    {
        using var teacher = await stack.Teacher();
        var assessment = await teacher.Assessment();
        var path = $"teacher/assessments/{assessment}/questions/";
        var (a, b, c) = (
            await teacher.Question(assessment, "essay", text: "a"),
            await teacher.Question(assessment, "essay", text: "b"),
            await teacher.Question(assessment, "essay", text: "c")
        );
        var first = (
            await teacher.Post(
                path,
                new
                {
                    text = "first",
                    question_type = "essay",
                    points = 1,
                    order = 1,
                }
            )
        ).Expect(201)["id"].GetGuid();
        await Expect(first, a, b, c);
        (await teacher.Patch($"teacher/assessments/questions/{first}/", new { order = 99 })).Expect(200);
        await Expect(a, b, c, first);
        (await teacher.Delete($"teacher/assessments/questions/{b}/")).Expect(200);
        await Expect(a, c, first);

        async Task Expect(params Guid[] ids)
        {
            var list = (await teacher.Get(path)).Expect(200).Json.EnumerateArray().ToArray();
            Assert.Equal(ids, list.Select(q => q.GetProperty("id").GetGuid()));
            Assert.Equal(Enumerable.Range(1, ids.Length), list.Select(q => q.GetProperty("order").GetInt32()));
        }
    }

    [Fact]
    public async Task Orders_and_counters_stay_whole_under_concurrent_writes()
    {
        using var teacher = await stack.Teacher();
        var assessment = await teacher.Assessment();
        var path = $"teacher/assessments/{assessment}/questions/";

        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(async i =>
                    (
                        await teacher.Post(
                            path,
                            new
                            {
                                text = $"{i}",
                                question_type = "essay",
                                points = 2,
                                order = 1,
                            }
                        )
                    ).Expect(201)
                )
        );

        var questions = (await teacher.Get(path)).Expect(200).Json.EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(1, 12), questions.Select(q => q.GetProperty("order").GetInt32()));
        var shown = (await teacher.Get($"teacher/assessments/{assessment}/")).Expect(200);
        Assert.Equal((12, 24), (shown["questions_count"].GetInt32(), shown["total_points"].GetInt32()));
        var question = questions[0].GetProperty("id").GetGuid();
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => teacher.Option(question, $"{i}", false)));
        await Task.WhenAll(
            ids.Select(async id =>
                (await teacher.Patch($"teacher/questions/options/{id}/", new { order = 3 })).Expect(200)
            )
        );
        var options = (await teacher.Get($"teacher/questions/{question}/options/")).Expect(200);
        Assert.Equal(
            Enumerable.Range(1, 8),
            options.Json.EnumerateArray().Select(o => o.GetProperty("order").GetInt32())
        );
    }

    [Fact]
    public async Task Attempts_lock_what_past_scores_rest_on_and_nothing_else()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        await student.Begin(teacher, exam.Id);
        var question = $"teacher/assessments/questions/{exam.Choice}/";

        Reply[] refused =
        [
            await teacher.Patch(question, new { points = 7 }),
            await teacher.Patch(question, new { question_type = "essay" }),
            await teacher.Delete(question),
            await teacher.Post(
                $"teacher/assessments/{exam.Id}/questions/",
                new
                {
                    text = "New",
                    question_type = "essay",
                    points = 1,
                }
            ),
            await teacher.Post($"teacher/questions/{exam.Choice}/options/", new { text = "5", is_correct = true }),
            await teacher.Patch($"teacher/questions/options/{exam.Two}/", new { is_correct = false }),
            await teacher.Patch($"teacher/questions/options/{exam.Accepted}/", new { text = "Gauss" }),
            await teacher.Delete($"teacher/questions/options/{exam.Four}/"),
            await teacher.Delete($"teacher/assessments/{exam.Id}/"),
        ];
        Assert.All(refused, reply => reply.ExpectProblem(400, Locked, LockedDetail));

        // The client sends the whole form, whatever was changed in it.
        var mended = (
            await teacher.Put(
                question,
                new
                {
                    text = "Which of these are prime?",
                    question_type = "multiple_choice",
                    points = 2,
                    order = 2,
                    is_required = true,
                    explanation = "No divisors.",
                }
            )
        ).Expect(200);
        Assert.Equal(("No divisors.", 2), (mended["explanation"].GetString(), mended["order"].GetInt32()));
        (await teacher.Patch($"teacher/questions/options/{exam.Four}/", new { text = "four", order = 1 })).Expect(200);
        (await teacher.Patch($"teacher/assessments/{exam.Id}/", new { title = "Primes, mended" })).Expect(200);
    }

    [Fact]
    public async Task A_picture_stands_beside_its_question_and_stays_once_there_are_attempts()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var assessment = await teacher.Assessment();
        var path = $"teacher/assessments/{assessment}/questions/";

        var created = (await teacher.Post(path, Form("image/png", Png))).Expect(201);
        var question = created["id"].GetGuid();
        Assert.StartsWith($"{teacher.Address}media/", created["image"].GetString(), StringComparison.Ordinal);
        (await teacher.Post(path, Form("image/png", "no picture"u8.ToArray()))).Expect(400);

        var started = (await student.Start(teacher, assessment)).Expect(201);
        Assert.Equal(created["image"].GetString(), started["questions.0.image"].GetString());
        (
            await teacher.Patch($"teacher/assessments/questions/{question}/", new { image = (string?)null })
        ).ExpectProblem(400, Locked, LockedDetail);

        MultipartFormDataContent Form(string type, byte[] bytes)
        {
            var file = new ByteArrayContent(bytes);
            file.Headers.ContentType = new(type);
            return new MultipartFormDataContent
            {
                { new StringContent("What is this?"), "text" },
                { new StringContent("essay"), "question_type" },
                { new StringContent("1"), "points" },
                { file, "image", "picture.png" },
            };
        }
    }

    private static byte[] Png
    {
        get
        {
            using var picture = Media.Pictures.Plain(8, 8, 200, 10, 10);
            return picture.PngsaveBuffer();
        }
    }
}
