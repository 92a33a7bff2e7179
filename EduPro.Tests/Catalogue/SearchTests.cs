using EduPro.Tests.Support;

namespace EduPro.Tests.Catalogue;

public sealed class SearchTests(Stack stack)
{
    [Fact]
    public async Task Words_parts_of_words_and_slips_are_found_best_first()
    {
        using var teacher = await stack.Teacher();
        var category = await stack.Category();
        async Task<Guid> Course(string title, string description, decimal price = 10, bool published = true) => (
                await teacher.Post(
                    "course/create/",
                    new
                    {
                        title,
                        description,
                        category,
                        price,
                        is_published = published,
                    }
                )
            ).Expect(201)["id"].GetGuid();
        var exact = await Course("Mathématiques", "Numbers.");
        var inTitle = await Course("Applied mathematiques today", "More.", price: 30);
        var inText = await Course("Numbers", "A little mathematiques.", price: 20);
        var arabic = await Course("مُقَدِّمَة إلى الجبر", "الرياضيات للمبتدئين");
        var awkward = await Course("C++ & O'Reilly: 100% \\ back_slash", "Sharp.");
        await Course("Mathematiques in the drawer", "Not shown.", published: false);

        async Task<Guid[]> Find(string query) =>
            [
                .. (await stack.Stranger().Get($"course/course-search-filter/?teacher={teacher.Username}&{query}"))
                    .Expect(200)
                    .Json.EnumerateArray()
                    .Select(course => course.GetProperty("id").GetGuid()),
            ];

        Assert.Equal([exact, inTitle, inText], await Find("search=MATHEMATIQUES"));
        Assert.Equal([inTitle], await Find("search=today mathém"));
        Assert.Equal([exact, inTitle, inText], (await Find("search=thematiq")).Order());
        Assert.Equal(exact, (await Find("search=matematiqes"))[0]);
        Assert.Equal([arabic], await Find("search=" + Uri.EscapeDataString("مقدمه الي")));
        Assert.Equal([arabic], await Find("search=" + Uri.EscapeDataString("رِيَاضِيَّات")));
        foreach (var part in (string[])["C++", "o'reilly", "100%", "back_sl", "c++ sharp"])
            Assert.Contains(awkward, await Find("search=" + Uri.EscapeDataString(part)));
        foreach (var nothing in (string[])["100_", "zzzzzz", "' | '", "!&(", "\\"])
            Assert.DoesNotContain(exact, await Find("search=" + Uri.EscapeDataString(nothing)));

        Assert.Equal([inText, inTitle], await Find("min_price=15&max_price=30&ordering=price"));
        Assert.Equal([inTitle, inText, exact], await Find("search=mathematiques&ordering=-price"));
        Assert.Equal(5, (await Find($"category={category}&ordering=nonsense")).Length);
        Assert.Empty(await Find($"category={Behind.Nothing}"));
        Assert.Equal([arabic, awkward], (await Find("min_price=&category=")).Take(2).Order());
    }

    [Fact]
    public async Task What_was_found_before_is_found_until_a_course_changes_that_has_to_do_with_it()
    {
        using var teacher = await stack.Teacher();
        using var elsewhere = stack.Stranger(replica: 2);
        elsewhere.Access = teacher.Access;
        var word = School.Unique("again");
        var first = await teacher.Course(title: $"First {word}s");
        var second = await teacher.Course(title: $"Second {word}");
        await Expect("", second, first);
        await Expect("&page_size=1&page=2", first);
        await Expect("&ordering=price", first, second);

        var exact = await teacher.Course(title: word);
        await Expect("", exact, second, first);
        await Expect("&page_size=1&page=2", second);
        await Change(exact, new { price = 5 });
        await Expect("&ordering=price", exact, first, second);
        await Change(second, new { title = "Another" });
        await Expect("", exact, first);
        await Change(second, new { description = $"Now with {word}." });
        await Expect("", exact, first, second);
        await Change(first, new { is_published = false });
        await Expect("", exact, second);
        await Change(first, new { is_published = true });
        await Expect("", exact, first, second);
        (await teacher.Delete($"course/course-delete/{exact}/")).Expect(200);
        await Expect("", first, second);

        async Task Change(Guid course, object change) =>
            (await teacher.Patch($"course/update/{course}/", change)).Expect(200);

        // What is asked for twice is kept, and given the third time.
        async Task Expect(string page, params Guid[] found)
        {
            for (var i = 0; i < 3; i++)
            {
                var reply = (await elsewhere.Get($"course/course-search-filter/?search={word}{page}")).Expect(200);
                Assert.Equal(found, reply.Json.EnumerateArray().Select(course => course.GetProperty("id").GetGuid()));
            }
        }
    }

    [Fact]
    public async Task What_changes_while_a_search_is_kept_is_found_when_it_is_committed()
    {
        using var teacher = await stack.Teacher();
        var word = School.Unique("late");
        var (course, other) = (await teacher.Course(title: word), await teacher.Course());
        await using var database = await stack.Database();
        await using (var transaction = await database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var change = database.CreateCommand();
            change.CommandText = "UPDATE courses SET search_text = $1 WHERE id = $2";
            change.Parameters.Add(new() { Value = $"{word} too" });
            change.Parameters.Add(new() { Value = other });
            await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            for (var i = 0; i < 3; i++)
                Assert.Equal([course], await Find());
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal([course, other], await Find());

        async Task<Guid[]> Find() =>
            [
                .. (await teacher.Get($"course/course-search-filter/?search={word}"))
                    .Expect(200)
                    .Json.EnumerateArray()
                    .Select(found => found.GetProperty("id").GetGuid()),
            ];
    }

    [Fact]
    public async Task Changes_are_forgotten_after_a_while()
    {
        var database = await stack.SeededDatabase("changes");
        Task<long> Ask(FormattableString sql) => EmptyDatabases.Ask<long>(database, sql);
        var courses = await Ask($"SELECT count(*) FROM courses");
        Assert.Equal(courses, await Ask($"SELECT count(*) FROM search_changes"));

        await Ask(
            $"""
            WITH aged AS (UPDATE search_changes SET changed_at = now() - interval '16 minutes' RETURNING id)
            SELECT count(*) FROM aged
            """
        );
        await Ask($"WITH changed AS (UPDATE courses SET price = price + 1 RETURNING id) SELECT count(*) FROM changed");
        Assert.Equal(courses, await Ask($"SELECT count(*) FROM search_changes"));
        Assert.Equal(
            0,
            await Ask($"SELECT count(*) FROM search_changes WHERE changed_at < now() - interval '1 minute'")
        );
    }

    [Theory]
    [InlineData("zutuzu")]
    [InlineData("zutuzi")]
    [InlineData("zutzuu")]
    public async Task Each_page_of_what_words_or_slips_of_them_find_says_how_many_there_are(string words)
    {
        using var teacher = await stack.Teacher();
        var category = await stack.Category();
        foreach (var title in (string[])["Zutuzu one", "Zutuzu two", "Zutuzu three"])
            await teacher.Course(title: title, category: category);
        using var stranger = stack.Stranger();
        Task<Reply> Page(string page) =>
            stranger.Get($"course/course-search-filter/?category={category}&search={words}&page_size=2&page={page}");

        foreach (var (page, rows) in ((string, int)[])[("1", 2), ("2", 1), ("last", 1)])
        {
            var reply = (await Page(page)).Expect(200);
            Assert.Equal("3", reply.Header("X-Pagination-Count"));
            Assert.Equal(rows, reply.Json.GetArrayLength());
        }
        (await Page("3")).ExpectProblem(404, "Not found", "Invalid page.");
    }

    [Fact]
    public async Task Bad_filters_are_refused_by_name()
    {
        using var stranger = stack.Stranger();
        Task<Reply> Get(string query) => stranger.Get("course/course-search-filter/?" + query);
        (await Get("category=sums")).ExpectFault("category", "Must be a valid UUID.");
        (await Get("min_price=cheap")).ExpectFault("min_price", "A valid number is required.");
        (await Get("max_price=1.234")).ExpectFault("max_price", "Ensure that there are no more than 2 decimal places.");
        (await Get("min_price=5&max_price=4")).Expect(400);
        Assert.Equal("1", (await Get("min_price=0&page=1&page_size=1")).Expect(200).Header("X-Pagination-PageSize"));
    }
}
