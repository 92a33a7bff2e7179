using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EduPro.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace EduPro.VdoCipherEmulator;

/// <summary>A stand-in for VdoCipher that keeps its videos in memory.</summary>
public static class Emulator
{
    /// <summary>The API secret that is asked for when the configuration has no <c>VdoCipher:ApiSecret</c>.</summary>
    public const string DefaultApiSecret = "vdocipher-emulator";

    /// <summary>
    /// The emulator, not yet started. Settings come as arguments or environment: <c>--urls=...</c>,
    /// <c>--VdoCipher:ApiSecret=...</c>, <c>--VdoCipher:HookSecret=...</c>, <c>--Emulator:Queued=00:00:01</c>,
    /// <c>--Emulator:Processing=...</c>, <c>--Emulator:HookUrl=...</c>.
    /// </summary>
    public static WebApplication Create(params string[] args) => Create(args, TimeProvider.System);

    /// <inheritdoc cref="Create(string[])"/>
    public static WebApplication Create(string[] args, TimeProvider time)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        var services = builder.Services;
        builder.AddServiceDefaults();
        services.AddSingleton(time);
        services.AddOptions<EmulatorOptions>().Bind(builder.Configuration.GetSection("Emulator"));
        services.AddSingleton(
            new Secrets(
                builder.Configuration["VdoCipher:ApiSecret"] is { Length: > 0 } secret ? secret : DefaultApiSecret,
                builder.Configuration["VdoCipher:HookSecret"] ?? ""
            )
        );
        services.AddSingleton<State>();
        services.AddSingleton<Videos>();
        services.AddSingleton<Faults>();
        services.AddSingleton<Counters>();
        services.AddSingleton<HookSender>();
        services.AddHttpClient();
        services.AddCors();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, Wire.Default);
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Converters.Add(
                new JsonStringEnumConverter<FaultKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
            );
        });

        var app = builder.Build();
        app.UseRouting();
        app.UseCors();
        app.UseMiddleware<ApiGate>();
        MapApi(app.MapGroup("/api"));
        app.MapPost("/upload", UploadForm.Handle)
            .WithMetadata(new Operation("upload", NeedsSecret: false))
            .RequireCors(cors => cors.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod());
        MapControls(app.MapGroup("/emulator"));
        app.MapGet(
            "/",
            (Videos videos, TimeProvider clock, HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
                return Results.Text(Page.Render(videos, clock.GetUtcNow()), "text/html; charset=utf-8");
            }
        );
        app.MapDefaultEndpoints();
        return app;
    }

    /// <summary>What is VdoCipher's own.</summary>
    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapPut("/videos", CreateVideo).WithMetadata(new Operation("create"));
        api.MapGet("/videos/{id}", GetVideo).WithMetadata(new Operation("get"));
        api.MapPost("/videos/{id}/otp", CreateOtp).WithMetadata(new Operation("otp"));
        api.MapDelete("/videos", DeleteVideos).WithMetadata(new Operation("delete"));
    }

    /// <summary>What is ours, for tests and people. It asks for no secret: the emulator listens on loopback.</summary>
    private static void MapControls(RouteGroupBuilder controls)
    {
        controls.MapGet("/counters", (Counters counters) => Results.Ok(counters.Read()));
        controls.MapDelete("/counters", (Counters counters) => counters.Reset());
        controls.MapPost("/faults", (Fault fault, Faults faults) => faults.Add(fault));
        controls.MapDelete("/faults", (Faults faults) => faults.Clear());
        controls.MapPost("/settings", (Settings settings, State state) => state.Change(settings));
        controls.MapGet(
            "/videos",
            (Videos videos, TimeProvider time) =>
                Results.Ok(videos.Newest.Select(video => Inspect(video, time.GetUtcNow())).ToArray())
        );
        controls.MapPost("/videos/{id}", ChangeVideo);
        controls.MapPost(
            "/videos/{id}/hook",
            async (string id, Videos videos, State state, HookSender hooks, CancellationToken ct) =>
                videos.Find(id) is { } video && state.HookUrl is { } url
                    ? Results.Text($"{await hooks.Send(video, url, ct)}")
                    : Results.NotFound()
        );
    }

    private static IResult CreateVideo(HttpContext context, Videos videos, State state, string? title, string? folderId)
    {
        if (string.IsNullOrWhiteSpace(title))
            return Results.BadRequest(new Message("title is required"));
        var video = videos.Create(title, folderId, state.FateFor(context.Request.Query), state.UploadValidity);
        var link = context.Items[ApiGate.Link] as string ?? $"{context.Request.Scheme}://{context.Request.Host}/upload";
        return Results.Ok(
            new Created(new OrderedDictionary<string, string>(video.Ticket.Fields) { ["uploadLink"] = link }, video.Id)
        );
    }

    private static IResult GetVideo(string id, Videos videos, TimeProvider time)
    {
        if (videos.Find(id) is not { } video)
            return NoSuchVideo;
        var now = time.GetUtcNow();
        return Results.Ok(
            new Details(
                video.Id,
                video.Title,
                "",
                video.CreatedAt.ToUnixTimeSeconds(),
                video.LengthAt(now),
                video.StatusAt(now),
                [],
                []
            )
        );
    }

    private static IResult CreateOtp(string id, Videos videos, OtpRequest? request)
    {
        if (videos.Find(id) is not { } video)
            return NoSuchVideo;
        if (request?.Ttl is <= 0)
            return Results.BadRequest(new Message("ttl must be positive"));
        if (request?.Annotate is not null && !IsAnnotation(request.Annotate))
            return Results.BadRequest(new Message("annotate must be a serialized JSON array of objects"));
        video.LastOtp = new OtpGrant(request?.Ttl, request?.Annotate);
        var playback = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["videoId"] = id });
        return Results.Ok(
            new Otp("20160313versASE323" + RandomNumberGenerator.GetHexString(46), Convert.ToBase64String(playback))
        );
    }

    private static IResult DeleteVideos(Videos shelf, [FromQuery(Name = "videos")] string? list)
    {
        var ids = (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var deleted = ids.Count(shelf.Delete);
        return deleted == 0 ? NoSuchVideo : Results.Ok(new Message($"Successfully deleted {deleted} videos"));
    }

    private static IResult ChangeVideo(string id, Change change, Videos videos)
    {
        if (videos.Find(id) is not { } video)
            return NoSuchVideo;
        var fate = video.Fate with
        {
            LastWord = change.Status ?? video.Fate.LastWord,
            LengthSeconds = change.Length ?? video.Fate.LengthSeconds,
        };
        video.Fate = change.Now ? fate with { Queued = TimeSpan.Zero, Processing = TimeSpan.Zero } : fate;
        return Results.NoContent();
    }

    private static Inspection Inspect(Video video, DateTimeOffset now) =>
        new(
            video.Id,
            video.Title,
            video.FolderId,
            video.StatusAt(now),
            video.LengthAt(now),
            video.CreatedAt,
            video.File?.Bytes,
            video.File?.Sha256,
            video.LastOtp
        );

    private static bool IsAnnotation(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array
                && document.RootElement.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IResult NoSuchVideo => Results.NotFound(new Message("Video not found"));
}

/// <summary>The settings as they are now: from configuration, until a control changes them.</summary>
internal sealed class State(IOptions<EmulatorOptions> options)
{
    private volatile Settings changed = new();

    public Uri? HookUrl => changed.HookUrl ?? options.Value.HookUrl;

    public TimeSpan UploadValidity => options.Value.UploadValidity;

    public void Change(Settings settings) =>
        changed = new Settings(
            settings.QueuedMs ?? changed.QueuedMs,
            settings.ProcessingMs ?? changed.ProcessingMs,
            settings.Length ?? changed.Length,
            settings.HookUrl ?? changed.HookUrl
        );

    /// <summary>
    /// What will become of a video, by the settings or by the request that makes it:
    /// ?emulator_queued_ms, ?emulator_processing_ms, ?emulator_length, ?emulator_status_word.
    /// </summary>
    public Fate FateFor(IQueryCollection query) =>
        new(
            Span(Fault.Number(query["emulator_queued_ms"]) ?? changed.QueuedMs, options.Value.Queued),
            Span(Fault.Number(query["emulator_processing_ms"]) ?? changed.ProcessingMs, options.Value.Processing),
            Fault.Number(query["emulator_length"]) ?? changed.Length ?? options.Value.LengthSeconds,
            (string?)query["emulator_status_word"] ?? Fate.Ready
        );

    private static TimeSpan Span(int? milliseconds, TimeSpan otherwise) =>
        milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : otherwise;
}
