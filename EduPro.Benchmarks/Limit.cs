using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EduPro.Benchmarks;

/// <summary>
/// The limit: bare Kestrel, hand-written SQL over Npgsql, and a writer of JSON that knows its columns. It answers the
/// same bytes as the API, and does nothing else: no limits, no headers, no dialects.
/// </summary>
internal static class Limit
{
    private const string Course = """
        c.id, c.title, c.description, c.category_id AS "category.id", g.name AS "category.name", c.price,
        c.price = 0 AS is_free, c.thumbnail, c.trailer_video, c.is_published, c.max_enrollments, c.allowed_countries,
        c.teacher_id AS "teacher.id", u.username AS "teacher.username", u.first_name AS "teacher.first_name",
        u.last_name AS "teacher.last_name", c.created_at, c.updated_at, c.enrollment_count AS total_enrollments,
        c.lesson_count AS total_lessons, c.total_duration AS total_durations,
        CASE WHEN c.rating_count = 0 THEN 0 ELSE round(c.rating_sum::numeric / c.rating_count, 2)::double precision END
            AS average_rating,
        c.rating_count AS total_reviews, c.revenue AS total_revenue
        """;

    private const string Joined = "JOIN categories g ON g.id = c.category_id JOIN users u ON u.id = c.teacher_id";

    private static readonly Dictionary<string, string[]> Reads = new()
    {
        ["list"] =
        [
            $"""
                SELECT {Course} FROM (
                    SELECT * FROM courses WHERE is_published ORDER BY created_at DESC, id DESC LIMIT 5
                ) c {Joined} ORDER BY c.created_at DESC, c.id DESC
                """,
            "SELECT count(*) FROM courses WHERE is_published",
        ],
        ["detail"] = [$"SELECT {Course} FROM courses c {Joined} WHERE c.is_published AND c.id = $1::uuid"],
        ["modules"] =
        [
            """
                SELECT id, title, description, "order", lesson_count AS lessons_count, lesson_count AS total_lessons,
                    total_duration, price, price = 0 AS is_free, is_published, created_at
                FROM modules m
                WHERE course_id = $1::uuid AND is_published
                    AND EXISTS (SELECT FROM courses c WHERE c.id = m.course_id AND c.is_published)
                ORDER BY "order", id LIMIT 1000
                """,
        ],
        ["ratings"] =
        [
            """
                SELECT r.id, r.value AS rating, r.comment, r.student_id AS "student.id", u.username AS "student.username",
                    u.first_name AS "student.first_name", u.last_name AS "student.last_name",
                    u.first_name || ' ' || u.last_name AS "student.full_name", r.created_at
                FROM ratings r JOIN users u ON u.id = r.student_id
                WHERE r.course_id = $1::uuid
                    AND EXISTS (SELECT FROM courses c WHERE c.id = r.course_id AND c.is_published)
                ORDER BY r.created_at DESC, r.id DESC LIMIT 1000
                """,
        ],
        ["profile"] =
        [
            """
                SELECT t.id, u.username, u.first_name, u.last_name, trim(u.first_name || ' ' || u.last_name) AS full_name,
                    u.avatar, t.logo, u.bio, t.specialization, t.institution, t.experience_years, u.date_of_birth,
                    u.address, u.country, u.city, u.gender, u.created_at, t.course_count AS number_of_courses,
                    t.student_count AS number_of_students,
                    CASE WHEN t.rating_count = 0 THEN 0
                        ELSE round(t.rating_sum::numeric / t.rating_count, 2)::double precision END AS rating,
                    t.primary_color, t.primary_color_light, t.primary_color_dark, t.secondary_color, t.accent_color,
                    t.background_color
                FROM teachers t JOIN users u ON u.id = t.id
                WHERE u.username_key = $1 AND u.is_active
                """,
        ],
    };

    private const string Searched = $"""
        SELECT {Course} FROM (
            SELECT * FROM courses WHERE is_published AND search_text LIKE '%' || $1 || '%'
            ORDER BY CASE WHEN search_title = $1 THEN 0 WHEN search_title LIKE '%' || $1 || '%' THEN 1
                WHEN search_vector @@ to_tsquery('simple', $1 || ':*') THEN 3 ELSE 4 END, created_at DESC, id DESC
            LIMIT 20
        ) c {Joined}
        ORDER BY CASE WHEN search_title = $1 THEN 0 WHEN search_title LIKE '%' || $1 || '%' THEN 1
            WHEN search_vector @@ to_tsquery('simple', $1 || ':*') THEN 3 ELSE 4 END, c.created_at DESC, c.id DESC
        """;

    private const string FoundBefore = $"""
        SELECT {Course} FROM courses c {Joined} WHERE c.id = ANY($1) AND NOT search_changed_since($2, ARRAY[$3])
        ORDER BY array_position($1, c.id)
        """;

    private static readonly ConcurrentDictionary<string, (Guid[] Courses, string Snapshot)> Found = new();

    /// <summary>The name by which it tells what it spends.</summary>
    public const string Service = "limit";

    private static readonly string[] Objects = ["detail", "profile"];

    /// <summary>Serves until its input ends, with the process that started it at the latest. Prints its port.</summary>
    /// <param name="database">Connection string.</param>
    /// <param name="kept">What <c>/kept/0</c> and so on answer from memory.</param>
    public static async Task Serve(string database, byte[][] kept)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database)
            {
                MaxAutoPrepare = 20,
                AutoPrepareMinUsages = 2,
                MaxPoolSize = 40,
                NoResetOnClose = true,
                // As we have it: tables this small are otherwise read whole.
                Options = "-c random_page_cost=1.1",
            }
        );
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, 0);
            });
        await using var app = builder.Build();
        app.Run(context => Answer(context, source, kept));
        await app.StartAsync();
        Console.WriteLine(new Uri(app.Urls.First()).Port);
        await Console.In.ReadToEndAsync();
    }

    private static async Task Answer(HttpContext context, NpgsqlDataSource source, byte[][] kept)
    {
        var path = context.Request.Path.Value!.Split('/');
        var response = context.Response;
        if (path[1] == "known")
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ETag = "\"known\"";
            return;
        }
        response.ContentType = "application/json; charset=utf-8";
        if (path[1] == "kept")
        {
            var body = kept[int.Parse(path[2], CultureInfo.InvariantCulture)];
            response.ContentLength = body.Length;
            await response.BodyWriter.WriteAsync(body);
            return;
        }
        if (path[1] == "search")
        {
            await Search(path[2], response, source);
            return;
        }
        var statements = Reads[path[1]];
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement);
            if (path.Length > 2)
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = path[2] });
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync();
        await using var json = Writer(response);
        if (Objects.Contains(path[1]))
        {
            await reader.ReadAsync();
            WriteRow(json, reader);
        }
        else if (path[1] == "list")
        {
            // The count comes first in the envelope, so the rows wait.
            using var rows = new MemoryStream();
            await using var array = new Utf8JsonWriter(rows);
            await WriteRows(array, reader);
            await array.FlushAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            json.WriteStartObject();
            json.WriteNumber("count", reader.GetInt64(0));
            json.WriteString("next", $"http://{context.Request.Host}/api/course/list/?page=2");
            json.WriteNull("previous");
            json.WritePropertyName("results");
            json.WriteRawValue(rows.GetBuffer().AsSpan(0, (int)rows.Length), skipInputValidation: true);
            json.WriteEndObject();
        }
        else
            await WriteRows(json, reader);
    }

    /// <summary>Like the API, it searches once; nothing changes while it is asked.</summary>
    private static async Task Search(string word, HttpResponse response, NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        if (!Found.TryGetValue(word, out var found))
        {
            await using var search = new NpgsqlCommand(Searched, connection);
            search.Parameters.Add(new NpgsqlParameter<string> { TypedValue = word });
            var ids = new List<Guid>();
            await using (var reader = await search.ExecuteReaderAsync())
                while (await reader.ReadAsync())
                    ids.Add(reader.GetGuid(0));
            await using var snapshot = new NpgsqlCommand("SELECT search_snapshot()", connection);
            found = Found[word] = ([.. ids], (string)(await snapshot.ExecuteScalarAsync())!);
        }
        await using var again = new NpgsqlCommand(FoundBefore, connection);
        again.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = found.Courses });
        again.Parameters.Add(new NpgsqlParameter<string> { TypedValue = found.Snapshot });
        again.Parameters.Add(new NpgsqlParameter<string> { TypedValue = word });
        await using var courses = await again.ExecuteReaderAsync();
        await using var json = Writer(response);
        await WriteRows(json, courses);
    }

    private static Utf8JsonWriter Writer(HttpResponse response) =>
        new(
            response.BodyWriter,
            new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );

    private static async Task WriteRows(Utf8JsonWriter json, NpgsqlDataReader reader)
    {
        json.WriteStartArray();
        while (await reader.ReadAsync())
            WriteRow(json, reader);
        json.WriteEndArray();
    }

    private static void WriteRow(Utf8JsonWriter json, NpgsqlDataReader reader)
    {
        var inside = "";
        json.WriteStartObject();
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var name = reader.GetName(i);
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var outer = dot < 0 ? "" : name[..dot];
            if (outer != inside)
            {
                if (inside.Length > 0)
                    json.WriteEndObject();
                if (outer.Length > 0)
                    json.WriteStartObject(outer);
                inside = outer;
            }
            json.WritePropertyName(name.AsSpan(dot + 1));
            WriteValue(json, reader, i);
        }
        if (inside.Length > 0)
            json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, NpgsqlDataReader reader, int i)
    {
        if (reader.IsDBNull(i))
            json.WriteNullValue();
        else if (reader.GetFieldType(i) is var type && type == typeof(string))
            json.WriteStringValue(reader.GetString(i));
        else if (type == typeof(Guid))
            json.WriteStringValue(reader.GetGuid(i));
        else if (type == typeof(int))
            json.WriteNumberValue(reader.GetInt32(i));
        else if (type == typeof(bool))
            json.WriteBooleanValue(reader.GetBoolean(i));
        else if (type == typeof(double))
            json.WriteNumberValue(reader.GetDouble(i));
        else
        {
            Span<char> text = stackalloc char[32];
            var length = 0;
            if (type == typeof(decimal))
                reader.GetDecimal(i).TryFormat(text, out length, "F2", CultureInfo.InvariantCulture);
            else if (type == typeof(DateTime))
                reader
                    .GetDateTime(i)
                    .TryFormat(text, out length, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
            else
                throw new NotSupportedException($"No writer for {type}.");
            json.WriteStringValue(text[..length]);
        }
    }

    /// <summary>A process that serves the limit, and its address.</summary>
    public static async Task<(Process Process, IPEndPoint Server)> Start(string database, IEnumerable<byte[]> kept)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(Limit).Assembly.Location);
        start.ArgumentList.Add(Service);
        start.Environment["OTEL_SERVICE_NAME"] = Service;
        start.Environment["ConnectionStrings__edupro"] = database;
        var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(string.Join(' ', kept.Select(Convert.ToBase64String)));
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("No limit.");
        return (process, new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)));
    }
}
