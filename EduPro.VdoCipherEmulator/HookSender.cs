using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Polly;

namespace EduPro.VdoCipherEmulator;

/// <summary>
/// Announces videos that become ready, with the body that VdoCipher documents. It documents no signature; ours is the
/// hexadecimal HMAC-SHA256 of timestamp, full stop and body in X-VdoCipher-Signature, the Unix seconds in
/// X-VdoCipher-Timestamp.
/// </summary>
internal sealed partial class HookSender(
    IHttpClientFactory http,
    State state,
    Secrets secrets,
    Counters counters,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<HookSender> log
)
{
    /// <summary>Sends the hook once the video is ready, if it will be; hooks not sent by then are lost when the emulator stops.</summary>
    public void Announce(Video video) => _ = AnnounceWhenReady(video, lifetime.ApplicationStopping);

    /// <summary>Sends the hook now, whatever the video's status. The receiver's status code; null without an answer.</summary>
    public async Task<int?> Send(Video video, Uri url, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var hook = new Hook(
            "emulator",
            "video:ready",
            now.ToUnixTimeMilliseconds(),
            new HookPayload(
                video.Id,
                video.Title,
                video.CreatedAt.ToUnixTimeSeconds(),
                null,
                video.Fate.LengthSeconds,
                Fate.Ready
            )
        );
        var body = JsonSerializer.SerializeToUtf8Bytes(hook, Wire.Default.Hook);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secrets.Hook),
            (byte[])[.. Encoding.ASCII.GetBytes(timestamp + "."), .. body]
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-VdoCipher-Timestamp", timestamp);
        request.Headers.Add("X-VdoCipher-Signature", "sha256=" + Convert.ToHexStringLower(signature));
        try
        {
            using var client = http.CreateClient();
            using var response = await client.SendAsync(request, ct);
            counters.Count("hook");
            return (int)response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
        {
            LogNoAnswer(video.Id, e.Message);
            return null;
        }
    }

    private async Task AnnounceWhenReady(Video video, CancellationToken ct)
    {
        try
        {
            await Task.Delay(video.Fate.Queued + video.Fate.Processing, time, ct);
            if (video.StatusAt(time.GetUtcNow()) == Fate.Ready && state.HookUrl is { } url)
                await Send(video, url, ct);
        }
        catch (OperationCanceledException)
        {
            LogLost(video.Id);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Stopping before the hook about {VideoId} was sent")]
    private partial void LogLost(string videoId);

    [LoggerMessage(LogLevel.Warning, "The hook about {VideoId} got no answer: {Reason}")]
    private partial void LogNoAnswer(string videoId, string reason);
}
