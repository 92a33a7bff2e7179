using System.Collections.Concurrent;
using System.Diagnostics;
using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

/// <summary>
/// How long logins take, with and without an account, and how many a second there are. Run it alone:
/// <c>dotnet run --project EduPro.Tests -- --filter-class "*AccountFigures" --explicit only --output Detailed</c>.
/// </summary>
public sealed class AccountFigures(Stack stack, ITestOutputHelper output)
{
    private const int Tries = 200,
        AtOnce = 16,
        LoginsEach = 15,
        GetsEach = 500;

    [Fact(Explicit = true)]
    public async Task Logins_and_reads()
    {
        // Ten failures lock an account: so many share the wrong passwords.
        var teachers = new List<Caller>();
        for (var i = 0; i < Tries / 8; i++)
            teachers.Add(await stack.Teacher());

        var (unknown, wrong) = (new List<double>(), new List<double>());
        for (var i = 0; i < Tries; i++)
        {
            var teacher = teachers[i % teachers.Count];
            unknown.Add(await Time(teacher, School.Unique("nobody"), "wrong", 404));
            wrong.Add(await Time(teacher, teacher.Username, "wrong", 404));
        }
        Report("login of nobody", unknown);
        Report("login with a wrong password", wrong);

        var logins = new ConcurrentBag<double>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            teachers
                .Take(AtOnce)
                .Select(async teacher =>
                {
                    for (var i = 0; i < LoginsEach; i++)
                        logins.Add(await Time(teacher, teacher.Username, teacher.Password, 200));
                })
        );
        output.WriteLine($"{logins.Count / Stopwatch.GetElapsedTime(start).TotalSeconds:0} logins a second");
        Report($"login, {AtOnce} at once", logins);

        var reads = new ConcurrentBag<double>();
        await Task.WhenAll(
            teachers
                .Take(2)
                .Select(async teacher =>
                {
                    for (var i = 0; i < GetsEach; i++)
                    {
                        var at = Stopwatch.GetTimestamp();
                        (await teacher.Get("teacher/teacher-profile/")).Expect(200);
                        reads.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                    }
                })
        );
        Report("authenticated GET", reads);
        teachers.ForEach(teacher => teacher.Dispose());
    }

    private static async Task<double> Time(Caller caller, string username, string password, int status)
    {
        var start = Stopwatch.GetTimestamp();
        (await caller.Post("teacher/login/", new { username, password })).Expect(status);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private void Report(string what, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        output.WriteLine(
            $"{what}: p50 {sorted[sorted.Count / 2]:0.0} ms, p99 {sorted[sorted.Count * 99 / 100]:0.0} ms"
        );
    }
}
