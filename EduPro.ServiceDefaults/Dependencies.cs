using Azure.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using StackExchange.Redis;

namespace EduPro.ServiceDefaults;

/// <summary>How a service gets its database, cache and blobs, each with its readiness check.</summary>
public static class Dependencies
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A pooled, retrying DbContext on the connection string <c>edupro</c>. Statements are prepared on the server
    /// after their second use. A server that cannot be reached is reported after two seconds; one that hangs two after
    /// <paramref name="longestStatement"/>: Npgsql first connects once more, to cancel the statement. Section
    /// <c>Database</c> has the last word on both.
    /// </summary>
    public static void AddDatabase<TContext>(
        this IHostApplicationBuilder builder,
        TimeSpan longestStatement,
        Action<DbContextOptionsBuilder> configure
    )
        where TContext : DbContext
    {
        builder.AddAzureNpgsqlDbContext<TContext>(
            "edupro",
            settings =>
            {
                settings.DisableRetry = true;
                settings.DisableHealthChecks = true;
                settings.DisableTracing = !builder.IsTraced();
                // First, because Entity Framework looks for it in the string each time that it opens a connection.
                const string noAmbientTransactions = "Enlist=false;";
                settings.ConnectionString = new NpgsqlConnectionStringBuilder(
                    noAmbientTransactions + settings.ConnectionString
                )
                {
                    MaxAutoPrepare = 100,
                    // Disks here have no arm to move: an index is worth its look-ups.
                    Options = "-c random_page_cost=1.1",
                    MaxPoolSize = 40,
                    // Kept when idle. Npgsql closes as many as it mostly sees idle, all at once after five minutes: nearly
                    // all of a replica that answers quickly, which then opens them anew while requests wait.
                    MinPoolSize = 16,
                    // What a transaction sets for its session ends with it: there is nothing to reset.
                    NoResetOnClose = true,
                    Timeout = builder.Configuration.GetValue("Database:ConnectSeconds", 2),
                    CommandTimeout = builder.Configuration.GetValue(
                        "Database:StatementSeconds",
                        (int)longestStatement.TotalSeconds
                    ),
                    CancellationTimeout = 300,
                    // To ask for it would be one more answer to wait for, also when cancelling.
                    GssEncryptionMode = GssEncryptionMode.Disable,
                }.ConnectionString;
            },
            options =>
            {
                options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new Retries(dependencies)));
                configure(options);
            }
        );
        builder.Services.AddHostedService<SpareThreads>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck<TContext>>("database", timeout: CheckTimeout);
    }

    /// <summary>
    /// An <see cref="IConnectionMultiplexer"/> on the connection string <c>cache</c> that starts without its server
    /// and gives up on a command after 250 ms: what lives in Redis has a fallback.
    /// </summary>
    public static void AddCache(this IHostApplicationBuilder builder)
    {
        builder
            .AddRedisClientBuilder(
                "cache",
                settings =>
                {
                    settings.DisableHealthChecks = true;
                    settings.DisableTracing = !builder.IsTraced();
                },
                options =>
                {
                    options.AbortOnConnectFail = false;
                    options.ConnectTimeout = 2000;
                    options.AsyncTimeout = 250;
                    options.SyncTimeout = 250;
                    options.BacklogPolicy = BacklogPolicy.FailFast;
                }
            )
            .WithAzureAuthentication();
        builder.Services.AddHealthChecks().AddCheck<CacheCheck>("cache", HealthStatus.Degraded, timeout: CheckTimeout);
    }

    /// <summary>
    /// A <see cref="BlobServiceClient"/> on the connection string <c>blobs</c> that tries twice and so reports storage
    /// that is away within seconds.
    /// </summary>
    public static void AddBlobs(this IHostApplicationBuilder builder)
    {
        builder.AddAzureBlobServiceClient(
            "blobs",
            settings => settings.DisableHealthChecks = true,
            client =>
                client.ConfigureOptions(options =>
                {
                    options.Retry.MaxRetries = 1;
                    options.Retry.Delay = TimeSpan.FromMilliseconds(100);
                    options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
                })
        );
        builder.Services.AddHealthChecks().AddCheck<BlobsCheck>("blobs", HealthStatus.Degraded, timeout: CheckTimeout);
    }

    /// <summary>
    /// Retries after deadlocks and lost connections; not after a time-out, which has cost the time that a caller has.
    /// </summary>
    private sealed class Retries(ExecutionStrategyDependencies dependencies)
        : NpgsqlRetryingExecutionStrategy(dependencies, 4, TimeSpan.FromMilliseconds(300), errorCodesToAdd: null)
    {
        /// <summary>
        /// Asked by Entity Framework to know whether to copy each result before its rows are used. Without a copy, what
        /// is lost before the first row is retried as well, and what is lost between two rows is not.
        /// </summary>
        public override bool RetriesOnFailure => false;

        protected override bool ShouldRetryOn(Exception? exception) =>
            exception switch
            {
                TimeoutException or NpgsqlException { InnerException: TimeoutException } => false,
                // A connection that is killed while it prepares a statement fails in Npgsql 10.0.3 with "Please file a
                // bug" or a null reference instead of as lost.
                NpgsqlException and not PostgresException or NullReferenceException { Source: "Npgsql" } => true,
                _ => base.ShouldRetryOn(exception),
            };
    }

    private sealed class DatabaseCheck<TContext>(TContext db) : IHealthCheck
        where TContext : DbContext
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct) =>
            await db.Database.CanConnectAsync(ct)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database does not answer.");
    }

    private sealed class CacheCheck(IConnectionMultiplexer redis) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct)
        {
            await redis.GetDatabase().PingAsync();
            return HealthCheckResult.Healthy();
        }
    }

    private sealed class BlobsCheck(BlobServiceClient blobs) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct)
        {
            await foreach (var _ in blobs.GetBlobContainersAsync(cancellationToken: ct).AsPages(pageSizeHint: 1))
                break;
            return HealthCheckResult.Healthy();
        }
    }
}
