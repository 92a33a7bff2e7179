using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using EduPro.Api.Http;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;

namespace EduPro.Benchmarks;

/// <summary>The people of the data set, as callers of an API.</summary>
/// <param name="keys">The API's; null for those of development.</param>
internal sealed class People(IPEndPoint server, int scale, MasterKeys? keys = null)
{
    private readonly ConcurrentDictionary<string, string> tokens = new();

    private readonly Tokens issuer = new(
        Microsoft.Extensions.Options.Options.Create(new TokenOptions { AccessLifetime = TimeSpan.FromHours(12) }),
        keys ?? MasterKeys.OfDevelopment,
        TimeProvider.System
    );

    /// <summary>
    /// An access token of the n-th teacher, student or learner, in the session that the data set has. Thousands of
    /// logins would take minutes, and are measured by a scenario of their own.
    /// </summary>
    public string Token(string kind, long n) =>
        tokens.GetOrAdd(
            kind + n.ToString(CultureInfo.InvariantCulture),
            _ =>
                issuer.Access(
                    Seed.Id(kind, n),
                    kind == "teacher" ? UserType.Teacher : UserType.Student,
                    Seed.Id("session" + kind, n)
                )
        );

    /// <summary>Running attempts of so many, each at the exam of their teacher.</summary>
    /// <seealso cref="Seed.Taker"/>
    public async Task<Guid[]> StartAttempts(int count)
    {
        var attempts = new Guid[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                var (kind, number) = Seed.Taker(i);
                var teacher = Seed.TeacherOf(number, scale);
                var path = $"/api/student/assessments/{Seed.Id("assessment", teacher)}/teacher{teacher}/start/";
                var started = await Ask(Requests.Of("POST", path, Token(kind, number)));
                attempts[i] = JsonElement.Parse(started).GetProperty("attempt_id").GetGuid();
            }
        );
        return attempts;
    }

    /// <summary>The body of a good answer.</summary>
    /// <exception cref="InvalidOperationException">The answer was not good.</exception>
    public Task<byte[]> Ask(ReadOnlyMemory<byte> request) => Ask(request, server);

    /// <inheritdoc cref="Ask(ReadOnlyMemory{byte})"/>
    public static async Task<byte[]> Ask(ReadOnlyMemory<byte> request, IPEndPoint server)
    {
        using var client = new Client(server);
        var status = await client.Ask(request);
        return status is >= 200 and < 300
            ? client.Content()
            : throw new InvalidOperationException(
                $"{status} for {Encoding.ASCII.GetString(request.Span)}\n{Encoding.UTF8.GetString(client.Body)}"
            );
    }
}
