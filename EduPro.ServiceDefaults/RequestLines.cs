using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using OpenTelemetry;

namespace EduPro.ServiceDefaults;

/// <summary>
/// Prints what telemetry knows of each answered request as a line of JSON behind a prefix, for the process that runs
/// this one. Of more than 400 a second it prints a part and counts the rest: nobody reads faster, and it must cost
/// nothing under load.
/// </summary>
internal sealed partial class RequestLines : BaseProcessor<Activity>
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly string prefix;
    private readonly Channel<Activity> answered;
    private long skipped;

    public RequestLines(string prefix)
    {
        this.prefix = prefix;
        answered = Channel.CreateBounded<Activity>(
            new BoundedChannelOptions(AtOnce) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => Interlocked.Increment(ref skipped)
        );
        _ = PrintAsync();
    }

    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server)
            _ = answered.Writer.TryWrite(data);
    }

    protected override void Dispose(bool disposing)
    {
        _ = answered.Writer.TryComplete();
        base.Dispose(disposing);
    }

    private async Task PrintAsync()
    {
        while (await answered.Reader.WaitToReadAsync())
        {
            while (answered.Reader.TryRead(out var request))
                await Console.Out.WriteLineAsync(
                    prefix
                        + JsonSerializer.Serialize(
                            Line.Of(request, Interlocked.Exchange(ref skipped, 0)),
                            Json.Default.Line
                        )
                );
            await Task.Delay(Pause);
        }
    }

    /// <param name="Path">Without its query, which may hold what is nobody's business.</param>
    /// <param name="Milliseconds">From its arrival to the end of its answer.</param>
    /// <param name="Skipped">How many were not printed since the line before.</param>
    internal sealed record Line(
        DateTime At,
        string? Method,
        string? Path,
        int Status,
        double Milliseconds,
        long Skipped
    )
    {
        public static Line Of(Activity request, long skipped) =>
            new(
                request.StartTimeUtc,
                request.GetTagItem("http.request.method") as string,
                request.GetTagItem("url.path") as string,
                request.GetTagItem("http.response.status_code") as int? ?? 0,
                Math.Round(request.Duration.TotalMilliseconds, 1),
                skipped
            );
    }

    [JsonSerializable(typeof(Line))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class Json : JsonSerializerContext;
}
