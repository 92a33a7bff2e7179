using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace EduPro.Media.VdoCipher;

/// <summary>
/// VdoCipher's API. What the service does comes back as a value (<see cref="VdoCipherFailure"/>); exceptions are for
/// the caller's own cancellation and faults. Its answers are untrusted: bounded in size and time, strictly parsed.
/// </summary>
public sealed partial class VdoCipherClient
{
    internal const string ApiClient = "vdocipher";
    internal const string UploadClient = "vdocipher-upload";

    /// <summary>The largest answer that is read, in bytes.</summary>
    internal const int MaxAnswer = 64 * 1024;

    private const int OtpSeconds = 300;
    private const int MaxLength = 7 * 24 * 60 * 60;
    private const int MaxText = 4096;
    private const int MaxFields = 20;
    private const int MaxTitle = 200;
    private const int MaxWatermark = 100;

    private static readonly string[] DocumentedFields =
    [
        "policy",
        "key",
        "x-amz-signature",
        "x-amz-algorithm",
        "x-amz-date",
        "x-amz-credential",
    ];

    private readonly IHttpClientFactory http;
    private readonly VdoCipherOptions options;
    private readonly VdoCipherStanding standing;
    private readonly TimeProvider time;
    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;

    public VdoCipherClient(
        IHttpClientFactory http,
        IOptions<VdoCipherOptions> options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<VdoCipherClient> log
    )
    {
        this.http = http;
        this.options = options.Value;
        this.time = time;
        standing = new VdoCipherStanding(time, log);
        var meter = meters.Create(ServiceDefaults.ServiceDefaults.TelemetryName);
        requests = meter.CreateCounter<long>(
            "edupro.vdocipher.requests",
            "{request}",
            "Calls of VdoCipher by operation and outcome."
        );
        duration = meter.CreateHistogram<double>(
            "edupro.vdocipher.duration",
            "s",
            "How long calls of VdoCipher took, further tries included."
        );
    }

    /// <summary>Whether this may be the id of a video: 3 to 100 letters, digits, underscores and hyphens.</summary>
    public static bool IsVideoId(string? id) => id is not null && VideoId().IsMatch(id);

    /// <summary>Makes a new video, waiting for its file, and the credentials to upload that. Not tried twice.</summary>
    public Task<VdoCipherResult<VideoUpload>> CreateUploadAsync(string title, CancellationToken ct)
    {
        var path = "videos?title=" + Uri.EscapeDataString(Plain(title, MaxTitle));
        if (!string.IsNullOrEmpty(options.FolderId))
            path += "&folderId=" + Uri.EscapeDataString(options.FolderId);
        return AskAsync("create", HttpMethod.Put, path, null, VdoCipherJson.Default.Created, ReadUpload, ct);
    }

    /// <summary>
    /// Sends the file of <paramref name="length"/> bytes to where <see cref="CreateUploadAsync"/> said, as it is read.
    /// <paramref name="progress"/> hears how many bytes have been sent. Null: done. Not tried twice: the stream has
    /// been read.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is shorter or longer than announced.</exception>
    public async Task<VdoCipherFailure?> UploadAsync(
        VideoUpload upload,
        Stream file,
        long length,
        IProgress<long>? progress,
        CancellationToken ct
    )
    {
        var started = time.GetTimestamp();
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stall.CancelAfter(options.UploadStall);
        using var content = UploadContent.Form(
            upload,
            new UploadContent(
                file,
                length,
                sent =>
                {
                    stall.CancelAfter(options.UploadStall);
                    progress?.Report(sent);
                }
            )
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, upload.UploadLink) { Content = content };
        VdoCipherFailure? failure;
        try
        {
            using var client = http.CreateClient(UploadClient);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            failure = (int)response.StatusCode switch
            {
                201 => null,
                401 or 403 or 404 => Rejected(response.StatusCode),
                _ => Refusal(response.StatusCode) ?? BadAnswer("status " + (int)response.StatusCode),
            };
        }
        catch (Exception e) when (Caught(e, ct) is { } caught)
        {
            failure = caught;
        }
        Record("upload", started, failure);
        return failure;
    }

    /// <summary>The status of a video and, once known, its length.</summary>
    public Task<VdoCipherResult<VideoState>> GetVideoAsync(string videoId, CancellationToken ct) =>
        IsVideoId(videoId)
            ? AskAsync(
                "get",
                HttpMethod.Get,
                "videos/" + videoId,
                null,
                VdoCipherJson.Default.Video,
                video => ReadState(video, videoId),
                ct
            )
            : Task.FromResult<VdoCipherResult<VideoState>>(NotAnId);

    /// <summary>
    /// What a player needs to play the video once within five minutes, with the viewer's name and the mark of their
    /// session moving over the picture. Not tried twice.
    /// </summary>
    public Task<VdoCipherResult<VideoOtp>> CreateOtpAsync(
        string videoId,
        string viewerName,
        string sessionMark,
        CancellationToken ct
    ) =>
        IsVideoId(videoId)
            ? AskAsync(
                "otp",
                HttpMethod.Post,
                $"videos/{videoId}/otp",
                JsonContent.Create(
                    new VdoCipherWire.OtpRequest(OtpSeconds, Annotate(viewerName, sessionMark)),
                    VdoCipherJson.Default.OtpRequest
                ),
                VdoCipherJson.Default.Otp,
                ReadOtp,
                ct
            )
            : Task.FromResult<VdoCipherResult<VideoOtp>>(NotAnId);

    /// <summary>Deletes the video for good. Null: done. One that is gone already is <see cref="VdoCipherError.NotFound"/>.</summary>
    public async Task<VdoCipherFailure?> DeleteVideoAsync(string videoId, CancellationToken ct)
    {
        if (!IsVideoId(videoId))
            return NotAnId;
        var result = await AskAsync<JsonElement, object>(
            "delete",
            HttpMethod.Delete,
            "videos?videos=" + videoId,
            null,
            VdoCipherJson.Default.JsonElement,
            answer => answer.ValueKind == JsonValueKind.Object ? videoId : null,
            ct
        );
        return result.Failure;
    }

    private static VdoCipherFailure NotAnId => new(VdoCipherError.NotFound, "this is no id of a video");

    private async Task<VdoCipherResult<T>> AskAsync<TWire, T>(
        string operation,
        HttpMethod method,
        string path,
        HttpContent? content,
        JsonTypeInfo<TWire> type,
        Func<TWire, T?> read,
        CancellationToken ct
    )
        where T : class
    {
        var started = time.GetTimestamp();
        VdoCipherResult<T> result;
        try
        {
            result = await SendAsync(method, path, content, type, read, ct);
        }
        catch (Exception e) when (Caught(e, ct) is { } caught)
        {
            result = caught;
        }
        Record(operation, started, result.Failure);
        standing.Note(operation, result.Failure);
        return result;
    }

    private async Task<VdoCipherResult<T>> SendAsync<TWire, T>(
        HttpMethod method,
        string path,
        HttpContent? content,
        JsonTypeInfo<TWire> type,
        Func<TWire, T?> read,
        CancellationToken ct
    )
        where T : class
    {
        if (options.ApiSecret.Length == 0)
            return new VdoCipherFailure(VdoCipherError.Unauthorized, "no API secret is configured");
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Apisecret", options.ApiSecret);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var client = http.CreateClient(ApiClient);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (Refusal(response.StatusCode) is { } refusal)
            return refusal;
        // In memory already: BoundedAnswers has read it within the time-out.
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var answer = await JsonSerializer.DeserializeAsync(body, type, ct);
        return answer is not null && read(answer) is { } value ? value : BadAnswer("a shape that is not the API's");
    }

    private VideoUpload? ReadUpload(VdoCipherWire.Created created)
    {
        var payload = created.ClientPayload;
        if (!IsVideoId(created.VideoId) || payload.Count > MaxFields)
            return null;
        if (!payload.Remove("uploadLink", out var text))
            return null;
        if (!UploadLinks.TryParse(text, options.AllowHttp == true, out var link))
            return null;
        var fields = new OrderedDictionary<string, string>(payload.Count);
        foreach (var name in DocumentedFields)
        {
            if (!payload.Remove(name, out var value) || value.Length == 0)
                return null;
            fields.Add(name, value);
        }
        foreach (var (name, value) in payload)
            fields.Add(name, value);
        return fields.All(field => FieldName().IsMatch(field.Key) && field.Value.Length <= MaxText)
            ? new VideoUpload(created.VideoId, link, fields)
            : null;
    }

    private static VideoState? ReadState(VdoCipherWire.Video video, string videoId)
    {
        if ((video.Id ?? videoId) != videoId || video.Status.Length is 0 or > 100 || video.Length is < 0 or > MaxLength)
            return null;
        var seconds = video.Length is { } length ? (int)decimal.Round(length) : 0;
        return new VideoState(VdoCipherStatus.Parse(video.Status), seconds == 0 ? null : seconds);
    }

    private static VideoOtp? ReadOtp(VdoCipherWire.Otp otp) =>
        otp is { Value.Length: > 0 and <= MaxText, PlaybackInfo.Length: > 0 and <= MaxText }
            ? new VideoOtp(otp.Value, otp.PlaybackInfo)
            : null;

    private static string Annotate(string viewerName, string sessionMark) =>
        JsonSerializer.Serialize(
            [Moving(viewerName, "0.60", "15", "5000"), Moving(sessionMark, "0.40", "10", "9000")],
            VdoCipherJson.Default.AnnotationArray
        );

    private static VdoCipherWire.Annotation Moving(string text, string alpha, string size, string interval) =>
        // Braces are VdoCipher's placeholders.
        new("rtext", Plain(text.Replace('{', '(').Replace('}', ')'), MaxWatermark), alpha, "0xFF0000", size, interval);

    /// <summary>Without control characters and lone surrogates, and no longer than that.</summary>
    private static string Plain(string text, int maxLength)
    {
        var plain = string.Concat(
            text.EnumerateRunes().Where(rune => !System.Text.Rune.IsControl(rune)).Select(rune => rune.ToString())
        );
        if (plain.Length <= maxLength)
            return plain;
        return plain[..(char.IsHighSurrogate(plain[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }

    private static VdoCipherFailure? Refusal(HttpStatusCode status) =>
        (int)status switch
        {
            >= 200 and < 300 => null,
            401 or 403 => new(VdoCipherError.Unauthorized, "status " + (int)status),
            404 or 410 => new(VdoCipherError.NotFound, "status " + (int)status),
            408 or 429 or >= 500 => new(VdoCipherError.Unavailable, "status " + (int)status),
            >= 400 => Rejected(status),
            _ => BadAnswer("status " + (int)status),
        };

    private static VdoCipherFailure Rejected(HttpStatusCode status) =>
        new(VdoCipherError.Rejected, "status " + (int)status);

    private static VdoCipherFailure BadAnswer(string reason) => new(VdoCipherError.BadAnswer, reason);

    /// <summary>The failure that an exception stands for; null for one that is not the service's doing.</summary>
    private static VdoCipherFailure? Caught(Exception exception, CancellationToken ct) =>
        exception switch
        {
            _ when ct.IsCancellationRequested => null,
            TimeoutRejectedException or OperationCanceledException => new(
                VdoCipherError.Unavailable,
                "no answer in time"
            ),
            BrokenCircuitException => new(VdoCipherError.Unavailable, "failed too often, not asked for a while"),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => BadAnswer(
                "larger than allowed"
            ),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => BadAnswer("not HTTP"),
            HttpRequestException e => new(VdoCipherError.Unavailable, $"connection failed ({e.HttpRequestError})"),
            JsonException => BadAnswer("not the JSON that was expected"),
            _ => null,
        };

    private void Record(string operation, long started, VdoCipherFailure? failure)
    {
        var tags = new TagList
        {
            { "operation", operation },
            {
                "outcome",
                failure?.Error switch
                {
                    null => "ok",
                    VdoCipherError.NotFound => "not_found",
                    VdoCipherError.Unauthorized => "unauthorized",
                    VdoCipherError.Rejected => "rejected",
                    VdoCipherError.Unavailable => "unavailable",
                    _ => "bad_answer",
                }
            },
        };
        requests.Add(1, tags);
        duration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{3,100}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VideoId();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FieldName();
}
