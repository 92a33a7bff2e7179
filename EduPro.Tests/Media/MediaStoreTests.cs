using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using EduPro.Media;
using EduPro.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EduPro.Tests.Media;

public sealed class MediaStoreTests(Stack stack) : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private BlobServiceClient _service = null!;
    private MediaStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_is_stored_under_its_hash_and_served_back()
    {
        using var images = new ImageUploads(NullLogger<ImageUploads>.Instance);
        using var picture = Pictures.Noise(700, 500);
        var upload = await images.ReadAsync(new MemoryStream(picture.PngsaveBuffer()), ImageKind.Avatar, Ct);
        var bytes = ((MemoryStream)upload.File!.Content).ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));

        var name = await _store.SaveAsync(upload.File, Ct);

        Assert.Equal($"avatars/{hash[..2]}/{hash}.webp", name);
        Assert.True(await _store.ExistsAsync(MediaContainer.Images, name, Ct));
        await using var stored = await _store.OpenAsync(MediaContainer.Images, name, Ct);
        Assert.Equal(("image/webp", $"\"{hash}\""), (stored!.ContentType, stored.ETag));
        Assert.Equal(MediaStore.ETagOf(name), stored.ETag);
        Assert.Equal(bytes, await ReadAllAsync(stored.Content));
    }

    [Fact]
    public async Task A_range_is_read_by_seeking()
    {
        var bytes = RandomNumberGenerator.GetBytes(9_000_000);
        var name = await _store.SaveAsync(Video(bytes), Ct);

        await using var stored = await _store.OpenAsync(MediaContainer.Documents, name, Ct);
        Assert.Equal(bytes.Length, stored!.Content.Length);
        stored.Content.Seek(8_500_000, SeekOrigin.Begin);
        var part = new byte[1000];
        await stored.Content.ReadExactlyAsync(part, Ct);

        Assert.Equal(bytes[8_500_000..8_501_000], part);
    }

    [Fact]
    public async Task Saving_the_same_again_and_at_once_makes_one_blob()
    {
        var bytes = RandomNumberGenerator.GetBytes(50_000);

        var names = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.SaveAsync(Document(bytes), Ct)));

        Assert.Single(names.Distinct());
        await using var stored = await _store.OpenAsync(MediaContainer.Documents, names[0], Ct);
        Assert.Equal(bytes, await ReadAllAsync(stored!.Content));
    }

    [Fact]
    public async Task A_video_of_100_megabytes_arrives_whole()
    {
        var bytes = RandomNumberGenerator.GetBytes((int)UploadLimits.VideoBytes);

        var name = await _store.SaveAsync(Video(bytes), Ct);

        await using var stored = await _store.OpenAsync(MediaContainer.Documents, name, Ct);
        Assert.Equal(SHA256.HashData(bytes), await SHA256.HashDataAsync(stored!.Content, Ct));
    }

    [Theory]
    [InlineData("avatars/00/0000000000000000000000000000000000000000000000000000000000000000.webp")]
    [InlineData("../documents/x.pdf")]
    [InlineData("")]
    public async Task What_is_not_there_is_null(string name)
    {
        Assert.Null(await _store.OpenAsync(MediaContainer.Images, name, Ct));
    }

    [Fact]
    public async Task A_link_downloads_the_document_under_its_name_and_nothing_else()
    {
        var name = await _store.SaveAsync(Document("%PDF-1.7 one"u8.ToArray()), Ct);
        var other = await _store.SaveAsync(Document("%PDF-1.7 two"u8.ToArray()), Ct);
        using var browser = new HttpClient();

        var url = await _store.ReadUrlAsync(name, "Übung \"1\"\r\nX: y.pdf", Ct);

        using var answer = await browser.GetAsync(url, Ct);
        Assert.Equal("%PDF-1.7 one", await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.StartsWith("Übung", answer.Content.Headers.ContentDisposition?.FileNameStar, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("X"));

        var moved = new UriBuilder(url) { Path = url.AbsolutePath.Replace(name, other, StringComparison.Ordinal) };
        Assert.False((await browser.GetAsync(moved.Uri, Ct)).IsSuccessStatusCode);
        Assert.False((await browser.DeleteAsync(url, Ct)).IsSuccessStatusCode);
        Assert.False((await browser.GetAsync(new Uri(url.GetLeftPart(UriPartial.Path)), Ct)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_link_is_dead_after_ten_minutes()
    {
        var name = await _store.SaveAsync(Document("%PDF-1.7 late"u8.ToArray()), Ct);
        using var browser = new HttpClient();

        Assert.True(await Downloads(minutesAgo: 9.5));
        Assert.False(await Downloads(minutesAgo: 10.5));

        async Task<bool> Downloads(double minutesAgo)
        {
            using var store = new MediaStore(_service, new FakeTimeProvider(_time.Start.AddMinutes(-minutesAgo)));
            using var answer = await browser.GetAsync(await store.ReadUrlAsync(name, "a.pdf", Ct), Ct);
            return answer.IsSuccessStatusCode;
        }
    }

    [Fact]
    public async Task The_clean_up_sees_what_is_older_than_its_threshold()
    {
        var name = await _store.SaveAsync(Document(RandomNumberGenerator.GetBytes(100)), Ct);

        Assert.DoesNotContain(await OlderThan(TimeSpan.FromHours(1)), item => item.Name == name);
        _time.Advance(TimeSpan.FromHours(2));
        var item = Assert.Single(await OlderThan(TimeSpan.FromHours(1)), item => item.Name == name);

        Assert.True(await _store.DeleteUnchangedAsync(item, Ct));
        Assert.False(await _store.ExistsAsync(MediaContainer.Documents, name, Ct));
        Assert.False(await _store.DeleteUnchangedAsync(item, Ct));
    }

    [Fact]
    public async Task A_file_that_is_uploaded_again_during_a_clean_up_stays()
    {
        var bytes = RandomNumberGenerator.GetBytes(100);
        var name = await _store.SaveAsync(Document(bytes), Ct);
        _time.Advance(TimeSpan.FromHours(2));
        var seen = Assert.Single(await OlderThan(TimeSpan.FromHours(1)), item => item.Name == name);

        await _store.SaveAsync(Document(bytes), Ct);

        Assert.False(await _store.DeleteUnchangedAsync(seen, Ct));
        Assert.True(await _store.ExistsAsync(MediaContainer.Documents, name, Ct));
    }

    [Fact]
    public async Task An_upload_that_was_given_up_leaves_nothing()
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var bytes = RandomNumberGenerator.GetBytes(40_000_000);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await using var content = new CuttingStream(bytes, cut, after: bytes.Length + 20_000_000);
        var file = new MediaFile(MediaContainer.Documents, "videos", content, "video/mp4", "mp4");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.SaveAsync(file, cut.Token));

        Assert.False(await _store.ExistsAsync(MediaContainer.Documents, $"videos/{hash[..2]}/{hash}.mp4", Ct));
    }

    [Fact]
    public async Task A_storage_that_is_down_is_one_kind_of_exception()
    {
        var nowhere = new BlobServiceClient(
            $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey={Convert.ToBase64String(new byte[32])};"
                + "BlobEndpoint=http://127.0.0.1:1/a;",
            new BlobClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(1) } }
        );
        using var store = new MediaStore(nowhere, _time);
        var name = $"documents/00/{new string('0', 64)}.pdf";

        await Assert.ThrowsAsync<MediaUnavailableException>(() => store.SaveAsync(Document([1]), Ct));
        await Assert.ThrowsAsync<MediaUnavailableException>(() => store.OpenAsync(MediaContainer.Documents, name, Ct));
        await Assert.ThrowsAsync<MediaUnavailableException>(() => store.ExistsAsync(MediaContainer.Images, name, Ct));
        await Assert.ThrowsAsync<MediaUnavailableException>(async () =>
            await store.ListOlderThanAsync(MediaContainer.Images, TimeSpan.Zero, Ct).ToListAsync(Ct)
        );
    }

    [Fact]
    public async Task The_containers_are_not_public()
    {
        foreach (var container in (string[])["media", "documents"])
        {
            var properties = await _service.GetBlobContainerClient(container).GetPropertiesAsync(cancellationToken: Ct);
            Assert.Equal(PublicAccessType.None, properties.Value.PublicAccess ?? PublicAccessType.None);
        }
    }

    public async ValueTask InitializeAsync()
    {
        _service = new BlobServiceClient(await stack.ConnectionString("blobs"));
        _store = new MediaStore(_service, _time);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    private ValueTask<List<StoredMediaItem>> OlderThan(TimeSpan age) =>
        _store.ListOlderThanAsync(MediaContainer.Documents, age, Ct).ToListAsync(Ct);

    private static MediaFile Document(byte[] bytes) =>
        new(MediaContainer.Documents, "documents", new MemoryStream(bytes), "application/pdf", "pdf");

    private static MediaFile Video(byte[] bytes) =>
        new(MediaContainer.Documents, "videos", new MemoryStream(bytes), "video/mp4", "mp4");

    private static async Task<byte[]> ReadAllAsync(Stream content)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Ct);
        return copy.ToArray();
    }

    /// <summary>Cancels once so many bytes were read of it, over all passes.</summary>
    private sealed class CuttingStream(byte[] bytes, CancellationTokenSource cut, long after) : MemoryStream(bytes)
    {
        private long _read;

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if ((_read += read) >= after)
                await cut.CancelAsync();
            return read;
        }

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();
    }
}
