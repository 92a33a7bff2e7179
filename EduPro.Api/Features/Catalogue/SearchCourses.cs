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
/// What was asked for before is searched again only when a course changed that has to do with it (<see
/// cref="KeptSearches"/>). Else the first query ranks what it finds, and counts it, if that is at most a thousand. What
/// finds more costs too much to read for each page: a second query puts the page together from the newest of each rank,
/// and for a minute is asked alone; how many there are is known from the last few seconds. What finds nothing is a slip of
/// the pen, and looked for by one more query, or two.
/// </remarks>
internal static class SearchCourses
{
    /// <summary>A course of a page, with the number of all that were found, and when.</summary>
    private sealed record Row(CourseShape Course, int Of, string Snapshot);

    /// <summary>
    /// How many of a slip's trigrams a title must have: first one wrong letter's worth, for there are few such titles;
    /// then two swapped letters' worth.
    /// </summary>
    private static readonly string[] Likenesses = ["0.5", "0.4"];

    /// <summary>The first query of the commonest search, for one word and nothing else, translated once.</summary>
    private static readonly Func<EduProDb, string, string, int, int, IAsyncEnumerable<Row>> OneWord =
        EF.CompileAsyncQuery(
            (EduProDb db, string word, string prefixes, int skip, int size) =>
                db
                    .Courses.TagWith(CustomPlans.Tag)
                    .Where(c => c.IsPublished && c.SearchText.Contains(word))
                    .OrderByDescending(c => c.CreatedAt)
                    .ThenByDescending(c => c.Id)
                    .Take(PageRequest.LongestList + 1)
                    .OrderBy(c =>
                        c.SearchTitle == word ? 0
                        : c.SearchTitle.Contains(word) ? 1
                        : EF.Property<NpgsqlTsVector>(c, EduProDb.SearchVector)
                            .Matches(EF.Functions.ToTsQuery("simple", prefixes))
                            ? 3
                        : 4
                    )
                    .ThenByDescending(c => c.CreatedAt)
                    .ThenByDescending(c => c.Id)
                    .Skip(skip)
                    .Take(size)
                    // Only these are read whole.
                    .Join(db.Courses, found => found.Id, c => c.Id, (found, c) => c)
                    .Select(CourseShape.From)
                    .Select(course => new Row(
                        course,
                        db.Courses.Where(c => c.IsPublished && c.SearchText.Contains(word))
                            .OrderByDescending(c => c.CreatedAt)
                            .ThenByDescending(c => c.Id)
                            .Take(PageRequest.LongestList + 1)
                            .Count(),
                        EduProDb.SearchSnapshot()
                    ))
        );

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
        KeptSearches kept,
        CancellationToken ct
    )
    {
        if (await query.Read(ct) is { } problem)
            return problem;
        var terms = SearchTerms.Of(query.Value.Search);
        var request = query.Value with { Search = terms?.Phrase };
        var list = request with { Ordering = null };
        if (terms is null)
        {
            var all = Courses();
            return await (Order(all, request.Ordering) ?? all.NewestFirst())
                .Select(CourseShape.From)
                .ToPage(page, ct, count: () => counts.Of(all, list, ct));
        }
        var total = counts.Long(list);
        List<CourseShape>? alike = null;
        return await Paging.ToPage(Slice, Count, page, envelope: false);

        IQueryable<Course> Courses(string? likeness = null) => Filter(db.Courses.WithCustomPlan(likeness), request);

        async Task<List<CourseShape>> Slice(int skip, int size)
        {
            if (alike is not null)
                return [.. alike.Skip(skip).Take(size)];
            if (await kept.Find(db, (request, skip, size), terms, ct) is not var (again, of))
                return await Look(skip, size);
            total = of;
            return again;
        }

        async Task<List<CourseShape>> Look(int skip, int size)
        {
            var (courses, holding) = (Courses(), Holding(Courses(), terms));
            if (total is null && !counts.WasLong(list))
            {
                var newest = holding.NewestFirst().Take(PageRequest.LongestList + 1);
                var found =
                    list == new Request { Search = request.Search }
                    && Order(newest, request.Ordering) is null
                    && terms is { Terms: [var word], ArePlain: true, Indexed: not null }
                        ? await OneWord(db, word, terms.Prefixes, skip, size).ToListAsync(ct)
                        : await Rows(newest, Order(newest, request.Ordering) ?? BestFirst(newest, terms), skip, size);
                if (found is [])
                    return await Alike(holding, skip, size);
                if (found is [{ Of: <= PageRequest.LongestList }, ..])
                    return Kept(found, skip, size);
            }
            var best =
                Order(holding, request.Ordering) ?? BestFirst(Best(db, courses, holding, terms, page.Reach), terms);
            if (total is not null)
                return await best.Skip(skip).Take(size).Select(CourseShape.From).ToListAsync(ct);
            var many = Kept(await Rows(holding, best, skip, size), skip, size);
            if (total is not { } count)
                return await Alike(holding, skip, size);
            counts.Keep(list, count);
            return many;
        }

        // Asked before a slice only for the last page.
        async Task<int> Count()
        {
            if (!page.IsLast || total is not null)
                return total ?? 0;
            var holding = Holding(Courses(), terms);
            if ((total = await counts.Of(holding, list, ct)) == 0)
                alike = await Alike(holding, 0, PageRequest.LongestList);
            return total ?? 0;
        }

        async Task<List<CourseShape>> Alike(IQueryable<Course> holding, int skip, int size)
        {
            // Nothing may also be what a page behind the last one shows.
            if (skip > 0 && await holding.AnyAsync(ct))
                return [];
            foreach (var likeness in Likenesses)
            {
                var resembling = Resembling(Courses(likeness), terms);
                var most = MostAlikeFirst(resembling, terms).Take(PageRequest.LongestList);
                var order = Order(most, request.Ordering) ?? MostAlikeFirst(most, terms);
                if (await Rows(most, order, skip, size) is { Count: > 0 } found)
                    return Counted(found);
            }
            return [];
        }

        Task<List<Row>> Rows(IQueryable<Course> found, IQueryable<Course> ordered, int skip, int size) =>
            ordered
                .Skip(skip)
                .Take(size)
                .Select(CourseShape.From)
                .Select(course => new Row(course, found.Count(), EduProDb.SearchSnapshot()))
                .ToListAsync(ct);

        List<CourseShape> Kept(List<Row> rows, int skip, int size)
        {
            if (rows is [var first, ..])
                kept.Keep((request, skip, size), [.. rows.Select(row => row.Course.Id)], first.Of, first.Snapshot);
            return Counted(rows);
        }

        List<CourseShape> Counted(List<Row> rows)
        {
            total = rows is [var row, ..] ? row.Of : null;
            return rows.ConvertAll(row => row.Course);
        }
    }

    private static IQueryable<Course> Filter(IQueryable<Course> courses, Request request)
    {
        courses = courses.Where(c => c.IsPublished);
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
