using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Azure.Storage.Blobs;
using EduPro.Data;
using EduPro.Media;
using EduPro.Tests.Media;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NetVips;

namespace EduPro.Tests.Catalogue;

public sealed class FilesTests(Stack stack)
{
    private const string InvalidImage =
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static MultipartFormDataContent File(string field, byte[] bytes, string name = "holiday.jpg")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartFormDataContent { { content, field, name } };
    }

    private async Task<(Caller Teacher, Guid Course)> Owner()
    {
        var teacher = await stack.Teacher();
        return (teacher, await teacher.Course());
    }

    private static async Task<string> Thumbnail(Caller teacher, Guid course) =>
        (await teacher.Get($"course/course-detail/{course}/")).Expect(200)["thumbnail"].GetString()!;

    [Fact]
    public async Task A_thumbnail_is_encoded_anew_and_served_for_good()
    {
        var (teacher, course) = await Owner();
        using var owner = teacher;
        using var stranger = stack.Stranger(replica: 2);
        (await teacher.Patch($"course/update/{course}/", File("thumbnail", Pictures.JpegFromPhone(3000, 1500)))).Expect(
            200
        );

        var address = new Uri(await Thumbnail(teacher, course));
        Assert.Equal(teacher.Address.Authority, address.Authority);
        var shown = (await stranger.Get(address.AbsolutePath)).Expect(200);
        using var picture = Image.NewFromBuffer(shown.Bytes);
        Assert.Equal((512, 1024), (picture.Width, picture.Height));
        Assert.DoesNotContain("exif-data", picture.GetFields());
        Assert.Equal(("image/webp", "bytes"), (shown.Header("Content-Type"), shown.Header("Accept-Ranges")));
        foreach (var directive in (string[])["public", "max-age=31536000", "immutable"])
            Assert.Contains(directive, shown.Header("Cache-Control"));

        var part = (await stranger.Send(HttpMethod.Get, address.AbsolutePath, null, ("Range", "bytes=4-11"))).Expect(
            206
        );
        Assert.Equal(shown.Bytes[4..12], part.Bytes);
        Assert.Equal($"bytes 4-11/{shown.Bytes.Length}", part.Header("Content-Range"));
        (await stranger.Send(HttpMethod.Get, address.AbsolutePath, null, ("Range", "bytes=99999999-"))).Expect(416);
        var known = (
            await stranger.Send(HttpMethod.Get, address.AbsolutePath, null, ("If-None-Match", shown.Header("ETag")!))
        ).Expect(304);
        Assert.Empty(known.Bytes);
        var head = (await stranger.Send(HttpMethod.Head, address.AbsolutePath)).Expect(200);
        Assert.Equal(shown.Header("Content-Length"), head.Header("Content-Length"));
    }

    [Theory]
    [InlineData("/media/")]
    [InlineData("/media/thumbnails")]
    [InlineData("/media/../appsettings.json")]
    [InlineData("/media/thumbnails/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/media/thumbnails/ab/..%2f..%2fsecret.webp")]
    [InlineData("/media/documents/00/0000000000000000000000000000000000000000000000000000000000000000.pdf")]
    [InlineData("/media/thumbnails/00/0000000000000000000000000000000000000000000000000000000000000000.webp")]
    public async Task What_is_no_picture_is_not_found(string path)
    {
        using var stranger = stack.Stranger();
        var reply = (await stranger.Get(path)).Expect(404);
        Assert.Equal("Not found", reply["error"].GetString());
        Assert.Contains("no-store", reply.Header("Cache-Control"));
    }

    [Fact]
    public async Task Bad_pictures_are_refused_in_the_documents_words()
    {
        var (teacher, course) = await Owner();
        using var owner = teacher;
        using var noise = Pictures.Noise(400, 400);
        var jpeg = noise.JpegsaveBuffer();
        Task<Reply> Send(byte[] bytes) => teacher.Patch($"course/update/{course}/", File("thumbnail", bytes));

        (await Send("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray())).ExpectFault("thumbnail", InvalidImage);
        (await Send(jpeg[..(jpeg.Length / 2)])).ExpectFault("thumbnail", InvalidImage);
        (await Send(Pictures.PngHeader(50_000, 50_000))).ExpectFault("thumbnail", InvalidImage);
        (await Send([])).ExpectFault("thumbnail", "The submitted file is empty.");
        foreach (var size in (int[])[(5 << 20) + 1, 6 << 20, 12 << 20])
            (await Send([.. jpeg, .. new byte[size - jpeg.Length]])).ExpectFault(
                "thumbnail",
                "Image file too large ( > 5MB )"
            );
        (
            await teacher.Send(
                HttpMethod.Patch,
                $"course/update/{course}/",
                File("thumbnail", new byte[40 << 20]),
                ("Expect", "100-continue")
            )
        ).Expect(413);
        (await teacher.Patch($"course/update/{course}/", new { thumbnail = "holiday.jpg" })).ExpectFault(
            "thumbnail",
            "The submitted data was not a file. Check the encoding type on the form."
        );
        Assert.Null(await Thumbnail(teacher, course));
        (
            await teacher.Send(
                HttpMethod.Patch,
                $"course/update/{course}/",
                new FormUrlEncodedContent([new("title", new string('x', 1 << 20))]),
                ("Expect", "100-continue")
            )
        ).Expect(413);

        (await Send(Pictures.AnimatedGif(60, 40, frames: 3))).Expect(200);
        Assert.NotNull(await Thumbnail(teacher, course));
        (await Send([.. jpeg, .. "<script>alert(1)</script>"u8])).Expect(200);
        using var stranger = stack.Stranger();
        var stored = (await stranger.Get(new Uri(await Thumbnail(teacher, course)).AbsolutePath)).Expect(200);
        Assert.Equal(-1, stored.Bytes.AsSpan().IndexOf("<script>"u8));
        (await teacher.Patch($"course/update/{course}/", new { thumbnail = (string?)null })).Expect(200);
        Assert.Null(await Thumbnail(teacher, course));
    }

    [Fact]
    public async Task A_document_is_for_those_with_access_by_a_link_that_ends()
    {
        var (teacher, course) = await Owner();
        using var owner = teacher;
        using var student = await stack.Student(teacher);
        using var stranger = stack.Stranger();
        var module = await teacher.Module(course);
        var form = File("document", Documents.Pdf(), "Übung 1.pdf");
        form.Add(new StringContent("Sheet"), "title");
        form.Add(new StringContent("Sums"), "description");
        var made = (await teacher.Post($"modules/{module}/lessons/create/", form)).Expect(201);
        var lesson = made["id"].GetGuid();

        Assert.Null((await stranger.Get($"lessons/{lesson}/")).Expect(200)["document"].GetString());
        Assert.Null((await student.Get($"modules/{module}/lessons/")).Expect(200)["0.document"].GetString());
        await student.TakePlace(course);
        var shown = (await student.Get($"/api/v1/lessons/{lesson}/")).Expect(200);
        Assert.Contains("no-store", shown.Header("Cache-Control"));
        var link = new Uri(shown["document_url"].GetString()!);
        using var browser = new HttpClient();
        using var download = await browser.GetAsync(link, Ct);
        Assert.Equal(Documents.Pdf(), await download.Content.ReadAsByteArrayAsync(Ct));
        Assert.Contains("attachment", download.Content.Headers.ContentDisposition!.ToString());
        var ends = System.Web.HttpUtility.ParseQueryString(link.Query)["se"]!;
        var minutes = (
            DateTimeOffset.Parse(ends, System.Globalization.CultureInfo.InvariantCulture)
            - TimeProvider.System.GetUtcNow()
        ).TotalMinutes;
        Assert.InRange(minutes, 8, 10.1);

        (await teacher.Patch($"lessons/{lesson}/update/", File("document", "MZ"u8.ToArray(), "sums.pdf"))).ExpectFault(
            "document",
            "Upload a valid document. Supported formats: PDF, DOC, DOCX."
        );
        (
            await teacher.Patch($"lessons/{lesson}/update/", File("document", new byte[(10 << 20) + 1], "sums.pdf"))
        ).ExpectFault("document", "Document file too large ( > 10MB )");
        var bomb = Documents.Docx(change: zip => Documents.AddZeros(zip, "word/media/image1.bin", megabytes: 150));
        (await teacher.Patch($"lessons/{lesson}/update/", File("document", bomb, "sums.docx"))).ExpectFault(
            "document",
            "Upload a valid document. Supported formats: PDF, DOC, DOCX."
        );
        (await teacher.Patch($"lessons/{lesson}/update/", File("document", Documents.Docx(), "sums.docx"))).Expect(200);
        (await teacher.Patch($"lessons/{lesson}/update/", File("video", Documents.Pdf(), "film.mp4"))).ExpectFault(
            "video",
            "Upload a valid video. Supported formats: MP4, AVI, MOV."
        );
    }

    [Fact]
    public async Task What_no_row_names_is_swept_and_what_one_names_stays()
    {
        var (teacher, course) = await Owner();
        using var owner = teacher;
        async Task<string> Upload(double shade)
        {
            using var picture = Pictures.Plain(
                40 + teacher.Username.GetHashCode(StringComparison.Ordinal) % 20,
                40,
                shade,
                1,
                2
            );
            (await teacher.Patch($"course/update/{course}/", File("thumbnail", picture.PngsaveBuffer()))).Expect(200);
            return new Uri(await Thumbnail(teacher, course)).AbsolutePath["/media/".Length..];
        }
        var replaced = await Upload(10);
        var kept = await Upload(200);
        var form = File("document", Documents.Pdf($"%%EOF\n%{teacher.Username}\n"), "sums.pdf");
        form.Add(new StringContent("Sheet"), "title");
        form.Add(new StringContent("Sums"), "description");
        var lesson = (await teacher.Post($"modules/{await teacher.Module(course)}/lessons/create/", form))
            .Expect(201)["id"]
            .GetGuid();
        var document = await stack.Ask<string>($"SELECT document FROM lessons WHERE id = {lesson}");

        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        var service = new BlobServiceClient(await stack.ConnectionString("blobs"));
        using var store = new MediaStore(service, later);
        await using var db = await stack.Db();
        var sweep = new SweepBlobs(db, store, NullLogger<SweepBlobs>.Instance);
        string[] ours = [replaced, kept, document];
        async Task<int> Sweep() =>
            await sweep.Sweep(
                store
                    .ListOlderThanAsync(MediaContainer.Images, SweepBlobs.Age, Ct)
                    .Concat(store.ListOlderThanAsync(MediaContainer.Documents, SweepBlobs.Age, Ct))
                    .Where(file => ours.Contains(file.Name)),
                Ct
            );

        Assert.Equal(1, await Sweep());
        Assert.False(await store.ExistsAsync(MediaContainer.Images, replaced, Ct));
        Assert.True(await store.ExistsAsync(MediaContainer.Images, kept, Ct));
        Assert.True(await store.ExistsAsync(MediaContainer.Documents, document, Ct));
        (await teacher.Delete($"course/course-delete/{course}/")).Expect(200);
        Assert.Equal(2, await Sweep());
        Assert.Equal(0, await Sweep());
    }

    [Fact]
    public async Task An_upload_that_breaks_off_changes_nothing()
    {
        var (teacher, course) = await Owner();
        using var owner = teacher;
        using var noise = Pictures.Noise(300, 300);
        using var form = File("thumbnail", noise.PngsaveBuffer());
        var whole = await form.ReadAsByteArrayAsync(Ct);
        using var client = new TcpClient();
        await client.ConnectAsync(teacher.Address.Host, teacher.Address.Port, Ct);
        var connection = client.GetStream();
        await connection.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"PATCH /api/course/update/{course}/ HTTP/1.1\r\nHost: {teacher.Address.Authority}\r\n"
                    + $"Authorization: Bearer {teacher.Access}\r\nContent-Type: {form.Headers.ContentType}\r\n"
                    + $"Content-Length: {whole.Length}\r\nConnection: close\r\n\r\n"
            ),
            Ct
        );
        await connection.WriteAsync(whole.AsMemory(0, whole.Length / 2), Ct);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(connection);
        var reply = "";
        try
        {
            reply = await reader.ReadToEndAsync(Ct);
        }
        catch (IOException)
        {
            // The server may also end such a connection without a word.
        }

        Assert.True(reply.Length == 0 || reply.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), reply);
        Assert.Null(await Thumbnail(teacher, course));
    }
}
