using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Azure;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace EduPro.Media;

/// <summary>
/// Files in blob storage, under names made of their content's SHA-256: <c>avatars/3f/3f9a....webp</c>.
/// </summary>
/// <remarks>
/// <para>
/// Equal files share one blob, so several rows may hold one name and a row's deletion must not delete the blob. Write
/// the blob first and the row after it: a failed write then leaves at most a blob without a row, and the clean-up
/// takes that with <see cref="ListOlderThanAsync"/>, a look at the rows, and <see cref="DeleteUnchangedAsync"/>.
/// </para>
/// <para>Every member throws <see cref="MediaUnavailableException"/> when the storage fails.</para>
/// </remarks>
public sealed partial class MediaStore : IDisposable
{
    private static readonly StorageTransferOptions Transfer = new()
    {
        InitialTransferSize = 16 * 1024 * 1024,
        MaximumTransferSize = 8 * 1024 * 1024,
        MaximumConcurrency = 1,
    };

    private readonly BlobContainerClient _images;
    private readonly BlobContainerClient _documents;
    private readonly ReadUrls _readUrls;
    private readonly TimeProvider _time;

    /// <summary>The store of one storage account. It talks to it only when asked something.</summary>
    public MediaStore(BlobServiceClient service, TimeProvider time)
    {
        _images = service.GetBlobContainerClient("media");
        _documents = service.GetBlobContainerClient("documents");
        _readUrls = new ReadUrls(service, time);
        _time = time;
    }

    /// <summary>Uploads a checked file and returns its name. Saving what is already there renews its age.</summary>
    public async Task<string> SaveAsync(MediaFile file, CancellationToken ct)
    {
        file.Content.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file.Content, ct));
        var name = $"{file.Folder}/{hash[..2]}/{hash}.{file.Extension}";
        file.Content.Position = 0;
        // Always written, even if it exists: the new age and version keep a clean-up that runs right now, and saw the
        // blob without a row, from taking it away before the caller's row is there.
        await AskAsync(
            () =>
                Blob(file.Container, name)
                    .UploadAsync(
                        file.Content,
                        new BlobUploadOptions
                        {
                            HttpHeaders = new BlobHttpHeaders { ContentType = file.ContentType },
                            TransferOptions = Transfer,
                        },
                        ct
                    ),
            ct
        );
        return name;
    }

    /// <summary>Opens a file for reading, or returns null if there is none of that name.</summary>
    public async Task<StoredMedia?> OpenAsync(MediaContainer container, string name, CancellationToken ct)
    {
        if (ETagOf(name) is not { } etag)
            return null;
        var blob = Blob(container, name);
        return await AskAsync(
            async () =>
            {
                try
                {
                    var properties = (await blob.GetPropertiesAsync(cancellationToken: ct)).Value;
                    // Equal names are equal contents: an upload that renews the blob meanwhile changes nothing.
                    var content = await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: true), ct);
                    return new StoredMedia(content, properties.ContentType, etag, properties.LastModified);
                }
                catch (RequestFailedException e) when (e.Status == 404)
                {
                    return null;
                }
            },
            ct
        );
    }

    /// <summary>
    /// The ETag of a file by its name alone, so that <c>If-None-Match</c> can be answered without the storage; null
    /// for what is no name of ours.
    /// </summary>
    public static string? ETagOf(string name) =>
        Name.Match(name) is { Success: true } match ? $"\"{match.Groups["hash"].Value}\"" : null;

    /// <summary>Whether there is a file of this name.</summary>
    public Task<bool> ExistsAsync(MediaContainer container, string name, CancellationToken ct) =>
        AskAsync(async () => (await Blob(container, name).ExistsAsync(ct)).Value, ct);

    /// <summary>
    /// A URL on which a browser downloads a document, without further credentials, for 10 minutes.
    /// </summary>
    /// <param name="name">Of a file in <see cref="MediaContainer.Documents"/>; whether it exists is not asked.</param>
    /// <param name="downloadName">The file name that the browser proposes.</param>
    /// <param name="ct">Stops the request for a signing key, where one is due.</param>
    public Task<Uri> ReadUrlAsync(string name, string downloadName, CancellationToken ct) =>
        AskAsync(() => _readUrls.SignAsync(Blob(MediaContainer.Documents, name), downloadName, ct), ct);

    /// <summary>The files that were last uploaded longer ago than <paramref name="age"/>, in the order of names.</summary>
    public async IAsyncEnumerable<StoredMediaItem> ListOlderThanAsync(
        MediaContainer container,
        TimeSpan age,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var before = _time.GetUtcNow() - age;
        await using var pages = Container(container)
            .GetBlobsAsync(new GetBlobsOptions(), ct)
            .AsPages()
            .GetAsyncEnumerator(ct);
        while (await AskAsync(async () => await pages.MoveNextAsync(), ct))
            foreach (var blob in pages.Current.Values)
                if (blob.Properties is { LastModified: { } modified, ETag: { } version } && modified < before)
                    yield return new StoredMediaItem(container, blob.Name, modified, version);
    }

    /// <summary>
    /// Deletes a file that was found without a row, unless it was uploaded again since it was listed. Returns whether
    /// this call deleted it.
    /// </summary>
    public Task<bool> DeleteUnchangedAsync(StoredMediaItem item, CancellationToken ct) =>
        AskAsync(
            async () =>
            {
                try
                {
                    return await Blob(item.Container, item.Name)
                        .DeleteIfExistsAsync(
                            DeleteSnapshotsOption.IncludeSnapshots,
                            new BlobRequestConditions { IfMatch = item.Version },
                            ct
                        );
                }
                catch (RequestFailedException e) when (e.Status == 412)
                {
                    return false;
                }
            },
            ct
        );

    /// <inheritdoc/>
    public void Dispose() => _readUrls.Dispose();

    private BlobContainerClient Container(MediaContainer container) =>
        container == MediaContainer.Images ? _images : _documents;

    private BlobClient Blob(MediaContainer container, string name) => Container(container).GetBlobClient(name);

    /// <summary>
    /// The storage client tells of its troubles in four ways: a status, the sum of its retries, a sign-in that
    /// failed, and a timeout that looks like a cancellation.
    /// </summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask();
        }
        catch (Exception e)
            when (e is RequestFailedException or AggregateException or AuthenticationFailedException
                || (e is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            throw new MediaUnavailableException("Blob storage is unavailable.", e);
        }
    }

    [GeneratedRegex(
        @"\A[a-z]+/(?<start>[0-9a-f]{2})/(?<hash>\k<start>[0-9a-f]{62})\.[a-z0-9]+\z",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name { get; }
}
