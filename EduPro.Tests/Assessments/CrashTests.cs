using System.Diagnostics.Metrics;
using EduPro.Data;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EduPro.Tests.Assessments;

public sealed class CrashTests(Stack stack)
{
    [Fact]
    public async Task What_was_saved_outlives_the_killing_of_the_api()
    {
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var exam = await teacher.Exam();
        var attempt = await student.Begin(teacher, exam.Id);

        await using (var api = await ServiceProcess.Api(stack))
        {
            using var there = api.As(student);
            (await there.Save(attempt, new { question = exam.Essay, text_answer = "Acknowledged" })).Expect(200);
        }

        var resumed = (await student.Start(teacher, exam.Id)).Expect(200);
        Assert.Equal("Acknowledged", resumed["answers.0.text_answer"].GetString());
    }

    [Fact]
    public async Task Several_workers_close_each_expired_attempt_once()
    {
        var ct = TestContext.Current.CancellationToken;
        using var teacher = await stack.Teacher();
        using var student = await stack.Student(teacher);
        var attempts = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            var assessment = await teacher.Assessment();
            var question = await teacher.Question(assessment, "essay");
            var attempt = await student.Begin(teacher, assessment);
            (await student.Save(attempt, new { question, text_answer = "Saved" })).Expect(200);
            attempts.Add(attempt);
        }
        await using var database = await stack.Database();
        await using var expire = database.CreateCommand();
        expire.CommandText = "UPDATE attempts SET expires_at = expires_at - interval '1 hour' WHERE id = ANY ($1)";
        expire.Parameters.Add(new Npgsql.NpgsqlParameter { Value = attempts.ToArray() });
        Assert.Equal(12, await expire.ExecuteNonQueryAsync(ct));

        // These three, and the worker of the stack.
        var connection = await stack.ConnectionString("edupro");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Work(connection, ct)));

        await using var check = database.CreateCommand();
        check.CommandText = """
            SELECT count(*) FILTER (WHERE status = 'Submitted' AND ran_out AND submitted_at = expires_at),
                (SELECT count(*) FROM answers WHERE attempt_id = ANY ($1) AND text_answer = 'Saved')
            FROM attempts WHERE id = ANY ($1)
            """;
        check.Parameters.Add(new Npgsql.NpgsqlParameter { Value = attempts.ToArray() });
        await using var counts = await check.ExecuteReaderAsync(ct);
        Assert.True(await counts.ReadAsync(ct));
        Assert.Equal((12L, 12L), (counts.GetInt64(0), counts.GetInt64(1)));
    }

    /// <summary>Does what a worker does until nothing is left, also of what another holds.</summary>
    private static async Task Work(string connection, CancellationToken ct)
    {
        var options = new DbContextOptionsBuilder<EduProDb>().UseNpgsql(connection).UseSnakeCaseNamingConvention();
        await using var db = new EduProDb(options.Options);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var counted = new Measured(meters, "edupro.attempts.closed");
        var closed = 0;
        var job = new CloseExpiredAttempts(db, TimeProvider.System, meters, NullLogger<CloseExpiredAttempts>.Instance);
        do
        {
            closed += await job.Run(ct);
        } while (
            await db
                .Database.SqlQuery<bool>(
                    $"""
                    SELECT EXISTS (
                        SELECT 1 FROM attempts WHERE status = 'InProgress' AND expires_at < now() - interval '2 seconds'
                    ) AS "Value"
                    """
                )
                .SingleAsync(ct)
        );
        Assert.Equal(closed, counted.Values.Sum(long.Parse));
    }
}
