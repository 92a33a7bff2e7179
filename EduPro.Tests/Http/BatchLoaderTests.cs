using System.Collections.Concurrent;
using System.Threading.Channels;
using EduPro.Api.Http;
using EduPro.Data;

namespace EduPro.Tests.Http;

/// <summary>Several requests that read together. A number stands for a row, its tens for the key.</summary>
public sealed class BatchLoaderTests : IDisposable
{
    private const int Hangs = -1;

    private readonly Channel<bool> answers = Channel.CreateUnbounded<bool>();
    private readonly ConcurrentQueue<int[]> asked = new();
    private readonly BatchLoader<int, int> loader;

    public BatchLoaderTests() => loader = new BatchLoader<int, int>(Read, row => row / 10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => loader.Dispose();

    [Fact]
    public async Task What_is_asked_for_while_two_queries_run_goes_together_in_the_next()
    {
        var first = new[] { Get(1), Get(2) };
        Assert.Equal(
            [
                [1],
                [2],
            ],
            asked
        );
        var later = new[] { 1, 3, 4, 5, 4 }.Select(Get).ToArray();
        Assert.Equal(2, asked.Count);
        Answer(times: 3);
        Assert.Equal(
            [
                [11, 12],
                [21, 22],
            ],
            await Task.WhenAll(first)
        );
        Assert.Equal(
            [
                [11, 12],
                [31, 32],
                [41, 42],
                [51, 52],
                [41, 42],
            ],
            await Task.WhenAll(later)
        );
        Assert.Equal([1, 3, 4, 5], asked.Last());
        Assert.Equal(3, asked.Count);
    }

    [Fact]
    public async Task Who_asks_for_what_is_not_there_gets_nothing()
    {
        Answer(times: 1);
        Assert.Empty(await Get(0));
    }

    [Fact]
    public async Task Who_leaves_takes_nothing_from_the_others()
    {
        var running = new[] { Get(1), Get(2) };
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asksForAll = loader.Get(null!, 3, gone.Token);
        var left = loader.Get(null!, 4, gone.Token);
        var stays = Get(5);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Answer(times: 3);
        Assert.Equal([51, 52], await stays);
        Assert.Equal([31, 32], await asksForAll);
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task A_query_that_fails_fails_for_all_of_its_keys_and_the_next_is_asked_as_ever()
    {
        var running = new[] { Get(1), Get(2) };
        var together = new[] { Get(3), Get(4) };
        Answer(times: 2);
        answers.Writer.TryWrite(false);
        await Task.WhenAll(running);
        foreach (var failed in together)
            await Assert.ThrowsAsync<TimeoutException>(() => failed);
        Answer(times: 1);
        Assert.Equal([31, 32], await Get(3));
    }

    [Fact]
    public async Task Queries_that_hang_hold_up_nobody_else()
    {
        var hanging = new[] { Get(Hangs), Get(Hangs) };
        Answer(times: 1);
        Assert.Equal([31, 32], await Get(3));
        Assert.DoesNotContain(hanging, one => one.IsCompleted);
    }

    [Fact]
    public async Task More_keys_than_one_query_asks_for_are_asked_for_by_the_next()
    {
        var running = new[] { Get(1), Get(2) };
        var many = Enumerable.Range(100, 100).Select(Get).ToArray();
        Answer(times: 4);
        await Task.WhenAll([.. running, .. many]);
        Assert.Equal([1, 1, 36, 64], asked.Select(keys => keys.Length).Order());
    }

    private Task<List<int>> Get(int key) => loader.Get(null!, key, Ct);

    private void Answer(int times)
    {
        for (var i = 0; i < times; i++)
            answers.Writer.TryWrite(true);
    }

    private async IAsyncEnumerable<int> Read(EduProDb db, int[] keys)
    {
        Assert.True(keys.Length >= 10, "Postgres plans anew for so few.");
        asked.Enqueue([.. keys.Distinct()]);
        if (keys.Contains(Hangs))
            await Task.Delay(Timeout.Infinite, Ct);
        if (!await answers.Reader.ReadAsync(Ct))
            throw new TimeoutException();
        foreach (var key in keys.Distinct().Where(key => key > 0))
        {
            yield return (key * 10) + 1;
            yield return (key * 10) + 2;
        }
    }
}
