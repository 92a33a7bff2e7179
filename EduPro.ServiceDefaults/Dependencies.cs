using Azure.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StackExchange.Redis;

namespace EduPro.ServiceDefaults;

/// <summary>How a service gets its database, cache and blobs, each with its readiness check.</summary>
public static class Dependencies
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A pooled, retrying DbContext on the connection string <c>edupro</c>. Statements are prepared on the server
    /// after their second use; an unreachable server is reported within five seconds.
    /// </summary>
    public static void AddDatabase<TContext>(
        this IHostApplicationBuilder builder,
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
                settings.ConnectionString = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
                {
                    MaxAutoPrepare = 100,
                    MaxPoolSize = 40,
                    Timeout = 3,
                    CommandTimeout = 15,
                }.ConnectionString;
            },
            options =>
            {
                options.UseNpgsql(npgsql =>
                    npgsql.EnableRetryOnFailure(4, TimeSpan.FromMilliseconds(300), errorCodesToAdd: null)
                );
                configure(options);
            }
        );
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
                settings => settings.DisableHealthChecks = true,
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
