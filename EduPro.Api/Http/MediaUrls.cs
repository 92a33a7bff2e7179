using System.Reflection;

namespace EduPro.Api.Http;

/// <summary>
/// Where this request's client finds public files. <see cref="Base"/> ends with a slash: base and blob name make the
/// address, also inside a query's projection.
/// </summary>
internal sealed record MediaUrls(string Base) : IBindableFromHttpContext<MediaUrls>
{
    public string? Of(string? blob) => blob is null ? null : Base + blob;

    public static ValueTask<MediaUrls?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new MediaUrls($"{context.Request.Scheme}://{context.Request.Host}/media/"));
}
