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
    public async Task A_rare_word_that_is_asked_for_again_finds_the_same_and_what_came_since()
    {
        using var teacher = await stack.Teacher();
        var word = School.Unique("rare");
        var first = await teacher.Course(title: $"First {word}s");
        var second = await teacher.Course(title: $"Second {word}");
        async Task<Guid[]> Find(string page = "") =>
            [
                .. (await teacher.Get($"course/course-search-filter/?search={word}{page}"))
                    .Expect(200)
                    .Json.EnumerateArray()
                    .Select(course => course.GetProperty("id").GetGuid()),
            ];

        Assert.Equal([second, first], await Find());
        Assert.Equal([second, first], await Find());
        Assert.Equal([first], await Find("&page_size=1&page=2"));
        var exact = await teacher.Course(title: word);
        Assert.Equal([exact, second, first], await Find());
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
