using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace EduPro.Api.Http;

/// <summary>
/// The page that a request asks for. Enveloped lists have pages of 5 unless asked otherwise; bare lists are whole, up
/// to 1,000 rows, unless a page is asked for.
/// </summary>
/// <param name="IsLast">For <c>page=last</c>, as DRF has it.</param>
internal sealed record PageRequest(int? Number, int? Size, bool IsValid, bool IsLast = false)
    : IBindableFromHttpContext<PageRequest>,
        IEndpointParameterMetadataProvider
{
    public const int DefaultSize = 5,
        LargestSize = 100,
        LongestList = 1000;

    /// <summary>How many rows of a bare list come before the page's end.</summary>
    public int Reach =>
        IsLast ? int.MaxValue : (int)Math.Min((long)(Number ?? 1) * SizeOf(envelope: false), int.MaxValue);

    /// <summary>Whether no page is asked for: a bare list is then whole.</summary>
    public bool IsWholeList => this is { Number: null, Size: null, IsLast: false, IsValid: true };

    /// <summary>Rows of a page, or of the whole list where no page is asked for.</summary>
    public int SizeOf(bool envelope, int defaultSize = DefaultSize) =>
        envelope || !IsWholeList ? Size ?? defaultSize : LongestList;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new Taken());

    public static ValueTask<PageRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var size =
            query["page_size"] is [.., var wanted]
            && int.TryParse(wanted, CultureInfo.InvariantCulture, out var asked)
            && asked > 0
                ? Math.Min(asked, LargestSize)
                : (int?)null;
        if (query["page"] is not [.., { Length: > 0 } page])
            return new(new PageRequest(null, size, true));
        if (page == "last")
            return new(new PageRequest(null, size, true, IsLast: true));
        var isNumber = int.TryParse(page, CultureInfo.InvariantCulture, out var number) && number > 0;
        return new(new PageRequest(number, size, isNumber));
    }

    /// <summary>Marks the endpoints of lists.</summary>
    internal sealed record Taken;
}

/// <summary>A page of a list, whatever the type of its rows.</summary>
internal interface IPage
{
    IEnumerable Items { get; }

    /// <summary>Writes the page with other items in place of its own, in the same envelope.</summary>
    IResult Write(HttpContext context, JsonArray items);
}

/// <summary>Rows of one page, with what the envelope and the pagination headers say.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, int Count, int Number, int Size, bool HasEnvelope) : IPage
{
    IEnumerable IPage.Items => Items;

    public IResult Write(HttpContext context, JsonArray items) => new PageResult<T>(this, items);
}

/// <summary>The envelope of a page, as DRF's PageNumberPagination writes it.</summary>
internal sealed record Envelope<T>(int Count, string? Next, string? Previous, IReadOnlyList<T> Results);

internal static class Paging
{
    /// <summary>
    /// Reads the asked page of an ordered query: in an envelope of pages, or as a bare list. Answers the 404 of a page
    /// that does not exist. <paramref name="count"/> is for lists whose length is known in a cheaper way; it is asked
    /// when the page does not tell. Without it the query of the page counts the list, where a page is asked for.
    /// </summary>
    public static Task<IResult> ToPage<T>(
        this IQueryable<T> rows,
        PageRequest request,
        CancellationToken ct,
        bool envelope = false,
        int defaultSize = PageRequest.DefaultSize,
        Func<Task<int>>? count = null
    )
    {
        int? known = null;
        List<T>? last = null;
        var isCounted = count is null && (envelope || !request.IsWholeList);
        return ToPage(Slice, count ?? Count, request, envelope, defaultSize);

        async Task<List<T>> Slice(int skip, int size)
        {
            if (last is not null)
                return [.. last.TakeLast((known ?? 0) - skip)];
            var asked = rows.Skip(skip).Take(size);
            return isCounted ? await Counted(asked) : await asked.ToListAsync(ct);
        }

        async Task<int> Count()
        {
            if (!request.IsLast)
                return known ?? await rows.CountAsync(ct);
            // Its first row is known only when the list is counted, so it is read from the end.
            last = await Counted(rows.Reverse().Take(request.SizeOf(envelope, defaultSize)));
            last.Reverse();
            return known ?? 0;
        }

        async Task<List<T>> Counted(IQueryable<T> some)
        {
            var items = await some.Select(row => new { Row = row, Of = rows.Count() }).ToListAsync(ct);
            known = items.FirstOrDefault()?.Of;
            return items.ConvertAll(item => item.Row);
        }
    }

    /// <summary>The same of what reads so many rows behind so many others.</summary>
    public static async Task<IResult> ToPage<T>(
        Func<int, int, Task<List<T>>> slice,
        Func<Task<int>> count,
        PageRequest request,
        bool envelope,
        int defaultSize = PageRequest.DefaultSize
    )
    {
        if (!request.IsValid)
            return Problems.InvalidPage;
        var size = request.SizeOf(envelope, defaultSize);
        var known = request.IsLast ? await count() : (int?)null;
        var number = known is { } rows ? Math.Max(1, (rows + size - 1) / size) : request.Number ?? 1;
        if ((long)(number - 1) * size > int.MaxValue)
            return Problems.InvalidPage;
        var before = (number - 1) * size;
        var items = await slice(before, size);
        if (items.Count == 0 && number > 1)
            return Problems.InvalidPage;
        // A list that does not fill its page ends there: counting it would be a second query for nothing.
        var total = items.Count < size ? before + items.Count : known ?? await count();
        return new PageResult<T>(new Page<T>(items, total, number, size, envelope));
    }

    /// <summary>The same of a bare list that has been read.</summary>
    /// <param name="count">How many there are, where only as many have been read as a bare list shows.</param>
    public static Task<IResult> ToPage<T>(this List<T> rows, PageRequest request, Func<Task<int>>? count = null) =>
        ToPage(
            (skip, size) => Task.FromResult(rows.Skip(skip).Take(size).ToList()),
            count ?? (() => Task.FromResult(rows.Count)),
            request,
            envelope: false
        );

    /// <summary>The same for rows that become shapes outside the query.</summary>
    public static async Task<IResult> ToPage<TRow, T>(
        this IQueryable<TRow> rows,
        PageRequest request,
        Func<TRow, Task<T>> shape,
        CancellationToken ct
    )
    {
        var read = await rows.ToPage(request, ct);
        if (read is not PageResult<TRow> { Page: var page })
            return read;
        var items = new List<T>(page.Items.Count);
        foreach (var row in page.Items)
            items.Add(await shape(row));
        return new PageResult<T>(new Page<T>(items, page.Count, page.Number, page.Size, page.HasEnvelope));
    }

    /// <summary>The address of another page of the request's list.</summary>
    public static string Link(HttpRequest request, int page)
    {
        var query = QueryHelpers.ParseQuery(request.QueryString.Value);
        if (page == 1)
            query.Remove("page");
        else
            query["page"] = page.ToString(CultureInfo.InvariantCulture);
        return UriHelper.BuildAbsolute(
            request.Scheme,
            request.Host,
            request.PathBase,
            request.Path,
            QueryString.Create(query)
        );
    }
}

/// <summary>Writes a page: its items bare or in an envelope, and the pagination headers.</summary>
internal sealed class PageResult<T>(Page<T> page, JsonArray? widened = null) : IResult, IValueHttpResult
{
    public Page<T> Page => page;

    object IValueHttpResult.Value => page;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers["X-Pagination-Count"] = page.Count.ToString(CultureInfo.InvariantCulture);
        headers["X-Pagination-Page"] = page.Number.ToString(CultureInfo.InvariantCulture);
        headers["X-Pagination-PageSize"] = page.Size.ToString(CultureInfo.InvariantCulture);
        return (page.HasEnvelope, widened) switch
        {
            (false, null) => TypedResults.Ok(page.Items).ExecuteAsync(httpContext),
            (false, _) => TypedResults.Ok(widened).ExecuteAsync(httpContext),
            (true, null) => TypedResults.Ok(Enveloped(httpContext.Request, page.Items)).ExecuteAsync(httpContext),
            (true, _) => TypedResults.Ok(Enveloped(httpContext.Request, [.. widened])).ExecuteAsync(httpContext),
        };
    }

    private Envelope<TItem> Enveloped<TItem>(HttpRequest request, IReadOnlyList<TItem> items) =>
        new(
            page.Count,
            (long)page.Number * page.Size < page.Count ? Paging.Link(request, page.Number + 1) : null,
            page.Number > 1 ? Paging.Link(request, page.Number - 1) : null,
            items
        );
}
