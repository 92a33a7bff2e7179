using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EduPro.Benchmarks;

/// <summary>What a run of the load saw.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Ticks">How long each answer took, of <see cref="Stopwatch"/>.</param>
/// <param name="Unexpected">How many answers had another status than the expected one.</param>
/// <param name="Example">One of those.</param>
internal sealed record LoadResult(double Seconds, IReadOnlyList<long> Ticks, long Unexpected, string? Example)
{
    public static readonly LoadResult None = new(0, [], 0, null);

    private readonly Lazy<long[]> sorted = new(() => [.. Ticks.Order()]);

    public int Answers => Ticks.Count;

    /// <summary>Answers per second.</summary>
    public double Rate => Answers / Seconds;

    /// <summary>Milliseconds that half of the answers took at most.</summary>
    public double P50 => Percentile(50);

    /// <summary>Milliseconds that 99 of 100 answers took at most.</summary>
    public double P99 => Percentile(99);

    /// <summary>Both runs as one.</summary>
    public static LoadResult operator +(LoadResult a, LoadResult b) =>
        new(a.Seconds + b.Seconds, [.. a.Ticks, .. b.Ticks], a.Unexpected + b.Unexpected, a.Example ?? b.Example);

    private double Percentile(int percent) =>
        Answers == 0
            ? 0
            : Stopwatch
                .GetElapsedTime(0, sorted.Value[Math.Min(Answers - 1, (int)((long)Answers * percent / 100))])
                .TotalMilliseconds;
}

/// <summary>
/// A closed loop over loopback: each connection sends a request, reads the answer, and sends the next. One thread asks
/// and reads for all of them, with no hop to another for each answer, so that the processors are the server's.
/// </summary>
internal static class Load
{
    /// <param name="next">The bytes of the n-th request; none when there is nothing left to do.</param>
    /// <param name="expected">The status of good answers.</param>
    /// <param name="rate">Requests per second in total; null for as many as the server takes.</param>
    public static LoadResult Run(
        IPEndPoint server,
        Func<long, ReadOnlyMemory<byte>> next,
        int expected,
        int connections,
        double seconds,
        double? rate = null
    )
    {
        var (number, unexpected, isOver) = (0L, 0L, false);
        string? example = null;
        var ticks = new List<long>(1 << 20);
        var idle = Enumerable.Range(0, connections).Select(n => new Client(server, n)).ToList();
        var clients = idle.ToDictionary(client => client.Socket);
        // What the run before left behind is not cleared away in this one.
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var pause = (long)(Stopwatch.Frequency * connections / rate ?? 0);
        for (var i = 0; i < connections; i++)
            idle[i].Due = start + (pause * i / connections);
        var answered = new List<Socket>();
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            isOver |= now >= end;
            idle.RemoveAll(client => client.Due <= now && Ask(client, now));
            if (isOver && idle.Count == connections)
                break;
            answered.Clear();
            answered.AddRange(clients.Keys);
            const int finestWait = 1000;
            Socket.Select(answered, null, null, finestWait);
            foreach (var socket in answered)
                Read(clients[socket]);
        }
        foreach (var client in idle)
            client.Dispose();
        return new LoadResult(Stopwatch.GetElapsedTime(start).TotalSeconds, ticks, unexpected, example);

        // From when an answer is waited for: from when it was due, if the one before came too late for that.
        bool Ask(Client client, long from)
        {
            if (isOver)
                return false;
            var request = next(number++);
            isOver = request.IsEmpty;
            if (isOver)
                return false;
            client.AskedAt = from;
            client.Send(request);
            return true;
        }

        void Read(Client client)
        {
            if (!client.Receive())
                return;
            var now = Stopwatch.GetTimestamp();
            ticks.Add(now - client.AskedAt);
            if (client.Status != expected)
            {
                unexpected++;
                example ??= $"{client.Status} {Encoding.UTF8.GetString(client.Body)}";
            }
            client.Due = pause == 0 ? now : client.Due + pause;
            if (client.Due > now || !Ask(client, client.Due))
                idle.Add(client);
        }
    }
}

/// <summary>One connection that keeps alive; reads of answers what it takes to find their end.</summary>
internal sealed class Client : IDisposable
{
    private byte[] buffer = new byte[1 << 16];
    private int length;
    private int bodyAt;

    /// <param name="number">Whose address it has, of 250, where a machine has them: limits count them apart.</param>
    public Client(IPEndPoint server, int number = 0)
    {
        if (OperatingSystem.IsLinux())
            Socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (number % 250))]), 0));
        Socket.Connect(server);
    }

    public Socket Socket { get; } =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>When it is to send its next request.</summary>
    public long Due { get; set; }

    /// <summary>Since when it waits for the answer.</summary>
    public long AskedAt { get; set; }

    /// <summary>Of the last answer.</summary>
    public int Status => ((buffer[9] - '0') * 100) + ((buffer[10] - '0') * 10) + (buffer[11] - '0');

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
    public async Task<int> Ask(ReadOnlyMemory<byte> request)
    {
        length = 0;
        await Socket.SendAsync(request);
        while (!Took(await Socket.ReceiveAsync(Room())))
            continue;
        return Status;
    }

    public void Send(ReadOnlyMemory<byte> request)
    {
        length = 0;
        Socket.Send(request.Span);
    }

    /// <summary>Reads what there is; whether the answer is whole.</summary>
    public bool Receive() => Took(Socket.Receive(Room().Span));

    private Memory<byte> Room()
    {
        if (length == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        return buffer.AsMemory(length);
    }

    private bool Took(int read)
    {
        if (read == 0)
            throw new IOException("The server hung up.");
        length += read;
        return IsWhole();
    }

    public void Dispose() => Socket.Dispose();

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
