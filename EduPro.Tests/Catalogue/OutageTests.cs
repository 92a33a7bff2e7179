using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using EduPro.Data;
using EduPro.Media;
using EduPro.Tests.Media;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EduPro.Tests.Catalogue;

/// <summary>
/// What becomes of a file when the storage or the client goes away: the client is told, no row names what is not there,
/// and the next clean-up takes what no row names.
/// </summary>
public sealed class OutageTests(Stack stack) : IAsyncLifetime
{
    private readonly FakeTimeProvider later = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
    private MediaStore store = null!;
    private EduProDb db = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new MediaStore(new BlobServiceClient(await stack.ConnectionString("blobs")), later);
        db = await stack.Db();
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        await db.DisposeAsync();
    }

    [Fact]
    public async Task Without_storage_the_client_is_told_to_come_back_and_nothing_changes()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var module = await teacher.Module(course);
        var storage = await stack.ConnectionString("blobs");
        var port = new BlobServiceClient(storage).Uri.Port;
        await using var api = await ServiceProcess.Api(
            stack,
            ("ConnectionStrings:blobs", storage.Replace($":{port}", ":1", StringComparison.Ordinal))
        );
        using var there = api.Stranger(stack);
        there.Access = teacher.Access;
        using var picture = Pictures.Plain(40, 40, 1, 2, 3);

        foreach (
            var refused in new[]
            {
                await there.Patch($"course/update/{course}/", FilesTests.File("thumbnail", picture.PngsaveBuffer())),
                await there.Post($"modules/{module}/lessons/create/", Sheet(Document("down"))),
            }
        )
        {
            refused.Expect(503);
            Assert.Equal("Service unavailable", refused["error"].GetString());
            Assert.NotNull(refused.Header("Retry-After"));
        }
        var shown = (await teacher.Get($"course/private-deatils/{course}/")).Expect(200);
        Assert.Equal((null, 0), (shown["thumbnail"].GetString(), shown["lessons_count"].GetInt32()));
        // What needs no file still works there.
        (await there.Patch($"course/update/{course}/", new { title = "Without a picture" })).Expect(200);
    }

    [Fact]
    public async Task A_file_that_was_stored_without_an_answer_is_swept()
    {
        using var teacher = await stack.Teacher();
        var module = await teacher.Module(await teacher.Course());
        var storage = await stack.ConnectionString("blobs");
        var port = new BlobServiceClient(storage).Uri.Port;
        using var mute = new MuteProxy(port);
        await using var api = await ServiceProcess.Api(
            stack,
            ("ConnectionStrings:blobs", storage.Replace($":{port}", $":{mute.Port}", StringComparison.Ordinal))
        );
        using var there = api.Stranger(stack);
        there.Access = teacher.Access;
        var document = Document("mute");

        (await there.Post($"modules/{module}/lessons/create/", Sheet(document))).Expect(503);

        Assert.Empty((await teacher.Get($"modules/{module}/lessons/")).Expect(200).Json.EnumerateArray());
        Assert.True(await store.ExistsAsync(MediaContainer.Documents, NameOf(document), Ct));
        Assert.Equal(1, await Sweep(document));
        Assert.False(await store.ExistsAsync(MediaContainer.Documents, NameOf(document), Ct));
    }

    [Fact]
    public async Task A_client_that_hangs_up_leaves_a_lesson_with_its_file_or_neither()
    {
        using var teacher = await stack.Teacher();
        var module = await teacher.Module(await teacher.Course());
        await using var api = await ServiceProcess.Api(stack);
        var documents = Enumerable.Range(0, 16).Select(n => Document($"gone {n}")).ToArray();
        using var there = api.Stranger(stack);
        there.Access = teacher.Access;
        (await there.Post($"modules/{module}/lessons/create/", Sheet(documents[0]))).Expect(201);

        foreach (var (n, document) in documents.Index().Skip(1))
        {
            using var form = Sheet(document);
            var body = await form.ReadAsByteArrayAsync(Ct);
            using var client = new TcpClient { LingerState = new LingerOption(true, 0) };
            await client.ConnectAsync(api.Address.Host, api.Address.Port, Ct);
            await client
                .GetStream()
                .WriteAsync(
                    (byte[])
                        [
                            .. Encoding.ASCII.GetBytes(
                                $"POST /api/modules/{module}/lessons/create/ HTTP/1.1\r\nHost: {api.Address.Authority}\r\n"
                                    + $"Authorization: Bearer {teacher.Access}\r\nContent-Type: {form.Headers.ContentType}\r\n"
                                    + $"Content-Length: {body.Length}\r\n\r\n"
                            ),
                            .. body,
                        ],
                    Ct
                );
            await Task.Delay(3 * n, Ct);
        }
        await Task.Delay(1000, Ct);
        await api.Kill();

        var named = new HashSet<string>(
            db.Lessons.Where(lesson => lesson.ModuleId == module).Select(lesson => lesson.Document!)
        );
        Assert.Contains(NameOf(documents[0]), named);
        await Sweep(documents);
        foreach (var document in documents)
            Assert.Equal(
                named.Contains(NameOf(document)),
                await store.ExistsAsync(MediaContainer.Documents, NameOf(document), Ct)
            );
    }

    private static byte[] Document(string what) => Documents.Pdf($"%%EOF\n%{what} {Guid.CreateVersion7()}\n");

    private static MultipartFormDataContent Sheet(byte[] document)
    {
        var form = FilesTests.File("document", document, "sums.pdf");
        form.Add(new StringContent("Sheet"), "title");
        form.Add(new StringContent("Sums"), "description");
        return form;
    }

    private static string NameOf(byte[] document)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(document));
        return $"documents/{hash[..2]}/{hash}.pdf";
    }

    /// <summary>Sweeps these documents only: others store files beside them.</summary>
    private Task<int> Sweep(params byte[][] documents)
    {
        string[] ours = [.. documents.Select(NameOf)];
        return new SweepBlobs(db, store, NullLogger<SweepBlobs>.Instance).Sweep(
            store
                .ListOlderThanAsync(MediaContainer.Documents, SweepBlobs.Age, Ct)
                .Where(file => ours.Contains(file.Name)),
            Ct
        );
    }

    /// <summary>Passes on what is said to a server, and hangs up when it answers.</summary>
    private sealed class MuteProxy : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly int server;

        public MuteProxy(int server)
        {
            this.server = server;
            listener.Start();
            _ = Accept();
        }

        public string Port => ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        public void Dispose() => listener.Dispose();

        private async Task Accept()
        {
            while (true)
                _ = Pass(await listener.AcceptTcpClientAsync(Ct));
        }

        private async Task Pass(TcpClient client)
        {
            using (client)
            {
                using var target = new TcpClient();
                await target.ConnectAsync(IPAddress.Loopback, server, Ct);
                var forth = client.GetStream().CopyToAsync(target.GetStream(), Ct);
                await Task.WhenAny(forth, target.GetStream().ReadAsync(new byte[1], Ct).AsTask());
            }
        }
    }
}
