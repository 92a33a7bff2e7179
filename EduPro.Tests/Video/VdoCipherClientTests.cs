using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using EduPro.Domain;
using EduPro.Media.VdoCipher;
using EduPro.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EduPro.Tests.Video;

public sealed class VdoCipherClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_video_goes_from_upload_to_playback_and_is_deleted()
    {
        await using var service = await VideoService.Start();
        var client = service.Client(options => options.FolderId = "folder 7&x");
        var file = RandomNumberGenerator.GetBytes(300_000);
        var heard = new Heard();

        var upload = Value(await client.CreateUploadAsync("Algebra & more: ü/✓", Ct));
        Assert.Equal(
            new VideoState(VideoStatus.PreUpload, null),
            Value(await client.GetVideoAsync(upload.VideoId, Ct))
        );

        Assert.Null(await client.UploadAsync(upload, new MemoryStream(file), file.Length, heard, Ct));
        Assert.Equal(file.Length, heard.Last);
        Assert.Equal(VideoStatus.Queued, Value(await client.GetVideoAsync(upload.VideoId, Ct)).Status);

        service.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(VideoStatus.Processing, Value(await client.GetVideoAsync(upload.VideoId, Ct)).Status);

        service.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(new VideoState(VideoStatus.Ready, 60), Value(await client.GetVideoAsync(upload.VideoId, Ct)));

        var seen = await service.Inspect(upload.VideoId);
        Assert.Equal("Algebra & more: ü/✓", seen.GetProperty("title").GetString());
        Assert.Equal("folder 7&x", seen.GetProperty("folder_id").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), seen.GetProperty("sha256").GetString());

        Assert.NotEmpty(Value(await client.CreateOtpAsync(upload.VideoId, "Sara Ali", "a1b2", Ct)).Otp);
        Assert.Null(await client.DeleteVideoAsync(upload.VideoId, Ct));
        Assert.Equal(VdoCipherError.NotFound, Error(await client.GetVideoAsync(upload.VideoId, Ct)));
        Assert.Equal(VdoCipherError.NotFound, (await client.DeleteVideoAsync(upload.VideoId, Ct))?.Error);
    }

    [Theory]
    [InlineData("Encoding error", VideoStatus.Failed)]
    [InlineData("FAILED", VideoStatus.Failed)]
    [InlineData("READY", VideoStatus.Ready)]
    [InlineData("PRE-Upload", VideoStatus.PreUpload)]
    [InlineData("queued", VideoStatus.Queued)]
    [InlineData("Transmogrifying", VideoStatus.Processing)]
    public async Task Status_words_are_read_in_our_terms(string word, VideoStatus status)
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        Assert.Null(await client.UploadAsync(upload, new MemoryStream([1, 2, 3]), 3, null, Ct));
        await service.Change(upload.VideoId, new { status = word, now = true });

        Assert.Equal(status, Value(await client.GetVideoAsync(upload.VideoId, Ct)).Status);
    }

    [Theory]
    [InlineData("Sara Ali")]
    [InlineData("""O'Neil "]},{"type":"image","url":"x"}[ \""")]
    [InlineData("سارة {ip} \u0000\n")]
    public async Task A_watermark_carries_the_name_whatever_it_holds(string name)
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        var upload = Value(await client.CreateUploadAsync("A video", Ct));

        _ = Value(await client.CreateOtpAsync(upload.VideoId, name, "mark-1", Ct));

        var otp = (await service.Inspect(upload.VideoId)).GetProperty("last_otp");
        Assert.Equal(300, otp.GetProperty("ttl").GetInt32());
        var annotations = JsonSerializer.Deserialize<Dictionary<string, string>[]>(
            otp.GetProperty("annotate").GetString()!
        )!;
        Assert.Equal(2, annotations.Length);
        Assert.All(annotations, annotation => Assert.Equal("rtext", annotation["type"]));
        Assert.Equal(name.Replace('{', '(').Replace('}', ')').Replace("\0\n", ""), annotations[0]["text"]);
        Assert.Equal("mark-1", annotations[1]["text"]);
    }

    [Fact]
    public async Task A_wrong_secret_or_none_is_unauthorized_and_logged_once()
    {
        await using var service = await VideoService.Start();
        var wrong = service.Client(options => options.ApiSecret = "wrong");
        for (var poll = 0; poll < 5; poll++)
            Assert.Equal(VdoCipherError.Unauthorized, Error(await wrong.GetVideoAsync("abc123", Ct)));
        Assert.Equal(5, await service.Count("unauthorized"));
        Assert.StartsWith("Warning: VdoCipher fails at get: Unauthorized", Assert.Single(service.Log.Lines));

        var none = service.Client(options => options.ApiSecret = "");
        Assert.Equal(VdoCipherError.Unauthorized, Error(await none.CreateUploadAsync("A video", Ct)));
        Assert.Equal(0, await service.Count("create"));
    }

    [Fact]
    public async Task Only_what_may_be_repeated_is_tried_again()
    {
        await using var service = await VideoService.Start();
        var client = service.Client(options => options.BreakerMinimum = 1000);
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        await service.Break("status", status: 503);

        Assert.Equal(VdoCipherError.Unavailable, Error(await client.GetVideoAsync(upload.VideoId, Ct)));
        Assert.Equal(VdoCipherError.Unavailable, (await client.DeleteVideoAsync(upload.VideoId, Ct))?.Error);
        Assert.Equal(VdoCipherError.Unavailable, Error(await client.CreateUploadAsync("Another", Ct)));
        Assert.Equal(VdoCipherError.Unavailable, Error(await client.CreateOtpAsync(upload.VideoId, "S", "m", Ct)));
        Assert.Equal(
            VdoCipherError.Unavailable,
            (await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct))?.Error
        );

        Assert.Equal(3, await service.Count("get"));
        Assert.Equal(3, await service.Count("delete"));
        Assert.Equal(2, await service.Count("create"));
        Assert.Equal(1, await service.Count("otp"));
        Assert.Equal(1, await service.Count("upload"));
    }

    [Fact]
    public async Task A_passing_fault_is_not_noticed_by_who_asks()
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        await service.Break("status", "get", 500, times: 1);
        await service.Break("abort", "get", times: 1);

        Assert.Equal(VideoStatus.PreUpload, Value(await client.GetVideoAsync(upload.VideoId, Ct)).Status);
        Assert.Equal(3, await service.Count("get"));
        Assert.Empty(service.Log.Lines);
    }

    [Fact]
    public async Task The_standard_resilience_of_all_clients_does_not_repeat_a_post()
    {
        await using var service = await VideoService.Start();
        var client = service.Client(host: builder =>
            builder.Services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler())
        );
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        await service.Break("status", status: 503);

        Assert.Equal(VdoCipherError.Unavailable, Error(await client.CreateOtpAsync(upload.VideoId, "S", "m", Ct)));
        Assert.Equal(
            VdoCipherError.Unavailable,
            (await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct))?.Error
        );
        Assert.Equal(1, await service.Count("otp"));
        Assert.Equal(1, await service.Count("upload"));
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("drip")]
    public async Task A_slow_answer_is_unavailable_in_time_and_asked_for_once(string kind)
    {
        await using var service = await VideoService.Start();
        var client = service.Client(options => options.Timeout = TimeSpan.FromMilliseconds(300));
        // The emulator's clock stands still: neither fault ever ends.
        await service.Break(kind, delayMs: kind == "delay" ? 1000 : 0);

        var watch = Stopwatch.StartNew();
        Assert.Equal(VdoCipherError.Unavailable, Error(await client.GetVideoAsync("abc123", Ct)));
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(4));
        Assert.Equal(1, await service.Count("get"));
    }

    [Fact]
    public async Task A_caller_who_leaves_gets_a_cancellation_not_an_outcome()
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        await service.Break("delay", delayMs: 1000);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetVideoAsync("abc123", leaving.Token));
    }

    [Fact]
    public async Task The_breaker_opens_stops_asking_and_recovers()
    {
        await using var service = await VideoService.Start();
        var clock = new FakeTimeProvider();
        var client = service.Client(time: clock);
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        await service.Break("status", "otp", status: 503);

        for (var call = 0; call < 20; call++)
            Assert.Equal(VdoCipherError.Unavailable, Error(await client.CreateOtpAsync(upload.VideoId, "S", "m", Ct)));
        var asked = await service.Count("otp");
        Assert.InRange(asked, 5, 12);
        Assert.Equal(VdoCipherError.Unavailable, Error(await client.GetVideoAsync(upload.VideoId, Ct)));
        Assert.Equal(0, await service.Count("get"));

        clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(VdoCipherError.Unavailable, Error(await client.CreateOtpAsync(upload.VideoId, "S", "m", Ct)));
        Assert.Equal(asked + 1, await service.Count("otp"));

        await service.Repair();
        clock.Advance(TimeSpan.FromSeconds(16));
        _ = Value(await client.CreateOtpAsync(upload.VideoId, "S", "m", Ct));
        _ = Value(await client.GetVideoAsync(upload.VideoId, Ct));
        Assert.Collection(
            service.Log.Lines,
            line => Assert.StartsWith("Warning: VdoCipher fails at otp: Unavailable, status 503", line),
            line => Assert.StartsWith("Information: VdoCipher answers again", line)
        );
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("wrong_shape")]
    [InlineData("huge")]
    [InlineData("redirect")]
    public async Task Nonsense_is_a_bad_answer_for_every_operation(string kind)
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        await service.Break(kind);

        Assert.Equal(VdoCipherError.BadAnswer, Error(await client.GetVideoAsync(upload.VideoId, Ct)));
        Assert.Equal(VdoCipherError.BadAnswer, Error(await client.CreateUploadAsync("Another", Ct)));
        Assert.Equal(VdoCipherError.BadAnswer, Error(await client.CreateOtpAsync(upload.VideoId, "S", "m", Ct)));
        Assert.Equal(
            VdoCipherError.BadAnswer,
            (await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct))?.Error
        );
        if (kind != "wrong_shape")
            Assert.Equal(VdoCipherError.BadAnswer, (await client.DeleteVideoAsync(upload.VideoId, Ct))?.Error);
        Assert.Equal(1, await service.Count("get"));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/", false)]
    [InlineData("http://bucket.s3.amazonaws.com/", false)]
    [InlineData("https://169.254.169.254/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://0x7f000001/", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://cache/", false)]
    [InlineData("https://bucket.s3.amazonaws.com:6380/", false)]
    [InlineData("https://user@bucket.s3.amazonaws.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/upload", false)]
    [InlineData("https://bucket.s3.amazonaws.com", true)]
    [InlineData("http://127.0.0.1:9000/upload", true)]
    public async Task An_upload_link_leads_outside_or_to_the_emulator(string link, bool taken)
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        await service.Break("bad_link", "create", link: link);

        var result = await client.CreateUploadAsync("A video", Ct);
        Assert.Equal(taken ? null : VdoCipherError.BadAnswer, result.Failure?.Error);
        Assert.Equal(taken ? new Uri(link) : null, result.Value?.UploadLink);
    }

    [Fact]
    public async Task Plain_http_to_loopback_is_refused_where_it_is_not_allowed()
    {
        await using var service = await VideoService.Start();

        Assert.Throws<OptionsValidationException>(() =>
            service.Client(host: builder => builder.Configuration["VdoCipher:AllowHttp"] = "false")
        );
    }

    [Fact]
    public async Task Spoilt_or_expired_credentials_are_rejected()
    {
        await using var service = await VideoService.Start("--Emulator:UploadValidity=01:00:00");
        var client = service.Client();
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        var spoilt = upload with
        {
            Fields = new OrderedDictionary<string, string>(upload.Fields) { ["x-amz-signature"] = "0" },
        };
        Assert.Equal(VdoCipherError.Rejected, (await Upload(spoilt))?.Error);
        service.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(VdoCipherError.Rejected, (await Upload(upload))?.Error);
        Assert.Equal(VideoStatus.PreUpload, Value(await client.GetVideoAsync(upload.VideoId, Ct)).Status);

        Task<VdoCipherFailure?> Upload(VideoUpload to) => client.UploadAsync(to, new MemoryStream([1]), 1, null, Ct);
    }

    [Fact]
    public async Task A_large_file_streams_through_without_being_held()
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        var upload = Value(await client.CreateUploadAsync("A long video", Ct));
        const long length = 512L * 1024 * 1024;
        var heard = new Heard();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        Assert.Null(await client.UploadAsync(upload, new Zeros(length), length, heard, Ct));

        Assert.Equal(length, (await service.Inspect(upload.VideoId)).GetProperty("bytes").GetInt64());
        Assert.True(heard.Times > 100);
        Assert.InRange(heard.PeakMemory - before, long.MinValue, 64L * 1024 * 1024);
    }

    [Fact]
    public async Task A_stalled_upload_is_given_up()
    {
        await using var service = await VideoService.Start();
        var client = service.Client(options => options.UploadStall = TimeSpan.FromMilliseconds(300));
        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        await service.Break("delay", "upload", delayMs: 1000);

        var failure = await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct);
        Assert.Equal(VdoCipherError.Unavailable, failure?.Error);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    public async Task A_file_that_is_not_as_long_as_announced_is_the_callers_fault(int announced)
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        var upload = Value(await client.CreateUploadAsync("A video", Ct));

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            client.UploadAsync(upload, new MemoryStream(new byte[10]), announced, null, Ct)
        );
        Assert.Equal(VideoStatus.PreUpload, Value(await client.GetVideoAsync(upload.VideoId, Ct)).Status);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("a/../b")]
    [InlineData("abc\n")]
    [InlineData("abc?x=1")]
    public async Task What_is_no_id_is_not_found_and_not_asked_for(string id)
    {
        await using var service = await VideoService.Start();
        var client = service.Client();

        Assert.Equal(VdoCipherError.NotFound, Error(await client.GetVideoAsync(id, Ct)));
        Assert.Equal(VdoCipherError.NotFound, Error(await client.CreateOtpAsync(id, "S", "m", Ct)));
        Assert.Equal(VdoCipherError.NotFound, (await client.DeleteVideoAsync(id, Ct))?.Error);
        Assert.Equal(0, await service.Count("get") + await service.Count("otp") + await service.Count("delete"));
    }

    [Fact]
    public async Task The_service_is_found_by_its_name()
    {
        await using var service = await VideoService.Start();
        var client = service.Client(host: builder =>
        {
            builder.Configuration["VdoCipher:BaseUrl"] = "";
            builder.Configuration["services:vdocipher:http:0"] = service.Url.AbsoluteUri;
            builder.Services.AddServiceDiscovery();
            builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        });

        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        Assert.Null(await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct));
    }

    [Fact]
    public async Task Nothing_listening_is_unavailable()
    {
        await using var service = await VideoService.Start();
        var client = service.Client(options => options.BaseUrl = new Uri("http://127.0.0.1:1/api"));

        Assert.Equal(VdoCipherError.Unavailable, Error(await client.GetVideoAsync("abc123", Ct)));
    }

    [Fact]
    public async Task Requests_are_counted_by_operation_and_outcome()
    {
        await using var service = await VideoService.Start();
        var client = service.Client();
        using var counted = new Measured(service.Meters!, "edupro.vdocipher.requests");

        var upload = Value(await client.CreateUploadAsync("A video", Ct));
        Assert.Null(await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct));
        _ = await client.GetVideoAsync("unknown", Ct);
        await service.Break("status", "otp", status: 401);
        _ = await client.CreateOtpAsync(upload.VideoId, "S", "m", Ct);
        await service.Break("nonsense", "delete");
        _ = await client.DeleteVideoAsync(upload.VideoId, Ct);
        Assert.Equal(
            ["1 create ok", "1 upload ok", "1 get not_found", "1 otp unauthorized", "1 delete bad_answer"],
            counted.Values
        );
    }

    private static T Value<T>(VdoCipherResult<T> result)
        where T : class
    {
        Assert.True(result.Succeeded, result.Failure?.ToString());
        return result.Value;
    }

    private static VdoCipherError? Error<T>(VdoCipherResult<T> result)
        where T : class
    {
        Assert.Null(result.Value);
        return result.Failure?.Error;
    }

    private sealed class Heard : IProgress<long>
    {
        public long Last { get; private set; }
        public int Times { get; private set; }
        public long PeakMemory { get; private set; }

        public void Report(long value)
        {
            Assert.True(value > Last);
            Last = value;
            if (Times++ % 64 == 0)
                PeakMemory = Math.Max(PeakMemory, GC.GetTotalMemory(forceFullCollection: true));
        }
    }

    /// <summary>A file of zeros that exists nowhere.</summary>
    private sealed class Zeros(long length) : Stream
    {
        private long position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - position);
            buffer.AsSpan(offset, read).Clear();
            position += read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
