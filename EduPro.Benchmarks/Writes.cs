using System.Text.Json;

namespace EduPro.Benchmarks;

/// <summary>
/// The scenarios that write. What can be done once is done by a caller and on a thing of its own each time; when all is
/// done, the scenario ends early.
/// </summary>
internal static class Writes
{
    private const int Learners = Seed.Learners,
        Questions = 50;

    /// <param name="tokens">Of a person: a kind and a number.</param>
    /// <param name="attempts">Running attempts, in the order of <see cref="Seed.Taker"/>.</param>
    public static IEnumerable<Scenario> Of(
        int scale,
        Func<string, long, string> tokens,
        IReadOnlyList<Guid> attempts,
        IReadOnlyList<Scenario> reads
    )
    {
        yield return Once(
            "login",
            200,
            n =>
                Requests.Of(
                    "POST",
                    "/api/teacher/login/",
                    json: Json(new { username = $"teacher{1 + (n % Seed.Teachers)}", password = Seed.Password })
                )
        );
        yield return Once(
            "enrolment, a coupon each",
            201,
            n => n < Seed.Coupons ? Enrol(n, Seed.DistinctCourse(n), $"D{n}") : default
        ) with
        {
            TargetRate = 400,
        };
        yield return Once(
            "enrolment, one coupon",
            201,
            // A student may use a coupon once.
            n => n < Learners ? Enrol(n, Seed.HotCourse(0, scale), "HOT") : default
        ) with
        {
            TargetRate = 150,
        };
        yield return Once("lesson progress", 200, Progress);
        // Those after the first fifty are for handing in.
        yield return Once("autosave", 200, n => Save(n % Seed.Teachers)) with
        {
            TargetRate = 800,
        };
        yield return Once("submission of 50 answers", 200, n => Submit(Seed.Teachers + n));
        yield return Once(
            "nine reads, one write",
            200,
            n => n % 10 == 0 ? Progress(n / 10) : reads[(int)(n % reads.Count)].Next(n)
        );

        var search = reads.First(read => read.Name == "search");
        yield return Once("nine searches, one change", 200, n => n % 10 == 0 ? Change(n / 10) : search.Next(n));

        // The n-th course is of the teacher after the n-th.
        ReadOnlyMemory<byte> Change(long n)
        {
            var course = 1 + (n % (Seed.Teachers - 1));
            return Requests.Of(
                "PATCH",
                $"/api/course/update/{Seed.Id("course", course)}/",
                tokens("teacher", 1 + course),
                Json(new { price = 10 + (n % 89) })
            );
        }

        ReadOnlyMemory<byte> Enrol(long n, long course, string coupon) =>
            Requests.Of(
                "POST",
                "/api/course/course-enrollment/",
                tokens("learner", 1 + (n % Learners)),
                Json(new { course = Seed.Id("course", course), coupon_code = coupon })
            );

        // Student s is in course s, as long as there are so many courses, and its lessons are 20 s - 19 to 20 s.
        ReadOnlyMemory<byte> Progress(long n)
        {
            var student = 1 + (n % Seed.Teachers);
            var lesson = (20 * (student - 1)) + 1 + (n / Seed.Teachers % 20);
            return Requests.Of(
                "PATCH",
                $"/api/lessons/{Seed.Id("lesson", lesson)}/status/",
                tokens("student", student),
                Json(new { is_completed = n / 1000 % 2 == 0 })
            );
        }

        ReadOnlyMemory<byte> Save(long n) =>
            Requests.Of(
                "PUT",
                $"/api/students/attempts/{attempts[(int)n]}/answers/",
                tokens("student", 1 + n),
                Json(new { answers = Answers(1 + n, scale).Take(1) })
            );

        ReadOnlyMemory<byte> Submit(long n)
        {
            if (n >= attempts.Count)
                return default;
            var (kind, number) = Seed.Taker(n);
            return Requests.Of(
                "POST",
                $"/api/students/attempts/{attempts[(int)n]}/submit/",
                tokens(kind, number),
                Json(new { answers = Answers(number, scale) })
            );
        }
    }

    /// <summary>Counts on from run to run, where <see cref="Load"/> starts each at zero.</summary>
    private static Scenario Once(string name, int expected, Func<long, ReadOnlyMemory<byte>> request)
    {
        var done = -1L;
        return new Scenario(name, _ => request(Interlocked.Increment(ref done))) { Expected = expected };
    }

    /// <summary>All fifty answers of a student at the exam of their teacher.</summary>
    public static IEnumerable<object> Answers(long student, int scale)
    {
        var first = ((Seed.TeacherOf(student, scale) - 1) * Questions) + 1;
        return Enumerable
            .Range(0, Questions)
            .Select(i => new
            {
                question = Seed.Id("question", first + i),
                selected_options = new[] { Seed.Id("option", ((first + i - 1) * 4) + 1) },
            });
    }

    private static string Json(object body) => JsonSerializer.Serialize(body);
}
