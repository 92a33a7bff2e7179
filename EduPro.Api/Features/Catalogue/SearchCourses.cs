using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace EduPro.Api.Features.Catalogue;

/// <summary>
/// Finds published courses that hold all the words, as words, starts or parts of words; and where none does, the
/// thousand whose titles look most like it.
/// </summary>
/// <remarks>
/// What finds at most a thousand is ranked whole, in one look. What finds more costs too much to read for each page:
/// such a page is put together from the newest of each rank, and how many there are is known from the last few seconds.
/// </remarks>
internal static class SearchCourses
{
    /// <summary>
    /// For this transaction: a plan for these very words, because one for any word would look up what every course has;
    /// no table read whole, however many courses the words find.
    /// </summary>
    internal const string Planning = """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)
        """;

    /// <summary>
    /// How many of a slip's trigrams a title must have: first one wrong letter's worth, for there are few such titles;
    /// then two swapped letters' worth.
    /// </summary>
    private static readonly string[] Likenesses = ["0.5", "0.4"];

    public sealed record Request
    {
        [MaxLength(200)]
        public string? Search { get; init; }

        public Guid? Category { get; init; }

        public decimal? MinPrice { get; init; }

        public decimal? MaxPrice { get; init; }

        public string? Teacher { get; init; }

        public string? Ordering { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() =>
            RuleFor(r => r.MinPrice)
                .LessThanOrEqualTo(r => r.MaxPrice)
                .When(r => r.MaxPrice is not null)
                .WithMessage("Ensure this value is less than or equal to max_price.");
    }

    public static async Task<IResult> Handle(
        Query<Request> query,
        EduProDb db,
        PageRequest page,
        RecentCounts counts,
        CancellationToken ct
    )
    {
        if (await query.Read(ct) is { } problem)
            return problem;
        var request = query.Value;
        var courses = Filter(db, request);
        var terms = SearchTerms.Of(request.Search);
        var list = request with { Ordering = null };
        return await db.InTransaction(
            async ct =>
            {
                await db.Database.ExecuteSqlRawAsync(Planning, ct);
                if (terms is null)
                    return await Page(courses, courses.NewestFirst());
                var holding = Holding(courses, terms);
                if (!counts.Knows(list))
                {
                    var found = await Ids(holding.NewestFirst().Take(PageRequest.LongestList + 1));
                    if (found.Length is > 0 and <= PageRequest.LongestList)
                        return await Page(Those(found), BestFirst(Those(found), terms), found.Length);
                    if (found.Length == 0)
                    {
                        found = await Alike();
                        var shown = Those([.. found.Take(page.Reach)]);
                        return await Page(Those(found), MostAlikeFirst(shown, terms), found.Length);
                    }
                }
                return await Page(holding, BestFirst(Best(db, courses, holding, terms, page.Reach), terms));
            },
            ct
        );

        Task<Guid[]> Ids(IQueryable<Course> some) => some.Select(c => c.Id).ToArrayAsync(ct);

        async Task<Guid[]> Alike()
        {
            var alike = MostAlikeFirst(Resembling(courses, terms), terms).Take(PageRequest.LongestList);
            foreach (var likeness in Likenesses)
            {
                await db.Database.ExecuteSqlAsync(
                    $"SELECT set_config('pg_trgm.word_similarity_threshold', {likeness}, true)",
                    ct
                );
                if (await Ids(alike) is { Length: > 0 } found)
                    return found;
            }
            return [];
        }

        IQueryable<Course> Those(Guid[] ids) => db.Courses.Where(c => ids.Contains(c.Id));

        Task<IResult> Page(IQueryable<Course> found, IQueryable<Course> bestFirst, int? count = null) =>
            (Order(found, request.Ordering) ?? bestFirst)
                .Select(CourseShape.From)
                .ToPage(page, ct, count: async () => count ?? await counts.Of(found, list, ct));
    }

    private static IQueryable<Course> Filter(EduProDb db, Request request)
    {
        var courses = db.Courses.Where(c => c.IsPublished);
        if (request.Category is { } category)
            courses = courses.Where(c => c.CategoryId == category);
        if (request.MinPrice is { } min)
            courses = courses.Where(c => c.Price >= min);
        if (request.MaxPrice is { } max)
            courses = courses.Where(c => c.Price <= max);
        if (request.Teacher?.ToLowerInvariant() is { } teacher)
            courses = courses.Where(c => c.Teacher.User.UsernameKey == teacher);
        return courses;
    }

    /// <summary>The order that was asked for; null for none, or one that is unknown.</summary>
    private static IQueryable<Course>? Order(IQueryable<Course> courses, string? ordering) =>
        ordering switch
        {
            "created_at" => courses.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id),
            "-created_at" => courses.NewestFirst(),
            "price" => courses.OrderBy(c => c.Price).ThenBy(c => c.Id),
            "-price" => courses.OrderByDescending(c => c.Price).ThenByDescending(c => c.Id),
            "title" => courses.OrderBy(c => c.SearchTitle).ThenBy(c => c.Id),
            "-title" => courses.OrderByDescending(c => c.SearchTitle).ThenByDescending(c => c.Id),
            _ => null,
        };

    /// <summary>
    /// Parts of words by the index of trigrams; by the index of words the starts of words that are too short for that,
    /// or that the index of words reads in another way, such as <c>c++</c>.
    /// </summary>
    private static IQueryable<Course> Holding(IQueryable<Course> courses, SearchTerms terms)
    {
        var (words, prefixes) = (terms.Terms, terms.Prefixes);
        return terms.Indexed is not { } indexed ? Starting(courses, prefixes)
            : terms.ArePlain ? words.Aggregate(courses, (some, word) => some.Where(c => c.SearchText.Contains(word)))
            : courses.Where(c =>
                EF.Property<NpgsqlTsVector>(c, EduProDb.SearchVector)
                    .Matches(EF.Functions.ToTsQuery("simple", prefixes))
                || (c.SearchText.Contains(indexed) && words.All(word => c.SearchText.Contains(word)))
            );
    }

    private static IQueryable<Course> Starting(IQueryable<Course> courses, string prefixes) =>
        courses.Where(c =>
            EF.Property<NpgsqlTsVector>(c, EduProDb.SearchVector).Matches(EF.Functions.ToTsQuery("simple", prefixes))
        );

    /// <summary>
    /// Of courses that many words find, those that a page can show: of each rank the newest, found by walking the index
    /// of the newest until there are enough.
    /// </summary>
    private static IQueryable<Course> Best(
        EduProDb db,
        IQueryable<Course> courses,
        IQueryable<Course> holding,
        SearchTerms terms,
        int reach
    )
    {
        var phrase = terms.Phrase;
        var best = Newest(courses.Where(c => c.SearchTitle == phrase));
        if (terms.Indexed is null)
            best = best.Union(Newest(Starting(courses, terms.TitlePrefixes)));
        else
        {
            if (terms.Terms.Length > 1)
                best = best.Union(Newest(courses.Where(c => c.SearchTitle.Contains(phrase))));
            best = best.Union(
                    Newest(
                        terms.Terms.Aggregate(courses, (some, word) => some.Where(c => c.SearchTitle.Contains(word)))
                    )
                )
                .Union(Newest(Starting(courses, terms.Prefixes)));
        }
        best = best.Union(Newest(holding));
        return db.Courses.Where(c => best.Contains(c.Id));

        IQueryable<Guid> Newest(IQueryable<Course> some) => some.NewestFirst().Select(c => c.Id).Take(reach);
    }

    private static IQueryable<Course> BestFirst(IQueryable<Course> courses, SearchTerms terms)
    {
        var (phrase, words, prefixes) = (terms.Phrase, terms.Terms, terms.Prefixes);
        return courses
            .OrderBy(c =>
                c.SearchTitle == phrase ? 0
                : c.SearchTitle.Contains(phrase) ? 1
                : words.All(word => c.SearchTitle.Contains(word)) ? 2
                : EF.Property<NpgsqlTsVector>(c, EduProDb.SearchVector)
                    .Matches(EF.Functions.ToTsQuery("simple", prefixes))
                    ? 3
                : 4
            )
            .ThenByDescending(c => c.CreatedAt)
            .ThenByDescending(c => c.Id);
    }

    private static IQueryable<Course> Resembling(IQueryable<Course> courses, SearchTerms terms)
    {
        var phrase = terms.Phrase;
        return courses.Where(c => EF.Functions.TrigramsAreWordSimilar(phrase, c.SearchTitle));
    }

    private static IQueryable<Course> MostAlikeFirst(IQueryable<Course> courses, SearchTerms terms)
    {
        var phrase = terms.Phrase;
        return courses
            .OrderBy(c => EF.Functions.TrigramsWordSimilarityDistance(phrase, c.SearchTitle))
            .ThenBy(c => EF.Functions.TrigramsSimilarityDistance(phrase, c.SearchTitle))
            .ThenByDescending(c => c.CreatedAt)
            .ThenByDescending(c => c.Id);
    }
}
