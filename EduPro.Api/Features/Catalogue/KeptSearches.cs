using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace EduPro.Api.Features.Catalogue;

/// <summary>
/// Which courses searches found that were asked for more than once. The query that reads those courses again asks also
/// whether anything changed that such a search looks at, so that everybody gets what it would find now.
/// </summary>
internal sealed class KeptSearches : IDisposable
{
    private const int MostCourses = 100_000;

    /// <summary>Less than the quarter of an hour for which changes are remembered.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private static readonly Func<EduProDb, Guid[], string, string[], IAsyncEnumerable<Row>> Unchanged =
        EF.CompileAsyncQuery(
            (EduProDb db, Guid[] found, string snapshot, string[] terms) =>
                db
                    .Courses.Where(c => found.Contains(c.Id) && !EduProDb.SearchChangedSince(snapshot, terms))
                    .Select(CourseShape.From)
                    .Select(course => new Row(course, EduProDb.SearchSnapshot()))
        );

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MostCourses });
    private readonly Doorkeeper doorkeeper = new(TimeSpan.FromMinutes(1));

    /// <summary>The courses of a page that was found before, and the number of all, if both are the same now.</summary>
    /// <param name="page">Tells it from all others, by its value.</param>
    public async Task<(List<CourseShape> Courses, int Of)?> Find(
        EduProDb db,
        object page,
        SearchTerms terms,
        CancellationToken ct
    )
    {
        if (!kept.TryGetValue(page, out Found? found))
            return null;
        var looked = terms.ArePlain ? terms.Terms : [];
        var rows = await Unchanged(db, found!.Courses.ForAnyPlan(), found.Snapshot, looked)
            .ToDictionaryAsync(row => row.Course.Id, cancellationToken: ct);
        if (rows.Count == 0)
            return null;
        // The next one has fewer changes to look at.
        found.Snapshot = rows[found.Courses[0]].Snapshot;
        return ([.. found.Courses.Select(id => rows[id].Course)], found.Of);
    }

    /// <param name="page">Tells it from all others, by its value.</param>
    /// <param name="courses">Those of the page, not none.</param>
    /// <param name="of">How many were found in all, by the same query.</param>
    /// <param name="snapshot">That query's.</param>
    public void Keep(object page, Guid[] courses, int of, string snapshot)
    {
        if (doorkeeper.Knows(page))
            kept.Set(
                page,
                new Found(courses, of) { Snapshot = snapshot },
                new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Lifetime, Size = courses.Length }
            );
        doorkeeper.Tell(page);
    }

    public void Dispose() => kept.Dispose();

    private sealed record Row(CourseShape Course, string Snapshot);

    private sealed record Found(Guid[] Courses, int Of)
    {
        public required string Snapshot { get; set; }
    }
}
