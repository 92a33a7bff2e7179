using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace EduPro.Api.Features.Catalogue;

/// <summary>
/// Finds published courses that hold all the words, as words, starts or parts of words; and where none does, those
/// whose titles look like it.
/// </summary>
internal static class SearchCourses
{
    public sealed class Request
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
        MediaUrls media,
        CancellationToken ct
    )
    {
        if (await query.Read(ct) is { } problem)
            return problem;
        var request = query.Value;
        var courses = Filter(db, request);
        if (SearchTerms.Of(request.Search) is not { } terms)
            return await Show(Order(courses, request.Ordering) ?? courses.NewestFirst());

        var holding = Holding(db, courses, terms);
        var found = await Show(Order(holding, request.Ordering) ?? BestFirst(holding, terms));
        if (found is PageResult<CourseShape> { Page.Count: > 0 } || await holding.AnyAsync(ct))
            return found;
        return await db.InTransaction(
            async ct =>
            {
                await db.Database.ExecuteSqlAsync($"SET LOCAL pg_trgm.word_similarity_threshold = 0.4", ct);
                var alike = Resembling(courses, terms);
                return await Show(Order(alike, request.Ordering) ?? MostAlikeFirst(alike, terms));
            },
            ct
        );

        Task<IResult> Show(IQueryable<Course> ordered) => ordered.Select(CourseShape.From(media.Base)).ToPage(page, ct);
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
    /// Word starts by the index of words, parts of words by the index of trigrams. Of what many courses hold, the
    /// newest: who searches for a word that half of all courses have does not read them all.
    /// </summary>
    private static IQueryable<Course> Holding(EduProDb db, IQueryable<Course> courses, SearchTerms terms)
    {
        var (words, prefixes, titles) = (terms.Terms, terms.Prefixes, terms.TitlePrefixes);
        var (inTitle, anywhere) = terms.Indexed is { } indexed
            ? (
                courses.Where(c => c.SearchTitle.Contains(indexed) && words.All(word => c.SearchTitle.Contains(word))),
                courses.Where(c =>
                    EF.Property<NpgsqlTsVector>(c, EduProDb.SearchVector)
                        .Matches(EF.Functions.ToTsQuery("simple", prefixes))
                    || (c.SearchText.Contains(indexed) && words.All(word => c.SearchText.Contains(word)))
                )
            )
            : (
                courses.Where(c =>
                    EF.Property<NpgsqlTsVector>(c, EduProDb.SearchVector)
                        .Matches(EF.Functions.ToTsQuery("simple", titles))
                ),
                courses.Where(c =>
                    EF.Property<NpgsqlTsVector>(c, EduProDb.SearchVector)
                        .Matches(EF.Functions.ToTsQuery("simple", prefixes))
                )
            );
        var found = Newest(inTitle).Union(Newest(anywhere));
        return db.Courses.Where(c => found.Contains(c.Id));
    }

    private static IQueryable<Guid> Newest(IQueryable<Course> courses) =>
        courses.NewestFirst().Select(c => c.Id).Take(PageRequest.LongestList);

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
