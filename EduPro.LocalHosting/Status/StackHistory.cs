using System.Text.Json;
using System.Text.RegularExpressions;

namespace EduPro.LocalHosting;

/// <summary>A line that a resource wrote.</summary>
internal sealed record RecordedLine(long Number, DateTimeOffset At, string Resource, string Text);

/// <summary>A request that a service answered, without its query.</summary>
internal sealed record AnsweredRequest(
    long Number,
    string Resource,
    DateTimeOffset At,
    string? Method,
    string? Path,
    int Status,
    double Milliseconds,
    long Skipped
);

/// <summary>
/// The last lines of each resource and the last requests, numbered as they came. Passwords, tokens and keys are
/// masked before anything is kept.
/// </summary>
internal sealed partial class StackHistory
{
    /// <summary>Marks what a service prints of its requests, which is not meant for people.</summary>
    public const string RequestPrefix = "@request ";

    private const int Lines = 500,
        Requests = 500,
        LongestLine = 4000;

    private readonly Lock one = new();
    private readonly Dictionary<string, Queue<RecordedLine>> logs = [];
    private readonly Queue<AnsweredRequest> requests = [];
    private long last;

    /// <summary>Values of parameters that are masked wherever they turn up.</summary>
    public IReadOnlyList<string> Secrets { get; set; } = [];

    public void Add(string resource, string text)
    {
        var masked = Mask(text.Length > LongestLine ? text[..LongestLine] : text);
        lock (one)
        {
            if (!logs.TryGetValue(resource, out var lines))
                logs[resource] = lines = [];
            Keep(lines, new(++last, TimeProvider.System.GetUtcNow(), resource, masked), Lines);
        }
    }

    /// <summary>Takes the line if it tells of a request.</summary>
    public bool TakeRequest(string resource, string text)
    {
        if (!text.StartsWith(RequestPrefix, StringComparison.Ordinal))
            return false;
        AnsweredRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(text.AsSpan(RequestPrefix.Length), StatusJson.Default.AnsweredRequest);
        }
        catch (JsonException)
        {
            // A line like any other, then.
            return false;
        }
        if (request is null)
            return false;
        lock (one)
            Keep(
                requests,
                request with
                {
                    Number = ++last,
                    Resource = resource,
                    Path = Mask(request.Path ?? ""),
                },
                Requests
            );
        return true;
    }

    /// <summary>What came after that number, and the number of the newest.</summary>
    public (IReadOnlyList<RecordedLine> Logs, IReadOnlyList<AnsweredRequest> Requests, long Last) After(long seen)
    {
        lock (one)
            return seen == last
                ? ([], [], last)
                : (
                    [
                        .. logs
                            .Values.SelectMany(lines => lines)
                            .Where(line => line.Number > seen)
                            .OrderBy(line => line.Number),
                    ],
                    [.. requests.Where(request => request.Number > seen)],
                    last
                );
    }

    public string Mask(string text)
    {
        foreach (var secret in Secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return Secret().Replace(text, "$1***");
    }

    private static void Keep<T>(Queue<T> queue, T item, int most)
    {
        queue.Enqueue(item);
        if (queue.Count > most)
            _ = queue.Dequeue();
    }

    // What is behind "password:", "AccountKey=" and the like, and every JWT.
    [GeneratedRegex(
        """((?:password|passwd|pwd|secret|accountkey|api-?key|sig|otp)"?\s*[=:]\s*"?|bearer )[^\s;,&"]+|eyJ[\w-]+\.[\w-]+\.[\w-]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Secret();
}

/// <summary>Remembers each line before it passes it on; lines about requests are only remembered.</summary>
internal sealed class RecordingConsole(StackConsole inner, StackHistory history) : StackConsole
{
    private const string Stack = "stack";

    public override void Line(string resource, string text)
    {
        if (history.TakeRequest(resource, text))
            return;
        history.Add(resource, text);
        inner.Line(resource, text);
    }

    public override void Info(string text)
    {
        history.Add(Stack, text);
        inner.Info(text);
    }

    public override void Error(string text)
    {
        history.Add(Stack, $"error: {text}");
        inner.Error(text);
    }

    public override void Table(IEnumerable<(string Name, string Value)> rows, string caption) =>
        inner.Table(rows, caption);
}
