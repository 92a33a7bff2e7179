using System.Net;
using System.Net.Sockets;

namespace EduPro.Tests.Support;

/// <summary>A port of loopback that leads to another, until a test makes the way slow, dead or silent.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly HashSet<Socket> open = [];
    private readonly Lock gate = new();
    private readonly int target;
    private readonly Task accepting;
    private TaskCompletionSource passing = new();
    private TimeSpan delay;
    private bool isCut;

    /// <param name="target">The port of loopback that it leads to.</param>
    public TcpProxy(int target)
    {
        this.target = target;
        passing.SetResult();
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Lets everything through again. What hung goes on, what was cut stays so.</summary>
    public void Pass()
    {
        lock (gate)
            (isCut, delay) = (false, TimeSpan.Zero);
        passing.TrySetResult();
    }

    /// <summary>Ends all connections and every new one at once.</summary>
    public void Cut()
    {
        lock (gate)
        {
            isCut = true;
            foreach (var socket in open)
                Reset(socket);
        }
        passing.TrySetResult();
    }

    /// <summary>Keeps connections open, and takes new ones, but lets nothing through: a peer that went away silently.</summary>
    public void Hang() => passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Holds everything up by this time, each way.</summary>
    public void Slow(TimeSpan by)
    {
        lock (gate)
            delay = by;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        Cut();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listener.Dispose();
        closing.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            var client = await listener.AcceptSocketAsync(closing.Token);
            _ = Join(client);
        }
    }

    private async Task Join(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            lock (gate)
            {
                open.UnionWith([client, server]);
                if (isCut)
                    Reset(client);
            }
            await passing.Task;
            await server.ConnectAsync(IPAddress.Loopback, target, closing.Token);
            await Task.WhenAny(Pump(client, server), Pump(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, or one side has left.
        }
        finally
        {
            lock (gate)
                open.ExceptWith([client, server]);
            client.Dispose();
        }
    }

    private async Task Pump(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, closing.Token) is > 0 and var received)
        {
            await passing.Task;
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, closing.Token);
            for (var sent = 0; sent < received; )
                sent += await to.SendAsync(buffer.AsMemory(sent, received - sent), closing.Token);
        }
    }

    /// <summary>Closes without a goodbye: the peer reads a reset.</summary>
    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
