using System.Diagnostics;
using System.Globalization;
using System.Text;
using EduPro.Data.Security;
using EduPro.Tests.Support;
using Konscious.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Tests.Accounts;

public sealed class HashingTests(Stack stack)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_logins_than_can_be_hashed_soon_are_turned_away_and_the_rest_of_the_API_goes_on()
    {
        await using var api = await ServiceProcess.Api(stack);
        using var visitor = api.Stranger(stack);
        (await visitor.Get("course/category/list/")).Expect(200);

        var flood = Enumerable.Range(0, 200).Select(_ => TryToLogIn(api)).ToArray();
        await Task.WhenAny(flood);
        var watch = Stopwatch.StartNew();
        (await visitor.Get("course/category/list/")).Expect(200);
        var waited = watch.Elapsed;
        var replies = await Task.WhenAll(flood);

        var refused = replies.Where(reply => reply.Status != 404).ToList();
        Assert.NotEmpty(refused);
        // The queue is 64 long, and no longer than that waits for an answer.
        Assert.InRange(replies.Length - refused.Count, 64, replies.Length - 1);
        foreach (var reply in refused)
        {
            reply.ExpectProblem(
                503,
                "Service unavailable",
                "The service is temporarily unavailable. Please try again later."
            );
            Assert.InRange(int.Parse(reply.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 10);
        }
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        (await TryToLogIn(api)).Expect(404);
    }

    [Theory]
    [InlineData(19456, 1)]
    [InlineData(8192, 2)]
    public async Task A_weaker_hash_is_replaced_at_the_next_login(int memory, int passes)
    {
        using var teacher = await stack.Teacher();
        var weak = Hash(teacher.Password, memory, passes);
        await using var db = await stack.Db();
        var user = db.Users.AsNoTracking().Where(u => u.Id == teacher.Id);
        await user.ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, weak), Ct);

        (await teacher.Post("teacher/login/", new { username = teacher.Username, password = "wrong" })).Expect(404);
        Assert.Equal(weak, (await user.SingleAsync(Ct)).PasswordHash);
        await teacher.LogIn("teacher/login/", teacher.Username, teacher.Password);

        var strong = (await user.SingleAsync(Ct)).PasswordHash;
        Assert.False(PasswordHash.IsOutdated(strong));
        (await teacher.Get("teacher/teacher-profile/")).Expect(200);
        await teacher.LogIn("teacher/login/", teacher.Username, teacher.Password);
        Assert.Equal(strong, (await user.SingleAsync(Ct)).PasswordHash);
    }

    private async Task<Reply> TryToLogIn(ServiceProcess api)
    {
        using var somebody = api.Stranger(stack);
        return await somebody.Post("teacher/login/", new { username = School.Unique("nobody"), password = "wrong" });
    }

    private static string Hash(string password, int memory, int passes)
    {
        byte[] salt = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        using var argon = new Argon2id(Encoding.UTF8.GetBytes(password))
        {
            Salt = salt,
            MemorySize = memory,
            Iterations = passes,
            DegreeOfParallelism = 1,
        };
        static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={memory},t={passes},p=1${Base64(salt)}${Base64(argon.GetBytes(32))}"
        );
    }
}
