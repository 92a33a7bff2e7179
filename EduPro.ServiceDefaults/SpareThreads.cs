using Microsoft.Extensions.Hosting;

namespace EduPro.ServiceDefaults;

/// <summary>
/// Gives the thread pool enough threads at once when all that it has wait. Npgsql cancels each statement of a server that
/// hangs on a thread of the pool, for as long as connecting may take, and the pool by itself adds two threads a second.
/// Always to have so many takes 40 MB, and a third of what a busy service answers: after a while without need it has few.
/// </summary>
internal sealed class SpareThreads : IHostedService
{
    /// <summary>One for each connection to the database, and some for all else.</summary>
    private const int Many = 48;

    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(250),
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
        ThreadPool.GetMaxThreads(out var most, out var mostPorts);
        // A service that starts is slow on each of them: it compiles.
        ThreadPool.SetMinThreads(Many, ports);
        var (work, calm) = (default(Work), TimeSpan.Zero);
        // To await would need a thread of the pool.
        for (; !isStopping; Thread.Sleep(Pulse))
        {
            var before = work;
            work = new Work(ThreadPool.CompletedWorkItemCount, ThreadPool.PendingWorkItemCount > 0);
            if (work.IsWaiting && work == before)
            {
                ThreadPool.SetMinThreads(Many, ports);
                calm = TimeSpan.Zero;
            }
            else if (calm < Calm && (calm += Pulse) >= Calm)
            {
                ThreadPool.SetMinThreads(few, ports);
                // A busy pool would keep about as many as it has.
                ThreadPool.SetMaxThreads(few, mostPorts);
                ThreadPool.SetMaxThreads(most, mostPorts);
            }
        }
    }

    /// <summary>Of the pool: how much it has done, and whether more waits.</summary>
    private readonly record struct Work(long Done, bool IsWaiting);
}
