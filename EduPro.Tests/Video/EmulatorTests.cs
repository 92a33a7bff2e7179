using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EduPro.Domain;
using EduPro.Media.VdoCipher;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EduPro.Tests.Video;

public sealed class EmulatorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("as documented", HttpStatusCode.Created)]
    [InlineData("file first", HttpStatusCode.Forbidden)]
    [InlineData("field after file", HttpStatusCode.BadRequest)]
    [InlineData("no status", HttpStatusCode.BadRequest)]
    [InlineData("no redirect", HttpStatusCode.BadRequest)]
    [InlineData("no policy", HttpStatusCode.Forbidden)]
    [InlineData("twice", HttpStatusCode.BadRequest)]
    [InlineData("no file", HttpStatusCode.BadRequest)]
    [InlineData("quoted boundary", HttpStatusCode.PreconditionFailed)]
    [InlineData("chunked", HttpStatusCode.LengthRequired)]
    public async Task The_upload_form_is_taken_as_S3_takes_it(string variant, HttpStatusCode expected)
    {
        await using var service = await VideoService.Start();
        var upload = (await service.Client().CreateUploadAsync("A video", Ct)).Value!;
        var parts = upload.Fields.Select(field => Part(field.Key, field.Value)).ToList();
        parts.Add(Part("success_action_status", "201"));
        parts.Add(Part("success_action_redirect", ""));
        parts.Add(Part("file\"; filename=\"v.mp4", "bytes"));
        switch (variant)
        {
            case "file first":
                parts.Insert(0, parts[^1]);
                parts.RemoveAt(parts.Count - 1);
                break;
            case "field after file":
                parts.Add(Part("late", "x"));
                break;
            case "no status":
                parts.RemoveAt(parts.Count - 3);
                break;
            case "no redirect":
                parts.RemoveAt(parts.Count - 2);
                break;
            case "no policy":
                parts.RemoveAt(0);
                break;
            case "twice":
                parts.Insert(0, parts[0]);
                break;
            case "no file":
                parts.RemoveAt(parts.Count - 1);
                break;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, upload.UploadLink)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(string.Concat(parts) + "--B--\r\n")),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(
            variant == "quoted boundary" ? "multipart/form-data; boundary=\"B\"" : "multipart/form-data; boundary=B"
        );
        request.Headers.TransferEncodingChunked = variant == "chunked";

        using var response = await service.Send(request);
        Assert.Equal(expected, response.StatusCode);
        var uploaded = (await service.Inspect(upload.VideoId)).GetProperty("bytes");
        Assert.Equal(expected == HttpStatusCode.Created ? "5" : "null", uploaded.GetRawText());

        static string Part(string name, string value) =>
            $"--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";
    }

    [Fact]
    public async Task A_browser_may_upload_from_another_origin()
    {
        await using var service = await VideoService.Start();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/upload");
        preflight.Headers.Add("Origin", "http://localhost:3000");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");

        using var response = await service.Send(preflight);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Query_switches_decide_a_requests_faults_and_a_videos_fate()
    {
        await using var service = await VideoService.Start();
        using var failing = await service.Send(
            Api(HttpMethod.Get, "/api/videos/x?emulator_fault=status&emulator_status=418")
        );
        Assert.Equal(418, (int)failing.StatusCode);

        using var created = await service.Send(
            Api(
                HttpMethod.Put,
                "/api/videos?title=T&emulator_queued_ms=0&emulator_processing_ms=0&emulator_status_word=Encoding%20error"
            )
        );
        var client = service.Client();
        var answer = JsonDocument.Parse(await created.Content.ReadAsStringAsync(Ct)).RootElement;
        var fields = answer
            .GetProperty("clientPayload")
            .EnumerateObject()
            .ToDictionary(field => field.Name, field => field.Value.GetString()!);
        Assert.True(fields.Remove("uploadLink", out var link));
        var upload = new VideoUpload(answer.GetProperty("videoId").GetString()!, new Uri(link), fields);
        Assert.Null(await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct));
        Assert.Equal("Encoding error", (await service.Inspect(upload.VideoId)).GetProperty("status").GetString());
        Assert.Equal(VideoStatus.Failed, (await client.GetVideoAsync(upload.VideoId, Ct)).Value?.Status);

        static HttpRequestMessage Api(HttpMethod method, string path)
        {
            var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("Authorization", "Apisecret " + VideoService.Secret);
            return request;
        }
    }

    [Fact]
    public async Task The_page_lists_videos_and_escapes_their_titles()
    {
        await using var service = await VideoService.Start();
        Assert.True((await service.Client().CreateUploadAsync("<script>alert(1)</script>", Ct)).Succeeded);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        using var response = await service.Send(request);
        var page = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain("<script", page);
    }

    [Fact]
    public async Task A_ready_video_is_announced_with_a_signature_that_we_accept_once_fresh()
    {
        var hooks = System.Threading.Channels.Channel.CreateUnbounded<(byte[] Body, string Time, string Signature)>();
        var builder = WebApplication.CreateSlimBuilder([
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning",
        ]);
        await using var receiver = builder.Build();
        receiver.MapPost(
            "/hook",
            async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                var headers = request.Headers;
                await hooks.Writer.WriteAsync(
                    (
                        body.ToArray(),
                        headers[VdoCipherHook.TimestampHeader].ToString(),
                        headers[VdoCipherHook.SignatureHeader].ToString()
                    )
                );
            }
        );
        await receiver.StartAsync(Ct);
        await using var service = await VideoService.Start($"--Emulator:HookUrl={receiver.Urls.Single()}/hook");
        var client = service.Client();
        var upload = (await client.CreateUploadAsync("A video", Ct)).Value!;
        Assert.Null(await client.UploadAsync(upload, new MemoryStream([1]), 1, null, Ct));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (!hooks.Reader.TryPeek(out _))
        {
            service.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, patience.Token);
        }
        var hook = await hooks.Reader.ReadAsync(patience.Token);
        var now = DateTimeOffset.FromUnixTimeSeconds(long.Parse(hook.Time, CultureInfo.InvariantCulture));

        string? Read(byte[] body, string? time, string? signature, string secret, TimeSpan later) =>
            VdoCipherHook.ReadyVideo(body, time, signature, secret, now + later);

        const string right = VideoService.HookSecret;
        Assert.Equal(upload.VideoId, Read(hook.Body, hook.Time, hook.Signature, right, TimeSpan.Zero));
        Assert.Equal(upload.VideoId, Read(hook.Body, hook.Time, hook.Signature, right, TimeSpan.FromMinutes(5)));
        Assert.Null(Read(hook.Body, hook.Time, hook.Signature, right, TimeSpan.FromMinutes(5.1)));
        Assert.Null(Read(hook.Body, hook.Time, hook.Signature, right, TimeSpan.FromMinutes(-5.1)));
        Assert.Null(Read(hook.Body, hook.Time, hook.Signature, "another", TimeSpan.Zero));
        Assert.Null(Read(hook.Body, hook.Time, hook.Signature, "", TimeSpan.Zero));
        Assert.Null(Read(hook.Body, hook.Time, null, right, TimeSpan.Zero));
        Assert.Null(Read(hook.Body, hook.Time, hook.Signature + "0", right, TimeSpan.Zero));
        Assert.Null(Read(hook.Body, null, hook.Signature, right, TimeSpan.Zero));
        Assert.Null(Read(hook.Body, "9223372036854775807", hook.Signature, right, TimeSpan.Zero));
        Assert.Null(Read([.. hook.Body, (byte)' '], hook.Time, hook.Signature, right, TimeSpan.Zero));
        var later = (now.ToUnixTimeSeconds() + 1).ToString(CultureInfo.InvariantCulture);
        Assert.Null(Read(hook.Body, later, hook.Signature, right, TimeSpan.Zero));
    }
}
