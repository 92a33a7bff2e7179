using System.Reflection;
using EduPro.Media;

namespace EduPro.Api.Http.Binding;

/// <summary>
/// A file field of a request type, made from an <see cref="IFormFile"/> by its constructor. Its content is checked when
/// the whole request is.
/// </summary>
internal interface IUploadedFile
{
    /// <summary>The largest content that the field takes, in bytes.</summary>
    static abstract long MaxBytes { get; }

    /// <summary>The checked file, once <see cref="Check"/> has found nothing wrong.</summary>
    MediaFile File { get; }

    /// <summary>Checks the content and returns the contract's message when it fails, else null.</summary>
    Task<string?> Check(IServiceProvider services, CancellationToken ct);
}

/// <summary>A file whose content a checker of EduPro.Media accepts or refuses.</summary>
internal abstract class UploadedFile(IFormFile file)
{
    private MediaFile? accepted;

    public MediaFile File => accepted ?? throw new InvalidOperationException("The file was not checked, or refused.");

    /// <summary>The name that the client gave the file, without any folders and control characters.</summary>
    public string Name =>
        string.Concat(Path.GetFileName(file.FileName.Replace('\\', '/')).Where(c => !char.IsControl(c)));

    protected async Task<string?> Check<T>(Func<Stream, Task<Upload<T>>> check)
        where T : MediaFile
    {
        var upload = await check(file.OpenReadStream());
        accepted = upload.File;
        return upload.Refusal;
    }
}

/// <summary>A JPG, PNG or GIF, encoded anew within the bounds of its kind.</summary>
internal abstract class Picture(IFormFile file, ImageKind kind) : UploadedFile(file), IUploadedFile
{
    public static long MaxBytes => UploadLimits.ImageBytes;

    public Task<string?> Check(IServiceProvider services, CancellationToken ct) =>
        Check(content => services.GetRequiredService<ImageUploads>().ReadAsync(content, kind, ct));
}

internal sealed class AvatarPicture(IFormFile file) : Picture(file, ImageKind.Avatar);

internal sealed class LogoPicture(IFormFile file) : Picture(file, ImageKind.Logo);

internal sealed class ThumbnailPicture(IFormFile file) : Picture(file, ImageKind.Thumbnail);

/// <summary>A PDF, DOC or DOCX.</summary>
internal sealed class DocumentFile(IFormFile file) : UploadedFile(file), IUploadedFile
{
    public static long MaxBytes => UploadLimits.DocumentBytes;

    public Task<string?> Check(IServiceProvider services, CancellationToken ct) =>
        Check(content => DocumentUploads.CheckAsync(content, ct));
}

/// <summary>An MP4, AVI or MOV.</summary>
internal sealed class VideoFile(IFormFile file) : UploadedFile(file), IUploadedFile
{
    public static long MaxBytes => UploadLimits.VideoBytes;

    public Task<string?> Check(IServiceProvider services, CancellationToken ct) =>
        Check(content => VideoUploads.CheckAsync(content, ct));
}

internal static class UploadedFiles
{
    public static FieldReader.Outcome Wrap(Type type, FieldReader.Outcome file) =>
        file.IsFault ? file : new FieldReader.Outcome(Activator.CreateInstance(type, file.Value));

    public static long MaxBytes(Type type) =>
        (long)
            type.GetProperty(
                        nameof(IUploadedFile.MaxBytes),
                        BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy
                    )!
                .GetValue(null)!;

    /// <summary>Saves the file and returns its blob's name; null for no file. Save before the row that names it.</summary>
    public static async Task<string?> Save(this MediaStore store, IUploadedFile? upload, CancellationToken ct) =>
        upload is null ? null : await store.SaveAsync(upload.File, ct);
}
