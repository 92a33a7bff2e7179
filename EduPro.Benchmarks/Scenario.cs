using System.Globalization;
using System.Text;

namespace EduPro.Benchmarks;

/// <summary>One kind of request, asked over and over.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Next">The n-th request.</param>
/// <param name="Limit">The n-th request of the limit that does the same; null where none is measured.</param>
internal sealed record Scenario(
    string Name,
    Func<long, ReadOnlyMemory<byte>> Next,
    Func<long, ReadOnlyMemory<byte>>? Limit = null
)
{
    public int Expected { get; init; } = 200;

    /// <summary>How many connections ask where other scenarios have one.</summary>
    public int Crowd { get; init; } = 1;

    /// <summary>Answers per second to reach.</summary>
    public double? TargetRate { get; init; }

    /// <summary>The part of the limit to reach.</summary>
    public double? TargetRatio { get; init; }
}

/// <summary>Requests as bytes.</summary>
internal static class Requests
{
    public static byte[] Of(
        string method,
        string path,
        string? token = null,
        string? json = null,
        string? headers = null
    ) =>
        Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}{headers}{(json is null ? "" : $"Content-Type: application/json\r\nContent-Length: {Encoding.ASCII.GetByteCount(json)}\r\n")}\r\n{json}"
            )
        );

    /// <summary>GET requests of so many paths in turn, made once.</summary>
    public static Func<long, ReadOnlyMemory<byte>> InTurn(
        int count,
        Func<int, string> path,
        Func<int, string>? token = null,
        string? headers = null
    )
    {
        var made = Enumerable
            .Range(0, count)
            .Select(n => Of("GET", path(n), token?.Invoke(n), headers: headers))
            .ToArray();
        return n => made[n % made.Length];
    }

    /// <summary>
    /// GET requests of so many paths in turn, each with a parameter that no other had, so that no cache knows it.
    /// </summary>
    public static Func<long, ReadOnlyMemory<byte>> Unknown(int count, Func<int, string> path)
    {
        var paths = Enumerable.Range(0, count).Select(path).ToArray();
        var asked = Environment.TickCount64;
        return n =>
        {
            var to = paths[n % count];
            var mark = to.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            return Of(
                "GET",
                string.Create(CultureInfo.InvariantCulture, $"{to}{mark}unknown={Interlocked.Increment(ref asked)}")
            );
        };
    }
}
