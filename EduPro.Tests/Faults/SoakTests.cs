using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using EduPro.Benchmarks;
using EduPro.Tests.Catalogue;
using EduPro.Tests.Media;
using EduPro.Tests.Support;
using static EduPro.Tests.Support.Patience;

namespace EduPro.Tests.Faults;

/// <summary>What a whole deployment takes when it works for long.</summary>
public sealed class SoakTests(Stack stack, ITestOutputHelper output)
{
    /// <summary>Reads a second that each replica answers, beside all that people do.</summary>
    private const double ReadRate = 100;

    /// <summary>The run in ten parts; what the third holds, the last may hold, and a little more.</summary>
    private const int Parts = 10,
        Warm = 2;

    private readonly ConcurrentQueue<string> failures = [];
    private readonly ConcurrentDictionary<string, int> done = [];
    private Deployment deployment = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Ten minutes; EDUPRO_SOAK_MINUTES=1 to try it.</summary>
    private static TimeSpan Length =>
        TimeSpan.FromMinutes(
            double.TryParse(
                Environment.GetEnvironmentVariable("EDUPRO_SOAK_MINUTES"),
                CultureInfo.InvariantCulture,
                out var minutes
            )
                ? minutes
                : 10
        );

    [Fact(Explicit = true)]
    public async Task Ten_minutes_of_everything_leave_memory_connections_and_handles_as_they_were_without_an_error()
    {
        await using var deployed = deployment = await Deployment.Start(stack, "soak");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var people = Task.WhenAll(
            Repeat("learners", perSecond: 3, Learn, ended.Token),
            Repeat("exams", perSecond: 2, SitAnExam, ended.Token),
            Repeat("exams left", perSecond: 0.2, LeaveAnExam, ended.Token),
            Repeat("pictures", perSecond: 0.5, ShowAPicture, ended.Token),
            Repeat("passwords", perSecond: 0.5, ForgetThePassword, ended.Token)
        );
        output.WriteLine(
            "| part | reads/s | p99 ms | done by people | MB | handles | threads | connections | unexpected |"
        );
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        var levels = new List<Levels>();
        for (var part = 1; part <= Parts; part++)
        {
            var seen = failures.Count;
            var reading = Task.WhenAll(deployment.Apis.Select(Read));
            levels.Add(Levels.Median(await Sample(reading)));
            var reads = await reading;
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {part} | {reads.Sum(r => r.Rate):0} | {reads.Max(r => r.P99):0} | {done.Values.Sum()} | {levels[^1]} | {failures.Count - seen} |"
                )
            );
        }
        await ended.CancelAsync();
        await people;
        output.WriteLine(string.Join(", ", done.OrderBy(some => some.Key).Select(some => $"{some.Value} {some.Key}")));

        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.Take(20)));
        await ExpectNothingLeftToDo();
        Assert.All(deployment.Apis.Concat(deployment.Workers), service => Assert.Empty(service.Failures));
        levels[^1].ExpectNoMoreThan(levels[Warm]);
    }

    /// <summary>Strangers, students and teachers who look around at a replica during one part.</summary>
    private async Task<LoadResult> Read(ServiceProcess api)
    {
        var server = new IPEndPoint(IPAddress.Loopback, api.Address.Port);
        var reads = Reads.Of(1, new People(server, scale: 1).Token).Where(read => read.Expected == 200).ToArray();
        var result = await Task.Run(() =>
            Load.Run(
                server,
                n => reads[n % reads.Length].Next(n / reads.Length),
                200,
                connections: 8,
                seconds: (Length / Parts).TotalSeconds,
                rate: ReadRate
            )
        );
        if (result.Unexpected > 0)
            failures.Enqueue($"{result.Unexpected} reads, such as {result.Example}");
        return result;
    }

    /// <summary>Logs in, enrols with a coupon, learns a course, rates it, and leaves.</summary>
    private async Task Learn(long n)
    {
        var number = 1 + n;
        var teacher = $"teacher{Seed.TeacherOf(number, 1)}";
        var course = Seed.DistinctCourse(n);
        var id = Seed.Id("course", course);
        using var learner = deployment.Stranger(n);
        await learner.LogIn($"student/login/{teacher}/", $"learner{number}", Seed.Password);
        (await learner.Enroll(id, $"D{n}")).Expect(201);
        for (var lesson = (20 * course) - 19; lesson <= (20 * course) - 15; lesson++)
        {
            (await learner.Patch($"lessons/{Seed.Id("lesson", lesson)}/status/", new { is_completed = true })).Expect(
                200
            );
        }
        (await learner.Post($"courses/{id}/ratings/create/", new { rating = 1 + (n % 5), comment = "Clear." })).Expect(
            201
        );
        learner.Access = (await learner.Post($"student/refresh/{teacher}/", new { refresh = learner.Refresh }))
            .Expect(200)["access"]
            .GetString()!;
        (await learner.Get($"course/course-enrollment-list/{teacher}/")).Expect(200);
        (await learner.Post("logout/")).Expect(200);
    }

    /// <summary>Begins an exam, saves as it goes, hands in fifty answers, and looks at the result.</summary>
    private async Task SitAnExam(long n)
    {
        using var student = deployment.Person("student", 1 + (n % Seed.Students));
        var attempt = await Deployment.Begin(student, 1 + (n % Seed.Students));
        var answers = Writes.Answers(1 + (n % Seed.Students), 1).ToArray();
        foreach (var answer in answers.Take(3))
            (await student.Save(attempt, answer)).Expect(200);
        (await student.Submit(attempt, answers)).Expect(200);
        (await student.Result(attempt)).Expect(200);
    }

    /// <summary>Begins an exam and is not seen again: a worker hands in what was saved.</summary>
    private async Task LeaveAnExam(long n)
    {
        // None of those who sit theirs meanwhile.
        var number = Seed.Students - n;
        using var student = deployment.Person("student", number);
        var attempt = await Deployment.Begin(student, number);
        (await student.Save(attempt, Writes.Answers(number, 1).First())).Expect(200);
        await deployment.End(attempt);
    }

    /// <summary>A teacher gives a course a picture that was not there before, and looks at it.</summary>
    private async Task ShowAPicture(long n)
    {
        using var teacher = deployment.Person("teacher", 1 + (n % Seed.Teachers));
        using var picture = Pictures.Plain(1200, 800, n % 256, n / 256 % 256, 90);
        var course = Seed.Id("course", Seed.Teachers + (n % Seed.Teachers));
        (
            await teacher.Patch($"course/update/{course}/", FilesTests.File("thumbnail", picture.JpegsaveBuffer()))
        ).Expect(200);
        var shown = (await teacher.Get($"course/course-detail/{course}/")).Expect(200);
        (await teacher.Get(new Uri(shown["thumbnail"].GetString()!).AbsolutePath)).Expect(200);
    }

    /// <summary>Asks for a one-time password; each fourth uses it, from the mail.</summary>
    private async Task ForgetThePassword(long n)
    {
        // The last ones: the first log in with the password that they had.
        var number = Seed.Learners - n;
        using var learner = deployment.Person("learner", number);
        using var forgetful = deployment.Stranger(n + 1);
        (await forgetful.Post("password-reset/request/", new { email = learner.Email })).Expect(200);
        if (n % 4 != 0)
            return;
        var otp = await stack.OtpFor(learner.Email);
        const string password = "Open-sesame-11";
        (
            await forgetful.Post(
                "password-reset/confirm/",
                new
                {
                    email = learner.Email,
                    otp,
                    new_password1 = password,
                    new_password2 = password,
                }
            )
        ).Expect(200);
        await forgetful.LogIn($"student/login/teacher{Seed.TeacherOf(number, 1)}/", learner.Username, password);
    }

    /// <summary>One after the other, so often if they are done in time. What goes wrong is noted, and the next one comes.</summary>
    private async Task Repeat(string what, double perSecond, Func<long, Task> act, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        for (var n = 0L; !ct.IsCancellationRequested; n++)
        {
            try
            {
                await act(n);
                done.AddOrUpdate(what, 1, (_, before) => before + 1);
            }
            catch (Exception e) when (!Ct.IsCancellationRequested)
            {
                failures.Enqueue($"{what} {n}: {e.Message}");
            }
            var early = TimeSpan.FromSeconds((n + 1) / perSecond) - watch.Elapsed;
            if (early > TimeSpan.Zero)
                await Task.Delay(early, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Every mail has been sent, once, and every exam that was left is closed.</summary>
    private async Task ExpectNothingLeftToDo()
    {
        await Until(() =>
            deployment.Ask<bool>(
                $"""
                SELECT NOT EXISTS (SELECT FROM outbox_mails WHERE sent_at IS NULL)
                    AND NOT EXISTS (SELECT FROM attempts WHERE status = 'InProgress')
                """
            )
        );
        Assert.Equal(
            await deployment.Ask<long>($"SELECT count(*) FROM outbox_mails"),
            (await deployment.Mails(atLeast: 1)).Count
        );
        await deployment.ExpectBooksBalance();
    }

    private async Task<List<Levels>> Sample(Task until)
    {
        var samples = new List<Levels>();
        do
        {
            await Task.WhenAny(until, Task.Delay(Length / Parts / 20, Ct));
            ServiceProcess[] services = [.. deployment.Apis, .. deployment.Workers];
            samples.Add(
                new Levels(
                    [.. services.Select(s => s.Memory)],
                    [.. services.Select(s => (long)s.Handles)],
                    [.. services.Select(s => (long)s.Threads)],
                    await deployment.Ask<long>(
                        $"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            );
        } while (!until.IsCompleted);
        return samples;
    }

    /// <summary>What the two replicas and the two workers hold, in this order.</summary>
    private sealed record Levels(long[] Memory, long[] Handles, long[] Threads, long Connections)
    {
        public static Levels Median(List<Levels> samples)
        {
            long Middle(Func<Levels, long> level) => samples.Select(level).Order().ElementAt(samples.Count / 2);
            long[] Each(Func<Levels, long[]> levels) =>
                [.. Enumerable.Range(0, levels(samples[0]).Length).Select(i => Middle(sample => levels(sample)[i]))];
            return new(Each(s => s.Memory), Each(s => s.Handles), Each(s => s.Threads), Middle(s => s.Connections));
        }

        /// <summary>A tenth more, and what code that is compiled anew, or a client more or less, may take.</summary>
        public void ExpectNoMoreThan(Levels before)
        {
            Expect("bytes of memory", before.Memory, Memory, 15_000_000);
            Expect("handles", before.Handles, Handles, 8);
            Expect("threads", before.Threads, Threads, 4);
            Expect("connections to the database", [before.Connections], [Connections], 4);

            static void Expect(string what, long[] before, long[] after, long slack) =>
                Assert.All(
                    before.Zip(after),
                    level =>
                        Assert.True(
                            level.Second <= (level.First * 11 / 10) + slack,
                            $"{level.First} {what} became {level.Second}."
                        )
                );
        }

        public override string ToString() =>
            string.Join(
                " | ",
                string.Join(' ', Memory.Select(bytes => bytes / 1_000_000)),
                string.Join(' ', Handles),
                string.Join(' ', Threads),
                Connections
            );
    }
}
