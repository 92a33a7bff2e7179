namespace EduPro.Media;

/// <summary>The two containers, both without public access.</summary>
public enum MediaContainer
{
    /// <summary>Container <c>media</c>: images that anyone may see through the API's <c>/media/...</c>.</summary>
    Images,

    /// <summary>Container <c>documents</c>: documents behind signed URLs, and videos on their way to the video host.</summary>
    Documents,
}

/// <summary>A file whose content was checked, ready for <see cref="MediaStore.SaveAsync"/>.</summary>
/// <param name="Container">Where it belongs.</param>
/// <param name="Folder">The first segment of its name there, such as <c>avatars</c>.</param>
/// <param name="Content">A seekable stream of the whole file. Of images it is new, of others the upload itself.</param>
/// <param name="ContentType">By content, not as the client said.</param>
/// <param name="Extension">By content, without the dot.</param>
public record MediaFile(MediaContainer Container, string Folder, Stream Content, string ContentType, string Extension);

/// <summary>An image that was decoded and encoded anew.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Content">The new file.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record ImageFile(ImageKind Kind, Stream Content, int Width, int Height)
    : MediaFile(MediaContainer.Images, Kind.Folder, Content, "image/webp", "webp");

/// <summary>What an image is for, which decides its folder and its bound.</summary>
public sealed record ImageKind
{
    /// <summary>A user's picture, at most 512 x 512.</summary>
    public static readonly ImageKind Avatar = new("avatars", 512);

    /// <summary>A teacher's logo, at most 512 x 512.</summary>
    public static readonly ImageKind Logo = new("logos", 512);

    /// <summary>The picture of a course, module or lesson, at most 1024 x 1024.</summary>
    public static readonly ImageKind Thumbnail = new("thumbnails", 1024);

    private ImageKind(string folder, int bound) => (Folder, Bound) = (folder, bound);

    /// <summary>The first segment of the stored name.</summary>
    public string Folder { get; }

    /// <summary>The longest side, in pixels. Smaller images are not enlarged.</summary>
    public int Bound { get; }
}
