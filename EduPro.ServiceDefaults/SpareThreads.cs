using Microsoft.Extensions.Hosting;

namespace EduPro.ServiceDefaults;

/// <summary>
/// Gives the thread pool enough threads at once when all that it has wait. Npgsql cancels each statement of a server that
/// hangs on a thread of the pool, for as long as connecting may take, and the pool by itself adds two threads a second.
/// Always to have so many takes 40 MB, and a third of what a busy service answers.
/// </summary>
internal sealed class SpareThreads : IHostedService
{
    /// <summary>One for each connection to the database, and some for all else.</summary>
    private const int Many = 48;

    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(100),
        Calm = TimeSpan.FromSeconds(10);

    private volatile bool isStopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Watch) { IsBackground = true, Name = nameof(SpareThreads) }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        return Task.CompletedTask;
    }

    private void Watch()
    {
        ThreadPool.GetMinThreads(out var few, out var ports);
        var (done, calm) = (0L, Calm);
        // To await would need a thread of the pool.
        for (; !isStopping; Thread.Sleep(Pulse))
        {
            var before = done;
            done = ThreadPool.CompletedWorkItemCount;
            if (done == before && ThreadPool.PendingWorkItemCount > 0)
            {
                ThreadPool.SetMinThreads(Many, ports);
                calm = TimeSpan.Zero;
            }
            else if (calm < Calm && (calm += Pulse) >= Calm)
                ThreadPool.SetMinThreads(few, ports);
        }
    }
}
