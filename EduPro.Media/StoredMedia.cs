using Azure;

namespace EduPro.Media;

/// <summary>A stored file, open for reading.</summary>
/// <param name="Content">Seekable, fetched as it is read: a range costs only its own bytes. Dispose it.</param>
/// <param name="ContentType">As it was checked at upload.</param>
/// <param name="ETag">Strong and quoted, made of the content's hash: it outlives a renewed upload.</param>
/// <param name="LastModified">When the content was last uploaded, UTC.</param>
public sealed record StoredMedia(Stream Content, string ContentType, string ETag, DateTimeOffset LastModified)
    : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>A stored file as the clean-up sees it.</summary>
/// <param name="Container">Where it is.</param>
/// <param name="Name">Its name there, as rows hold it.</param>
/// <param name="LastModified">When the content was last uploaded, UTC.</param>
/// <param name="Version">The storage's own ETag at that time; see <see cref="MediaStore.DeleteUnchangedAsync"/>.</param>
public sealed record StoredMediaItem(MediaContainer Container, string Name, DateTimeOffset LastModified, ETag Version);
