using Microsoft.Extensions.Configuration;

namespace EduPro.LocalHosting;

/// <summary>The members of Aspire that AppHost.cs uses, by the same names and shapes.</summary>
public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<AzurePostgresFlexibleServerResource> AddAzurePostgresFlexibleServer(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddResource(new AzurePostgresFlexibleServerResource(name));

    public static IResourceBuilder<AzurePostgresFlexibleServerResource> RunAsContainer(
        this IResourceBuilder<AzurePostgresFlexibleServerResource> builder,
        Action<IResourceBuilder<PostgresServerResource>>? configureContainer = null
    ) => builder.Inner(new PostgresServerResource(builder.Resource.Name), configureContainer);

    public static IResourceBuilder<AzurePostgresFlexibleServerDatabaseResource> AddDatabase(
        this IResourceBuilder<AzurePostgresFlexibleServerResource> builder,
        string name,
        string? databaseName = null
    ) =>
        builder.ApplicationBuilder.AddResource(
            new AzurePostgresFlexibleServerDatabaseResource(name, databaseName ?? name, builder.Resource)
        );

    public static IResourceBuilder<AzureManagedRedisResource> AddAzureManagedRedis(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddResource(new AzureManagedRedisResource(name));

    public static IResourceBuilder<AzureManagedRedisResource> RunAsContainer(
        this IResourceBuilder<AzureManagedRedisResource> builder,
        Action<IResourceBuilder<RedisResource>>? configureContainer = null
    ) => builder.Inner(new RedisResource(builder.Resource.Name), configureContainer);

    public static IResourceBuilder<AzureStorageResource> AddAzureStorage(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddResource(new AzureStorageResource(name));

    public static IResourceBuilder<AzureStorageResource> RunAsEmulator(
        this IResourceBuilder<AzureStorageResource> builder,
        Action<IResourceBuilder<AzureStorageEmulatorResource>>? configureContainer = null
    ) => builder.Inner(new AzureStorageEmulatorResource(builder.Resource.Name), configureContainer);

    public static IResourceBuilder<AzureBlobStorageResource> AddBlobs(
        this IResourceBuilder<AzureStorageResource> builder,
        string name
    ) => builder.ApplicationBuilder.AddResource(new AzureBlobStorageResource(name, builder.Resource));

    public static IResourceBuilder<AzureBlobStorageContainerResource> AddBlobContainer(
        this IResourceBuilder<AzureStorageResource> builder,
        string name,
        string? blobContainerName = null
    ) =>
        builder.ApplicationBuilder.AddResource(
            new AzureBlobStorageContainerResource(name, blobContainerName ?? name, builder.Resource)
        );

    // A checkout's data folder keeps what a volume would, and that of a test run nothing, asked for or not.
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder,
        string? name = null
    ) => builder;

    public static IResourceBuilder<AzureStorageEmulatorResource> WithDataVolume(
        this IResourceBuilder<AzureStorageEmulatorResource> builder,
        string? name = null
    ) => builder;

    public static IResourceBuilder<MailPitContainerResource> AddMailPit(
        this IDistributedApplicationBuilder builder,
        string name,
        int? httpPort = null,
        int? smtpPort = null
    ) => builder.AddResource(new MailPitContainerResource(name, httpPort, smtpPort));

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddResource(new ConnectionStringResource(name, () => builder.Configuration.GetConnectionString(name)));

    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder,
        string name,
        string url
    ) => builder.AddResource(new ExternalServiceResource(name, new(url)));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        bool secret = false
    ) =>
        builder.AddResource(
            new ParameterResource(
                name,
                () =>
                    builder.Configuration[$"Parameters:{name}"]
                    ?? throw new DistributedApplicationException($"Parameters:{name} is not configured."),
                secret
            )
        );

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false
    ) => builder.AddResource(new ParameterResource(name, () => value, secret));

    public static IResourceBuilder<DotnetProjectResource> AddDotnetProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string path
    ) =>
        builder.AddResource(
            new DotnetProjectResource(name, Path.GetFullPath(Path.Combine(builder.AppHostDirectory, path)))
        );

    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false
    )
        where T : IResourceWithEnvironment =>
        builder
            .WithRelationship(source.Resource, "Reference")
            .WithEnvironment(async context =>
            {
                if (await source.Resource.GetConnectionStringAsync() is { } value)
                    context.EnvironmentVariables[$"ConnectionStrings__{connectionName ?? source.Resource.Name}"] =
                        value;
                else if (!optional)
                    throw new DistributedApplicationException(
                        $"ConnectionStrings:{source.Resource.Name} is not configured."
                    );
            });

    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source
    )
        where T : IResourceWithEnvironment =>
        builder
            .WithRelationship(source.Resource, "Reference")
            .WithEnvironment(context =>
            {
                foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>())
                    context.AddService(source.Resource.Name, endpoint.Name, endpoint.Url);
                return Task.CompletedTask;
            });

    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<ExternalServiceResource> externalService
    )
        where T : IResourceWithEnvironment =>
        builder
            .WithRelationship(externalService.Resource, "Reference")
            .WithEnvironment(context =>
            {
                context.AddService(
                    externalService.Resource.Name,
                    externalService.Resource.Uri.Scheme,
                    externalService.Resource.Uri
                );
                return Task.CompletedTask;
            });

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        Func<EnvironmentCallbackContext, Task> callback
    )
        where T : IResourceWithEnvironment => builder.With(new EnvironmentCallbackAnnotation(callback));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[name] = value ?? "";
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        string name,
        IResourceBuilder<ParameterResource> parameter
    )
        where T : IResourceWithEnvironment =>
        builder
            .WithRelationship(parameter.Resource, "Reference")
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables[name] = parameter.Resource;
                return Task.CompletedTask;
            });

    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency
    )
        where T : IResourceWithWaitSupport =>
        builder.With(new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy));

    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        int exitCode = 0
    )
        where T : IResourceWithWaitSupport =>
        builder.With(new WaitAnnotation(dependency.Resource, WaitType.WaitForCompletion, exitCode));

    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null
    )
        where T : IResourceWithEndpoints => builder.With(new EndpointAnnotation("http", name ?? "http", port));

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
            endpoint.IsExternal = true;
        return builder;
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null
    )
        where T : IResourceWithEndpoints => builder.With(new HttpHealthCheckAnnotation(path ?? "/", statusCode ?? 200));

    /// <summary>Asks for a health check of the path too, as Aspire's does.</summary>
    public static IResourceBuilder<T> WithHttpProbe<T>(
        this IResourceBuilder<T> builder,
        ProbeType type,
        string? path = null
    )
        where T : IResourceWithEndpoints => builder.With(new ProbeAnnotation(type)).WithHttpHealthCheck(path);

    private static void AddService(this EnvironmentCallbackContext context, string name, string endpoint, Uri url)
    {
        var address = url.GetLeftPart(UriPartial.Authority);
        context.EnvironmentVariables[$"services__{name}__{endpoint}__0"] = address;
        context.EnvironmentVariables[$"{name}_{endpoint}".Replace('-', '_').ToUpperInvariant()] = address;
    }

    internal static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource to, string type)
        where T : IResource => builder.With(new ResourceRelationshipAnnotation(to, type));

    internal static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, IResourceAnnotation annotation)
        where T : IResource
    {
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }

    private static IResourceBuilder<T> Inner<T, TInner>(
        this IResourceBuilder<T> builder,
        TInner inner,
        Action<IResourceBuilder<TInner>>? configure
    )
        where T : IResource
        where TInner : IResource
    {
        configure?.Invoke(new InnerBuilder<TInner>(builder.ApplicationBuilder, inner));
        return builder;
    }

    private sealed record InnerBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource)
        : IResourceBuilder<T>
        where T : IResource;
}
