using System.Diagnostics;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Work that comes round. Several workers may run it at once: a job claims what it works on in the database, and does
/// no harm when it finds nothing.
/// </summary>
internal interface IJob
{
    /// <summary>Does what is due and returns how much that was; a job that found work is run again at once.</summary>
    Task<int> Run(CancellationToken ct);
}

internal static class JobRegistration
{
    /// <summary>Runs the job in a scope of its own at start and then at the interval, later after failures.</summary>
    /// <param name="builder">The worker's.</param>
    /// <param name="every">The pause after a run that found nothing to do.</param>
    /// <param name="lanes">How many runs there may be side by side.</param>
    public static void AddJob<TJob>(this WebApplicationBuilder builder, TimeSpan every, int lanes = 1)
        where TJob : class, IJob
    {
        builder.Services.AddScoped<TJob>();
        for (var lane = 0; lane < lanes; lane++)
            builder.Services.AddSingleton<IHostedService>(services =>
                ActivatorUtilities.CreateInstance<JobLoop<TJob>>(services, every)
            );
    }
}

internal sealed partial class JobLoop<TJob>(
    TimeSpan every,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<TJob> logger
) : BackgroundService
    where TJob : class, IJob
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);
    private static readonly ActivitySource Activities = new(ServiceDefaults.ServiceDefaults.TelemetryName);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = every;
            try
            {
                var done = await RunOnce(stoppingToken);
                failures = 0;
                if (done > 0)
                    pause = TimeSpan.Zero;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                failures++;
                pause = TimeSpan.FromSeconds(
                    Math.Min(LongestBackOff.TotalSeconds, Math.Max(1, every.TotalSeconds) * Math.Pow(2, failures))
                );
                Failed(e, failures, pause);
            }
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> RunOnce(CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        using var activity = Activities.StartActivity(typeof(TJob).Name);
        await using var scope = scopes.CreateAsyncScope();
        var done = await scope.ServiceProvider.GetRequiredService<TJob>().Run(ct);
        if (done > 0)
            Done(done, (long)clock.GetElapsedTime(start).TotalMilliseconds);
        return done;
    }

    [LoggerMessage(LogLevel.Information, "Did {Count} in {Milliseconds} ms")]
    private partial void Done(int count, long milliseconds);

    [LoggerMessage(LogLevel.Error, "Failed {Failures} times in a row, next try in {Pause}")]
    private partial void Failed(Exception exception, int failures, TimeSpan pause);
}
