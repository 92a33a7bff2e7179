using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EduPro.Benchmarks;
using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static EduPro.Tests.Support.Patience;

namespace EduPro.Tests.Faults;

/// <summary>Two replicas and two workers of which one of each is lost, or which lose all connections to their database.</summary>
public sealed class ReplicasTests(Stack stack, ITestOutputHelper output)
{
    private const int Clients = 8,
        Forgetful = 12,
        Left = 12;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_one_of_each_is_killed_the_others_fail_nobody_and_do_the_work_of_both()
    {
        await using var deployment = await Deployment.Start(stack, "killed");
        deployment.Mail.Hang();
        var asked = await ForgetPasswords(deployment);
        await Until(async () => await MailsOnTheirWay(deployment) == 2);
        var left = await BeginExams(deployment);
        var (enrolled, handedIn) = (new ConcurrentBag<(long, long)>[] { [], [] }, new ConcurrentBag<Guid>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        async Task Work(int client, int replica)
        {
            using var learner = deployment.Person("learner", 1 + (2 * client) + replica, replica);
            using var student = deployment.Person("student", 1 + (2 * client) + replica, replica);
            for (var course = 1; !stop.IsCancellationRequested; course++)
            {
                (await learner.Enroll(Seed.Id("course", course))).Expect(201);
                enrolled[replica].Add((1 + (2 * client) + replica, course));
                if (course % 4 != 0)
                    continue;
                var attempt = await Deployment.Begin(student, 1 + (2 * client) + replica);
                var answers = Writes.Answers(1 + (2 * client) + replica, 1).ToArray();
                (await student.Submit(attempt, answers)).Expect(200);
                handedIn.Add(attempt);
            }
        }
        var clients = Enumerable.Range(0, Clients).ToList();
        var doomed = clients.ConvertAll(client => Work(client, replica: 0));
        var spared = clients.ConvertAll(client => Work(client, replica: 1));
        await Until(() => enrolled[0].Count >= 50 && enrolled[1].Count >= 50);
        await deployment.End(left);
        await Task.WhenAll(deployment.Apis[0].Kill(), deployment.Workers[0].Kill());
        var before = enrolled[1].Count;
        deployment.Mail.Pass();

        foreach (var client in doomed)
            await Assert.ThrowsAsync<HttpRequestException>(() => client);
        await Until(() => enrolled[1].Count >= before + 50 || spared.Exists(client => client.IsFaulted));
        await stop.CancelAsync();
        await Task.WhenAll(spared);
        output.WriteLine(
            $"Acknowledged: {enrolled[0].Count} and {enrolled[1].Count} enrolments, {handedIn.Count} submissions"
        );

        await ExpectEnrolled(deployment, [.. enrolled[0], .. enrolled[1]]);
        var whole = handedIn.ToArray();
        Assert.NotEmpty(whole);
        Assert.Equal(
            (whole.Length, 0),
            (
                await deployment.Ask<long>(
                    $"SELECT count(*) FROM attempts WHERE id = ANY ({whole}) AND status = 'Graded'"
                ),
                await NotWhole(deployment)
            )
        );
        await ExpectClosed(deployment, left);
        Assert.Equal(asked.Order(), (await AddressesOfMails(deployment, asked.Count)).Order());
    }

    [Fact]
    public async Task When_one_is_asked_to_end_its_clients_go_to_the_other_and_see_no_failure()
    {
        await using var deployment = await Deployment.Start(stack, "ended");
        var enrolled = new ConcurrentBag<(long, long)>();
        var moved = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        // Who loses a connection repeats itself at the other replica, as a balancer does, and is known by the key.
        async Task Work(int number)
        {
            using var first = deployment.Person("learner", number, replica: 0);
            using var second = deployment.Person("learner", number, replica: 1);
            var there = first;
            for (var course = 1; !stop.IsCancellationRequested; course++)
            {
                var (id, key) = (Seed.Id("course", course), Guid.CreateVersion7().ToString());
                Reply reply;
                try
                {
                    reply = await there.Enroll(id, key: key);
                }
                catch (HttpRequestException) when (there == first)
                {
                    there = second;
                    Interlocked.Increment(ref moved);
                    reply = await there.Enroll(id, key: key);
                }
                reply.Expect(201);
                enrolled.Add((number, course));
            }
        }
        var clients = Enumerable.Range(1, Clients).Select(Work).ToList();
        await Until(() => enrolled.Count >= 50);
        var watch = Stopwatch.StartNew();
        deployment.Apis[0].Terminate();
        Assert.Equal(0, await deployment.Apis[0].Ended());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        output.WriteLine($"Ended after {watch.ElapsedMilliseconds} ms");
        var before = enrolled.Count;
        await Until(() => enrolled.Count >= before + 50 || clients.Exists(client => client.IsFaulted));
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Equal(Clients, moved);
        Assert.Empty(deployment.Apis[0].Failures);
        await ExpectEnrolled(deployment, [.. enrolled]);
    }

    [Fact]
    public async Task Of_a_thousand_writes_under_lost_connections_each_acknowledged_one_is_there_once()
    {
        await using var deployment = await Deployment.Start(stack, "failover");
        var left = await BeginExams(deployment);
        var teachers = Enumerable.Range(1, 20).Select(n => deployment.Person("teacher", n)).ToArray();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var killing = Task.Run(() => KillConnections(deployment, stop.Token), Ct);
        await deployment.End(left);
        var forgetting = ForgetPasswords(deployment);
        var acknowledged = new ConcurrentBag<Guid>();
        var others = new ConcurrentBag<Reply>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1000),
            new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = Ct },
            async (i, _) =>
            {
                var reply = await teachers[i % teachers.Length]
                    .Post(
                        "teacher/assessments/",
                        new
                        {
                            title = string.Create(CultureInfo.InvariantCulture, $"Failover {i}"),
                            description = "",
                            assessment_type = "exam",
                            duration_minutes = 30,
                            passing_score = 60,
                        }
                    );
                if (reply.Status == 201)
                    acknowledged.Add(reply["id"].GetGuid());
                else
                    others.Add(reply);
            }
        );
        var asked = await forgetting;
        await stop.CancelAsync();
        var killed = await killing;

        output.WriteLine($"{killed} connections killed, {acknowledged.Count} writes acknowledged, {others.Count} not");
        Assert.InRange(killed, 10, int.MaxValue);
        Assert.InRange(acknowledged.Count, 500, 1000);
        // Not acknowledged is what was told to come back, or what was written and found there by its own repetition.
        Assert.All(
            others,
            reply =>
                Assert.True(
                    reply.Status is 503 or 400,
                    $"{reply.Status} {reply.Text}\n{string.Join('\n', deployment.Apis.Select(api => api.Output))}"
                )
        );
        await using var db = deployment.Db();
        var stored = await db
            .Assessments.Where(a => a.Title.StartsWith("Failover"))
            .Select(a => new { a.Id, a.Title })
            .ToListAsync(Ct);
        Assert.Subset(stored.Select(a => a.Id).ToHashSet(), acknowledged.ToHashSet());
        Assert.Equal(stored.Count, stored.Select(a => a.Title).Distinct().Count());
        await ExpectClosed(deployment, left);
        // A connection that is lost between a mail and its commit sends the mail again.
        Assert.Equal(asked.ToHashSet(), (await AddressesOfMails(deployment, asked.Count)).ToHashSet());
        foreach (var teacher in teachers)
            teacher.Dispose();
    }

    /// <summary>Learners ask for one-time passwords, at both replicas; their addresses.</summary>
    private static async Task<List<string>> ForgetPasswords(Deployment deployment)
    {
        var asked = new List<string>();
        for (var n = 1; n <= Forgetful; n++)
        {
            using var stranger = deployment.Stranger(n);
            var email = $"learner{Seed.Learners - n}{deployment.MailDomain}";
            Reply reply;
            do reply = await stranger.Post("password-reset/request/", new { email });
            while (reply.Status == 503);
            reply.Expect(200);
            asked.Add(email);
        }
        return asked;
    }

    /// <summary>A worker's transaction is open as long as its mail is on its way.</summary>
    private static Task<long> MailsOnTheirWay(Deployment deployment) =>
        deployment.Ask<long>(
            $"""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%outbox_mails%'
            """
        );

    private static async Task<IEnumerable<string>> AddressesOfMails(Deployment deployment, int atLeast)
    {
        await Until(async () =>
            await deployment.Ask<bool>($"SELECT NOT EXISTS (SELECT FROM outbox_mails WHERE sent_at IS NULL)")
        );
        return (await deployment.Mails(atLeast)).Select(mail =>
            mail.GetProperty("to")[0].GetProperty("address").GetString()!
        );
    }

    /// <summary>Running attempts of students, at both replicas, each with an answer that is saved.</summary>
    private static async Task<Guid[]> BeginExams(Deployment deployment)
    {
        var attempts = new Guid[Left];
        for (var i = 0; i < Left; i++)
        {
            var number = Seed.Students - i;
            using var student = deployment.Person("student", number);
            attempts[i] = await Deployment.Begin(student, number);
            (await student.Save(attempts[i], Writes.Answers(number, 1).First())).Expect(200);
        }
        return attempts;
    }

    /// <summary>Closed once each, with what was saved.</summary>
    private static async Task ExpectClosed(Deployment deployment, Guid[] attempts)
    {
        await Until(async () =>
            await deployment.Ask<long>(
                $"SELECT count(*) FROM attempts WHERE id = ANY ({attempts}) AND status <> 'InProgress' AND ran_out"
            ) == attempts.Length
        );
        Assert.Equal(0, await NotWhole(deployment));
    }

    /// <summary>How many attempts that are over have not one answer for each question, or have some though they run.</summary>
    private static Task<long> NotWhole(Deployment deployment) =>
        deployment.Ask<long>(
            $"""
            SELECT count(*) FROM attempts t WHERE number > 1
                AND (SELECT count(*) FROM answers WHERE attempt_id = t.id) <> CASE status WHEN 'InProgress' THEN 0 ELSE 50 END
            """
        );

    private static async Task ExpectEnrolled(Deployment deployment, IEnumerable<(long Learner, long Course)> enrolled)
    {
        await using var db = deployment.Db();
        var stored = await db.Enrollments.Select(e => new { e.StudentId, e.CourseId }).ToListAsync(Ct);
        Assert.Subset(
            stored.Select(e => (e.StudentId, e.CourseId)).ToHashSet(),
            enrolled.Select(e => (Seed.Id("learner", e.Learner), Seed.Id("course", e.Course))).ToHashSet()
        );
        Assert.Equal(stored.Count, stored.Distinct().Count());
        await deployment.ExpectBooksBalance();
    }

    /// <summary>As a failover does, in mid-transaction; how many there were.</summary>
    private static async Task<int> KillConnections(Deployment deployment, CancellationToken ct)
    {
        var killed = 0;
        await using var connection = new NpgsqlConnection(deployment.Database);
        await connection.OpenAsync(ct);
        await using var kill = connection.CreateCommand();
        kill.CommandText = $"""
            SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity
            WHERE datname = current_database() AND application_name <> '{Deployment.Test}'
            """;
        while (!ct.IsCancellationRequested)
        {
            killed += (int)(await kill.ExecuteScalarAsync(CancellationToken.None))!;
            await Task.Delay(200, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return killed;
    }
}
