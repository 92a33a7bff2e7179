using System.Threading.Channels;

namespace EduPro.LocalHosting;

/// <summary>A line that a resource wrote.</summary>
public readonly record struct LogLine(string Content);

/// <summary>What the resources of a test's stack write, for who watches them.</summary>
public sealed class ResourceLoggerService
{
    private readonly List<(string Resource, ChannelWriter<LogLine> Lines)> watchers = [];

    internal ResourceLoggerService() { }

    /// <summary>What the resource writes after this call, until the stack has stopped.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName)
    {
        var lines = Channel.CreateUnbounded<LogLine>(new UnboundedChannelOptions { SingleReader = true });
        lock (watchers)
            watchers.Add((resourceName, lines.Writer));
        return InBatches(lines.Reader);
    }

    internal void Line(string resource, string text)
    {
        lock (watchers)
            foreach (var watcher in watchers.Where(watcher => watcher.Resource == resource))
                _ = watcher.Lines.TryWrite(new(text));
    }

    internal void Complete()
    {
        lock (watchers)
            foreach (var (_, lines) in watchers)
                _ = lines.TryComplete();
    }

    private static async IAsyncEnumerable<IReadOnlyList<LogLine>> InBatches(ChannelReader<LogLine> lines)
    {
        while (await lines.WaitToReadAsync())
        {
            var batch = new List<LogLine>();
            while (lines.TryRead(out var line))
                batch.Add(line);
            yield return batch;
        }
    }
}
