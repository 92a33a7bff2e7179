namespace EduPro.Api.Http;

/// <summary>
/// An id in a path. What is no UUID becomes the empty id, which no row has, so that a mistyped id gives the 404 of
/// the object that it should have named.
/// </summary>
internal readonly record struct PathId(Guid Value)
{
    public static bool TryParse(string? text, out PathId id)
    {
        id = new PathId(Guid.TryParse(text, out var value) ? value : Guid.Empty);
        return true;
    }

    public static implicit operator Guid(PathId id) => id.Value;
}
