using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EduPro.Benchmarks;

/// <summary>What a run of the load saw.</summary>
/// <param name="Rate">Answers per second.</param>
/// <param name="P50">Milliseconds that half of the answers took at most.</param>
/// <param name="P99">Milliseconds that 99 of 100 answers took at most.</param>
/// <param name="Answers">How many there were.</param>
/// <param name="Unexpected">How many had another status than the expected one.</param>
/// <param name="Example">One of those.</param>
internal sealed record LoadResult(
    double Rate,
    double P50,
    double P99,
    long Answers,
    long Unexpected,
    string? Example = null
);

/// <summary>
/// A closed loop over loopback: each connection sends a request, reads the answer, and sends the next. It spends a few
/// microseconds of processor on each, so that what is left is the server's.
/// </summary>
internal static class Load
{
    /// <param name="next">The bytes of the n-th request; none when there is nothing left to do.</param>
    /// <param name="expected">The status of good answers.</param>
    /// <param name="rate">Requests per second in total; null for as many as the server takes.</param>
    public static async Task<LoadResult> Run(
        IPEndPoint server,
        Func<long, ReadOnlyMemory<byte>> next,
        int expected,
        int connections,
        double seconds,
        double? rate = null
    )
    {
        var number = -1L;
        var unexpected = 0L;
        string? example = null;
        var ticks = new List<long>[connections];
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(Ask));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = ticks.SelectMany(some => some).Order().ToArray();
        double Percentile(int percent) =>
            all.Length == 0
                ? 0
                : TimeSpan
                    .FromSeconds(
                        (double)all[Math.Min(all.Length - 1, all.Length * percent / 100)] / Stopwatch.Frequency
                    )
                    .TotalMilliseconds;
        return new LoadResult(all.Length / elapsed, Percentile(50), Percentile(99), all.Length, unexpected, example);

        async Task Ask(int connection)
        {
            var mine = ticks[connection] = new List<long>(65536);
            using var client = new Client(server);
            await client.Connect();
            var due = start;
            for (var now = start; now < end; now = Stopwatch.GetTimestamp())
            {
                if (rate is { } paced)
                {
                    due += (long)(Stopwatch.Frequency * connections / paced);
                    if (now < due)
                    {
                        await Task.Delay(Stopwatch.GetElapsedTime(now, due));
                        now = Stopwatch.GetTimestamp();
                    }
                    else
                        now = due;
                }
                var request = next(Interlocked.Increment(ref number));
                if (request.IsEmpty)
                    return;
                var status = await client.Send(request);
                mine.Add(Stopwatch.GetTimestamp() - now);
                if (status != expected)
                {
                    Interlocked.Increment(ref unexpected);
                    example ??= $"{status} {Encoding.UTF8.GetString(client.Body)}";
                }
            }
        }
    }
}

/// <summary>One connection that keeps alive; reads of answers what it takes to find their end.</summary>
internal sealed class Client(IPEndPoint server) : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private byte[] buffer = new byte[1 << 16];
    private int length;
    private int bodyAt;

    public async Task Connect() => await socket.ConnectAsync(server);

    /// <summary>The body of the last answer, as long as there is no next one; chunks and all.</summary>
    public ReadOnlySpan<byte> Body => buffer.AsSpan(bodyAt, length - bodyAt);

    /// <summary>The body without the marks of its chunks.</summary>
    public byte[] Content()
    {
        if (buffer.AsSpan(0, bodyAt).IndexOf(Chunked) < 0)
            return Body.ToArray();
        var content = new List<byte>();
        for (var rest = Body; ; )
        {
            var line = rest.IndexOf("\r\n"u8);
            var size = int.Parse(rest[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
                return [.. content];
            content.AddRange(rest.Slice(line + 2, size));
            rest = rest[(line + 2 + size + 2)..];
        }
    }

    private static ReadOnlySpan<byte> Chunked => "Transfer-Encoding: chunked"u8;

    /// <summary>Sends a request and reads the whole answer; its status.</summary>
    public async ValueTask<int> Send(ReadOnlyMemory<byte> request)
    {
        for (var sent = 0; sent < request.Length; )
            sent += await socket.SendAsync(request[sent..]);
        length = 0;
        while (!IsWhole())
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                throw new IOException("The server hung up.");
            length += read;
        }
        return ((buffer[9] - '0') * 100) + ((buffer[10] - '0') * 10) + (buffer[11] - '0');
    }

    public void Dispose() => socket.Dispose();

    private bool IsWhole()
    {
        var answer = buffer.AsSpan(0, length);
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        bodyAt = end + 4;
        var head = answer[..bodyAt];
        if (head[9..12].SequenceEqual("304"u8) || head[9..12].SequenceEqual("204"u8))
            return true;
        if (head.IndexOf(Chunked) >= 0)
            return answer.EndsWith("0\r\n\r\n"u8);
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            throw new IOException("An answer of unknown length: " + Encoding.ASCII.GetString(head));
        var digits = head[(at + 16)..];
        return answer.Length - bodyAt >= int.Parse(digits[..digits.IndexOf((byte)'\r')], provider: null);
    }
}
