namespace EduPro.Benchmarks;

/// <summary>The scenarios that read.</summary>
internal static class Reads
{
    private const string Search = "/api/course/course-search-filter/?page=1&page_size=20&search=";

    /// <summary>What is asked for again and again.</summary>
    public static readonly string[] Kept = ["/api/course/list/", "/api/teacher/teacher-profile/teacher1/"];

    public static IEnumerable<Scenario> Of(int scale, Func<string, long, string> tokens)
    {
        var courses = Seed.Courses * scale;
        Func<int, string> course = n => Seed.Id("course", 1 + (n * 7919L % courses)).ToString();
        Func<int, string> teacher = n => $"teacher{1 + n}";
        const double database = 0.6,
            cached = 0.8,
            cachedRate = 10_000,
            own = 2_000;
        // What is kept is answered most when it is asked for by more than 16.
        const int crowd = 2;

        Scenario Database(string name, int count, Func<int, string> path, Func<int, string> limit) =>
            new(name, Requests.Unknown(count, path), Requests.InTurn(count, limit)) { TargetRatio = database };
        Scenario Again(string name, int kept) =>
            new(name, Requests.InTurn(1, _ => Kept[kept]), Requests.InTurn(1, _ => $"/kept/{kept}"))
            {
                TargetRatio = cached,
                TargetRate = cachedRate,
                Crowd = crowd,
            };
        Scenario Own(string name, string kind, Func<int, string> path) =>
            new(name, Requests.InTurn(Seed.Teachers, path, n => tokens(kind, 1 + n))) { TargetRate = own };

        yield return Database("course list", 1, _ => "/api/course/list/", _ => "/list");
        yield return Database(
            "search",
            Seed.Words.Length,
            n => Search + Seed.Words[n],
            n => "/search/" + Seed.Words[n]
        );
        yield return Database(
            "course detail",
            500,
            n => $"/api/course/course-detail/{course(n)}/",
            n => "/detail/" + course(n)
        );
        yield return Database("modules", 500, n => $"/api/courses/{course(n)}/modules/", n => "/modules/" + course(n));
        yield return Database(
            "ratings",
            500,
            n => $"/api/courses/{course(n)}/list-ratings/",
            n => "/ratings/" + course(n)
        );
        yield return Database(
            "profile, cold",
            50,
            n => $"/api/teacher/teacher-profile/{teacher(n)}/",
            n => "/profile/" + teacher(n)
        );
        yield return Again("course list, cached", 0);
        yield return Again("profile, cached", 1);
        yield return new Scenario(
            "profile, 304",
            Requests.InTurn(1, _ => Kept[1], headers: "If-None-Match: *\r\n"),
            Requests.InTurn(1, _ => "/known")
        )
        {
            Expected = 304,
            TargetRate = cachedRate,
            TargetRatio = cached,
            Crowd = crowd,
        };
        yield return Own("students of a teacher", "teacher", _ => "/api/teacher/get_students/");
        yield return Own("own courses", "teacher", _ => "/api/course/list-by-teacher/");
        yield return Own("revenue", "teacher", _ => "/api/teacher/revenue/");
        yield return Own(
            "available assessments",
            "student",
            n => $"/api/student/assessments/teacher{Seed.TeacherOf(1 + n, scale)}/"
        );
    }
}
