using Azure.Core;
using Azure.Core.Extensions;
using Azure.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace EduPro.ServiceDefaults.Local;

/// <summary>The members of Aspire's client packages that we use, under the same names and signatures.</summary>
internal static class AspireClients
{
    public static void AddAzureNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<AzureNpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null
    )
        where TContext : DbContext
    {
        var settings = new AzureNpgsqlEntityFrameworkCorePostgreSQLSettings
        {
            ConnectionString = builder.Configuration.GetConnectionString(connectionName),
        };
        configureSettings?.Invoke(settings);
        builder.Services.AddDbContextPool<TContext>(options =>
        {
            options.UseNpgsql(settings.ConnectionString);
            configureDbContextOptions?.Invoke(options);
        });
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
        if (!settings.DisableTracing)
            telemetry.WithTracing(tracing => tracing.AddSource("Npgsql"));
    }

    public static AspireRedisClientBuilder AddRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    )
    {
        var settings = new StackExchangeRedisSettings
        {
            ConnectionString = builder.Configuration.GetConnectionString(connectionName),
        };
        configureSettings?.Invoke(settings);
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = ConfigurationOptions.Parse(Required(settings.ConnectionString, connectionName));
            configureOptions?.Invoke(options);
            return ConnectionMultiplexer.Connect(options);
        });
        return new AspireRedisClientBuilder();
    }

    /// <summary>Local Redis servers know no Entra ID: the connection string is all there is.</summary>
    public static AspireRedisClientBuilder WithAzureAuthentication(
        this AspireRedisClientBuilder builder,
        TokenCredential? credential = null
    ) => builder;

    public static void AddAzureBlobServiceClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<AzureStorageBlobsSettings>? configureSettings = null,
        Action<IAzureClientBuilder<BlobServiceClient, BlobClientOptions>>? configureClientBuilder = null
    )
    {
        var settings = new AzureStorageBlobsSettings
        {
            ConnectionString = builder.Configuration.GetConnectionString(connectionName),
        };
        configureSettings?.Invoke(settings);
        builder.Services.AddAzureClients(clients =>
        {
            var client = clients.AddBlobServiceClient(Required(settings.ConnectionString, connectionName));
            configureClientBuilder?.Invoke(client);
        });
    }

    private static string Required(string? connectionString, string name) =>
        connectionString ?? throw new InvalidOperationException($"Set ConnectionStrings:{name}.");
}

internal sealed class AzureNpgsqlEntityFrameworkCorePostgreSQLSettings
{
    public string? ConnectionString { get; set; }
    public bool DisableRetry { get; set; }
    public bool DisableHealthChecks { get; set; }
    public bool DisableTracing { get; set; }
}

internal sealed class StackExchangeRedisSettings
{
    public string? ConnectionString { get; set; }
    public bool DisableHealthChecks { get; set; }
    public bool DisableTracing { get; set; }
}

internal sealed class AzureStorageBlobsSettings
{
    public string? ConnectionString { get; set; }
    public bool DisableHealthChecks { get; set; }
}

internal sealed class AspireRedisClientBuilder;
