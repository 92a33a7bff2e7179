using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Azure.Storage.Blobs;
using EduPro.Api.Features.Catalogue;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Accounts;
using EduPro.Media;
using EduPro.Tests.Support;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EduPro.Tests.Catalogue;

/// <summary>What reads cost: how many queries, and at 100,000 courses which plans and how long.</summary>
public sealed class QueriesTests(Stack stack, ITestOutputHelper output)
{
    private static readonly PageRequest Whole = new(null, null, true),
        FullPage = new(1, 1, true),
        LastPage = new(null, 1, true, IsLast: true);
    private static readonly PageRequest FirstPage = new(1, 20, true);
    private const int Warming = 5,
        Measured = 100,
        MostMilliseconds = 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_read_is_one_query_or_two()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var module = await teacher.Module(course);
        var lesson = await teacher.Lesson(module);
        using var student = await stack.Student(teacher);
        await student.TakePlace(course);
        var owner = new CurrentUser(teacher.Id, UserType.Teacher, Guid.Empty);
        var learner = new CurrentUser(student.Id, UserType.Student, Guid.Empty);
        var counter = new Counter();
        await using var db = await stack.Db(counter);
        using var store = new MediaStore(
            new BlobServiceClient(await stack.ConnectionString("blobs")),
            TimeProvider.System
        );
        using var courses = GetCourse.Loader();
        using var modules = ListModules.Loader();
        var response = new DefaultHttpContext().Response;
        using var kept = new KeptSearches();
        var (page, counts) = (Whole, Counts());
        var reads = new Dictionary<string, Func<Task<IResult>>>
        {
            ["categories"] = () => ListCategories.Handle(db, page, Ct),
            ["list"] = () => ListCourses.Handle(CurrentUser.Anonymous, db, page, Counts(), Ct),
            ["teacher-list"] = () => ListCoursesOfTeacher.Handle(teacher.Username, db, page, Ct),
            ["list-by-teacher"] = () => ListOwnCourses.Handle(owner, db, page, Ct),
            ["detail"] = () => GetCourse.Handle(new PathId(course), learner, courses, db, response, Ct),
            ["detail, of strangers"] = () =>
                GetCourse.Handle(new PathId(course), CurrentUser.Anonymous, courses, db, response, Ct),
            ["private"] = () => GetPrivateCourse.Handle(new PathId(course), owner, db, Ct),
            ["search"] = () => SearchCourses.Handle(Search("?search=numbers"), db, page, counts, kept, Ct),
            ["modules"] = () =>
                ListModules.Handle(new PathId(course), learner, courses, modules, db, response, page, Ct),
            ["modules, of strangers"] = () =>
                ListModules.Handle(new PathId(course), CurrentUser.Anonymous, courses, modules, db, response, page, Ct),
            ["module"] = () => GetModule.Handle(new PathId(module), learner, db, response, Ct),
            ["lessons"] = () => ListLessons.Handle(new PathId(module), learner, db, store, page, Ct),
            ["video status"] = () => CheckVideoStatus.Handle(new PathId(lesson), learner, db, Ct),
            ["progress"] = () => LessonStatus.Show(new PathId(lesson), learner, db, Ct),
        };
        foreach (var asked in new[] { Whole, FullPage, LastPage })
        {
            page = asked;
            foreach (var (name, read) in reads)
            {
                counter.Count = 0;
                var result = await read();
                Assert.False(result is IStatusCodeHttpResult { StatusCode: >= 400 }, name);
                output.WriteLine($"{name}: {counter.Count}");
                Assert.InRange(counter.Count, 1, 2);
            }
        }
    }

    [Fact]
    public async Task A_search_that_is_asked_for_again_reads_only_what_it_found()
    {
        using var teacher = await stack.Teacher();
        var word = School.Unique("found");
        await teacher.Course(title: word);
        var counter = new Counter();
        await using var db = await stack.Db(counter);
        using var kept = new KeptSearches();
        var counts = Counts();

        for (var i = 0; i < 3; i++)
        {
            counter.Last.Clear();
            await SearchCourses.Handle(Search("?search=" + word), db, FirstPage, counts, kept, Ct);
        }
        Assert.Contains("search_changed_since", Assert.Single(counter.Last).Sql, StringComparison.Ordinal);
    }

    /// <summary>
    /// Takes minutes to fill its tables and measures, so it runs when asked for, in Release on a quiet machine:
    /// <c>--explicit on</c>.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Search_reads_no_table_whole_at_100_000_courses()
    {
        const string name = "search_at_100_000";
        var server = await stack.ConnectionString("edupro");
        await using (var admin = new NpgsqlConnection(server))
        {
            await admin.OpenAsync(Ct);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0", admin);
            await create.ExecuteNonQueryAsync(Ct);
        }
        var database = new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            MaxAutoPrepare = 100,
            CommandTimeout = 300,
        }.ConnectionString;
        var counter = new Counter();
        await using var db = Behind.Open(database, counter);
        await db.Database.MigrateAsync(Ct);
        await db.Database.ExecuteSqlRawAsync(
            Courses.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal),
            Ct
        );
        foreach (var statement in (string[])["VACUUM ANALYZE courses", "ANALYZE"])
            await db.Database.ExecuteSqlRawAsync(statement, Ct);
        var category = await db.Categories.Select(c => c.Id).FirstAsync(Ct);
        var counts = Counts();
        var slow = new List<string>();

        string[] queries =
        [
            "?search=bakilo",
            "?search=zutuzu",
            "?search=bakiba baba",
            "?search=utuz",
            "?search=zutzuu",
            "?search=ba",
            "?search=ba zu",
            "?search=aba",
            "?search=baba&min_price=10&max_price=20",
            "?search=zoruke&ordering=price",
            $"?category={category}",
            $"?category={category}&search=bakilo",
            "?teacher=teacher7",
            "?teacher=teacher7&search=bakilo",
            "?min_price=99&max_price=1000",
            "?min_price=50&ordering=price",
            "?ordering=title",
            "",
        ];
        foreach (var query in queries)
        {
            counter.Last.Clear();
            var times = new List<double>();
            var count = 0;
            for (var i = 0; i < Warming + Measured; i++)
            {
                using var kept = new KeptSearches();
                var start = Stopwatch.GetTimestamp();
                var result = await SearchCourses.Handle(Search(query), db, FirstPage, counts, kept, Ct);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                count = Assert.IsType<PageResult<CourseShape>>(result).Page.Count;
            }
            var first = times[0];
            times.RemoveRange(0, Warming);
            times.Sort();
            var p95 = times[(Measured * 95 / 100) - 1];
            output.WriteLine(
                $"{query}: {count} rows, first {first:0.0} ms, best {times[0]:0.0} ms, "
                    + $"p50 {times[Measured / 2]:0.0} ms, p95 {p95:0.0} ms"
            );
            if (p95 > MostMilliseconds)
                slow.Add($"{query}: {p95:0.0} ms");
            await using var explain = new NpgsqlConnection(database);
            await explain.OpenAsync(Ct);
            await using var transaction = await explain.BeginTransactionAsync(Ct);
            await using var set = new NpgsqlCommand(CustomPlans.Settings, explain);
            await set.ExecuteNonQueryAsync(Ct);
            foreach (
                var sql in counter
                    .Last.Where(sql => sql.Sql.Contains("FROM courses", StringComparison.Ordinal))
                    .DistinctBy(sql => sql.Sql)
            )
            {
                await using var plan = new NpgsqlCommand("EXPLAIN (ANALYZE, TIMING OFF) " + sql.Sql, explain);
                plan.Parameters.AddRange(sql.Parameters.Select(parameter => parameter.Clone()).ToArray());
                var lines = new List<string>();
                await using (var reader = await plan.ExecuteReaderAsync(Ct))
                    while (await reader.ReadAsync(Ct))
                        lines.Add(reader.GetString(0));
                Assert.False(
                    lines.Any(line => line.Contains("Seq Scan on courses", StringComparison.Ordinal)),
                    query + "\n" + string.Join('\n', lines)
                );
            }
        }
        Assert.True(slow.Count == 0, string.Join('\n', slow));
    }

    private static RecentCounts Counts()
    {
        var metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
        return new(
            new MemoryCache(new MemoryCacheOptions()),
            new SharedResponses(metrics.GetRequiredService<IMeterFactory>())
        );
    }

    /// <summary>20 categories, 50 teachers, 100,000 courses; 8,000 words, a few of them in many courses.</summary>
    private const string Courses = """
        INSERT INTO categories (id, name, updated_at)
        SELECT gen_random_uuid(), 'category' || n, now() FROM generate_series(1, 20) n;
        INSERT INTO users (id, type, username, email, first_name, last_name, slug, password_hash, is_active, created_at,
            failed_logins)
        SELECT gen_random_uuid(), 'Teacher', 'teacher' || n, 't' || n || '@example.com', 'T', n::text, 'teacher' || n,
            '', true, now(), 0
        FROM generate_series(1, 50) n;
        INSERT INTO teachers (id, student_count, course_count, rating_count, rating_sum, updated_at)
        SELECT id, 0, 0, 0, 0, now() FROM users;
        INSERT INTO courses (id, teacher_id, category_id, title, description, search_title, search_text, price,
            is_published, created_at, updated_at, enrollment_count, module_count, lesson_count, total_duration,
            rating_count, rating_sum, revenue)
        SELECT gen_random_uuid(), t.ids[1 + n % 50], c.ids[1 + n % 20], w.title, w.body, w.title,
            w.title || ' ' || w.body, n % 100, n % 11 > 0, now() - n * interval '1 minute', now(), 0, 0, 0, 0, 0, 0, 0
        FROM generate_series(1, 100000) n
        CROSS JOIN (SELECT array_agg(id) AS ids FROM teachers) t
        CROSS JOIN (SELECT array_agg(id) AS ids FROM categories) c
        CROSS JOIN LATERAL (
            SELECT string_agg(word, ' ') FILTER (WHERE i <= 4) AS title,
                string_agg(word, ' ') FILTER (WHERE i > 4) AS body
            FROM (
                SELECT i, s[1 + k / 400] || s[1 + k / 20 % 20] || s[1 + k % 20] AS word
                FROM (
                    SELECT i, (8000 * power((hashint8(n * 31 + i) & 65535) / 65536.0, 3))::int % 8000 AS k
                    FROM generate_series(1, 24) i
                ) r
                CROSS JOIN (
                    SELECT '{ba,ki,lo,me,nu,sa,ti,ro,ve,pu,da,ge,fi,ho,ja,ke,wu,zo,ru,zu}'::text[] AS s
                ) y
            ) v
        ) w;
        """;

    private static Query<SearchCourses.Request> Search(string query)
    {
        var services = new ServiceCollection().AddSingleton<IValidator<SearchCourses.Request>>(
            new SearchCourses.Validator()
        );
        var context = new DefaultHttpContext { RequestServices = services.BuildServiceProvider() };
        context.Request.QueryString = new QueryString(query.Replace(" ", "%20", StringComparison.Ordinal));
        return new Query<SearchCourses.Request>(context);
    }

    private sealed class Counter : DbCommandInterceptor
    {
        public int Count { get; set; }

        public List<(string Sql, IReadOnlyList<NpgsqlParameter> Parameters)> Last { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            Count++;
            if (Last.Count < 100)
                Last.Add((command.CommandText, [.. command.Parameters.Cast<NpgsqlParameter>().Select(p => p.Clone())]));
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
