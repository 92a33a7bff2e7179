using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EduPro.Tests.Support;

namespace EduPro.Tests.Faults;

/// <summary>
/// Clients that keep connections open and hardly use them. The API of these tests works on few requests at once, and is
/// sooner out of patience than others.
/// </summary>
public sealed class SlowClientsTests(Stack stack, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Login = "POST /api/teacher/login/ HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<SlowClient> slow = [];
    private ServiceProcess api = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_sends_slowly_keeps_nobody_from_an_answer_and_is_left_in_the_end()
    {
        using var teacher = await stack.Teacher();
        await ExpectOthersAreAnswered();
        string[] beginnings =
        [
            "GET /api/course/category/list/ HTTP/1.1\r\nHost: api\r\nX-Slow",
            $"{Login}Content-Length: 60\r\n\r\n{{",
            $"{Login}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n",
            $"PATCH /api/teacher/update-profile/ HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {teacher.Access}\r\n"
                + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"profile_picture\"; filename=\"p.png\"\r\n\r\n",
        ];
        foreach (var beginning in beginnings)
            await Connect(20, beginning);

        await ExpectOthersAreAnswered();
        Assert.All(slow, client => Assert.True(client.IsUnanswered));

        foreach (var client in slow)
            await client.Left();
    }

    [Fact]
    public async Task Who_reads_slowly_keeps_nobody_from_an_answer_and_is_left_in_the_end()
    {
        const string path = "/api/course/list/?page_size=100";
        await stack.SmallSchools(50);
        await ExpectOthersAreAnswered();
        await Connect(6, string.Concat(Enumerable.Repeat($"GET {path} HTTP/1.1\r\nHost: api\r\n\r\n", 500)));

        await ExpectOthersAreAnswered();

        foreach (var client in slow)
            await client.CutOff();
    }

    public async ValueTask InitializeAsync() =>
        api = await ServiceProcess.Api(
            stack,
            ("Overload:Requests:AtOnce", "2"),
            ("Overload:Requests:Waiting", "40"),
            ("Overload:SlowClients:BytesPerSecond", "100000"),
            ("Overload:SlowClients:Headers", "00:00:08"),
            ("Overload:SlowClients:GracePeriod", "00:00:08")
        );

    public async ValueTask DisposeAsync()
    {
        slow.ForEach(client => client.Dispose());
        await api.DisposeAsync();
    }

    private async Task Connect(int number, string sends)
    {
        for (var i = 0; i < number; i++)
        {
            slow.Add(new SlowClient());
            await slow[^1].Send(api.Address.Port, sends);
        }
    }

    private async Task ExpectOthersAreAnswered()
    {
        using var visitor = api.Stranger(stack);
        var watch = Stopwatch.StartNew();
        (await visitor.Get("course/category/list/")).Expect(200);
        (await visitor.Post("teacher/login/", new { username = "" })).Expect(400);
        output.WriteLine($"Others were answered in {watch.ElapsedMilliseconds} ms");
    }

    private sealed class SlowClient : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096,
        };

        public bool IsUnanswered => !socket.Poll(0, SelectMode.SelectRead);

        public async Task Send(int port, string text)
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, Ct);
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), Ct);
        }

        /// <summary>Reads nothing until the server has given it up.</summary>
        public async Task CutOff()
        {
            var watch = Stopwatch.StartNew();
            while (await Record.ExceptionAsync(() => socket.SendAsync("\r"u8.ToArray())) is null)
            {
                Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
                await Task.Delay(200, Ct);
            }
        }

        /// <summary>Reads until the server hangs up.</summary>
        public async Task Left()
        {
            var buffer = new byte[1 << 16];
            try
            {
                while (await socket.ReceiveAsync(buffer, Ct).AsTask().WaitAsync(Patience, Ct) > 0) { }
            }
            catch (SocketException)
            {
                // Without a goodbye.
            }
        }

        public void Dispose() => socket.Dispose();
    }
}
