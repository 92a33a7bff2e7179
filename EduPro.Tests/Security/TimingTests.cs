using System.Diagnostics;
using EduPro.Data.Security;
using EduPro.Tests.Support;

namespace EduPro.Tests.Security;

/// <summary>
/// The clock tells nobody who has an account. What would tell is a password that is hashed for the one and not for the
/// other: answers may differ by half of what that takes, here and now.
/// </summary>
public sealed class TimingTests(Stack stack)
{
    private const int Pairs = 7,
        Tries = 3;
    private const string Password = "Wrong-password-1";

    /// <summary>Does something for the first, second, ... time.</summary>
    private delegate Task Step(int number);

    [Fact]
    public Task A_login_takes_as_long_for_nobody_as_for_somebody() =>
        ExpectAlike(async () =>
        {
            using var teacher = await stack.Teacher();
            return (LogIn(teacher.Username), LogIn(School.Unique("nobody")));
        });

    [Fact]
    public Task To_ask_for_a_one_time_password_takes_as_long_for_nobody_as_for_somebody() =>
        ExpectAlike(async () => (Ask(await Somebody()), Ask(Nobody())));

    [Fact]
    public Task A_wrong_one_time_password_takes_as_long_for_nobody_as_for_somebody() =>
        ExpectAlike(async () =>
        {
            var somebody = await Somebody();
            for (var i = 0; i < Pairs; i++)
                await Ask(somebody)(i);
            return (Verify(somebody), Verify(Nobody()));
        });

    [Fact]
    public async Task The_hash_of_a_password_would_be_noticed()
    {
        Exception? told = null;
        for (var i = 0; i < Tries && told is null; i++)
            told = await Record.ExceptionAsync(() =>
                ExpectAlike(() => Task.FromResult<(Step, Step)>((Hash, _ => Task.CompletedTask)))
            );
        Assert.Contains("hash", Assert.IsType<Xunit.Sdk.FailException>(told).Message);
    }

    /// <summary>Repeats what seems to differ: others on this machine may have held up one of the two.</summary>
    private static async Task ExpectAlike(Func<Task<(Step Somebody, Step Nobody)>> begin)
    {
        var differences = new List<string>();
        for (var i = 0; i < Tries; i++)
        {
            var (somebody, nobody) = await begin();
            var quickest = await Quickest(somebody, nobody, Hash);
            if ((quickest[0] - quickest[1]).Duration() < quickest[2] / 2)
                return;
            differences.Add(
                $"{quickest[0].TotalMilliseconds:0.0} ms for somebody, {quickest[1].TotalMilliseconds:0.0} for nobody, {quickest[2].TotalMilliseconds:0.0} for a hash"
            );
        }
        Assert.Fail(string.Join('\n', differences));
    }

    /// <summary>
    /// Does the steps in turn, now this and now that one first. The quickest time of each, as what else this machine does
    /// only ever adds to it.
    /// </summary>
    private static async Task<TimeSpan[]> Quickest(params Step[] steps)
    {
        var times = steps.Select(_ => new List<TimeSpan>()).ToArray();
        for (var number = 0; number < Pairs; number++)
        for (var turn = 0; turn < steps.Length; turn++)
        {
            var which = (number + turn) % steps.Length;
            var since = Stopwatch.GetTimestamp();
            await steps[which](number);
            times[which].Add(Stopwatch.GetElapsedTime(since));
        }
        return [.. times.Select(each => each.Min())];
    }

    private static Task Hash(int number)
    {
        _ = PasswordHash.Create(Password);
        return Task.CompletedTask;
    }

    private Step LogIn(string username) =>
        async _ =>
        {
            using var stranger = stack.Stranger();
            (await stranger.Post("teacher/login/", new { username, password = Password })).Expect(404);
        };

    private async Task<string[]> Somebody()
    {
        var crowd = await stack.Crowd(Pairs);
        crowd.ForEach(one => one.Dispose());
        return [.. crowd.Select(one => one.Username + "@example.com")];
    }

    private static string[] Nobody() =>
        [.. Enumerable.Range(0, Pairs).Select(_ => School.Unique("nobody") + "@example.com")];

    private Step Ask(string[] emails) =>
        async number =>
        {
            using var stranger = stack.Stranger();
            var reply = await stranger.Post("password-reset/request/", new { email = emails[number] });
            Assert.True(reply.Status is 200 or 400, reply.Text);
        };

    private Step Verify(string[] emails) =>
        async number =>
        {
            using var stranger = stack.Stranger();
            var wrong = new { email = emails[number], otp = "none" };
            (await stranger.Post("password-reset/verify/", wrong)).Expect(400);
        };
}
