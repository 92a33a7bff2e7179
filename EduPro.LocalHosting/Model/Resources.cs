namespace EduPro.LocalHosting;

public sealed class AzurePostgresFlexibleServerDatabaseResource(
    string name,
    string databaseName,
    AzurePostgresFlexibleServerResource parent
) : Resource(name), IResourceWithConnectionString, ILocalResource
{
    public AzurePostgresFlexibleServerResource Parent { get; } = parent;
    public string DatabaseName { get; } = databaseName;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"{Parent.Server.ConnectionString};Database={DatabaseName}");

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) =>
        Parent.Server.CreateDatabaseAsync(DatabaseName, ct);

    IResource? ILocalResource.Parent => Parent;
}

public sealed class AzurePostgresFlexibleServerResource : Resource, IResourceWithConnectionString, ILocalResource
{
    public AzurePostgresFlexibleServerResource(string name)
        : base(name)
    {
        Server = new(this);
        Annotations.Add(Server.Endpoint);
    }

    internal PostgresServer Server { get; }

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new(Server.ConnectionString);

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) => Server.StartAsync(stack, ct);
}

/// <summary>The inner resource of RunAsContainer, which only carries options here.</summary>
public sealed class PostgresServerResource(string name) : Resource(name);

public sealed class RedisResource(string name) : Resource(name);

public sealed class AzureStorageEmulatorResource(string name) : Resource(name);

public sealed class AzureManagedRedisResource : Resource, IResourceWithConnectionString, ILocalResource
{
    private readonly CacheServer server;

    public AzureManagedRedisResource(string name)
        : base(name)
    {
        server = new(this);
        Annotations.Add(server.Endpoint);
    }

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"localhost:{server.Endpoint.AllocatedPort}");

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) => server.StartAsync(stack, ct);
}

public sealed class AzureStorageResource : Resource, IResourceWithEndpoints, ILocalResource
{
    public AzureStorageResource(string name)
        : base(name)
    {
        Server = new(this);
        Annotations.Add(Server.Endpoint);
    }

    internal BlobServer Server { get; }

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) => Server.StartAsync(stack, ct);
}

public sealed class AzureBlobStorageResource(string name, AzureStorageResource parent)
    : Resource(name),
        IResourceWithConnectionString,
        ILocalResource
{
    public AzureStorageResource Parent { get; } = parent;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new(Parent.Server.ConnectionString);

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) => Task.CompletedTask;

    IResource? ILocalResource.Parent => Parent;
}

public sealed class AzureBlobStorageContainerResource(string name, string containerName, AzureStorageResource parent)
    : Resource(name),
        IResourceWithConnectionString,
        ILocalResource
{
    public AzureStorageResource Parent { get; } = parent;
    public string BlobContainerName { get; } = containerName;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"{Parent.Server.ConnectionString};ContainerName={BlobContainerName}");

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) =>
        Parent.Server.CreateContainerAsync(BlobContainerName, ct);

    IResource? ILocalResource.Parent => Parent;
}

public sealed class MailPitContainerResource
    : Resource,
        IResourceWithConnectionString,
        IResourceWithEndpoints,
        ILocalResource
{
    private readonly MailServer server;

    public MailPitContainerResource(string name, int? httpPort, int? smtpPort)
        : base(name)
    {
        server = new(this, httpPort, smtpPort);
        Annotations.Add(server.Http);
        Annotations.Add(server.Smtp);
    }

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"Endpoint=smtp://localhost:{server.Smtp.AllocatedPort}");

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) => server.StartAsync(stack, ct);
}

/// <summary>A connection string that comes from configuration (<c>ConnectionStrings:name</c>).</summary>
public sealed class ConnectionStringResource(string name, Func<string?> value)
    : Resource(name),
        IResourceWithConnectionString
{
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(value());
}

public sealed class ExternalServiceResource(string name, Uri uri) : Resource(name)
{
    public Uri Uri { get; } = uri;
}

public sealed class ParameterResource(string name, Func<string> value, bool secret) : Resource(name)
{
    public bool Secret { get; } = secret;

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(value());
}

/// <summary>One of our own services, built with the AppHost and run from its output folder.</summary>
public sealed class DotnetProjectResource(string name, string projectPath)
    : Resource(name),
        IResourceWithEnvironment,
        IResourceWithServiceDiscovery,
        IResourceWithWaitSupport,
        IComputeResource,
        ILocalResource
{
    public string ProjectPath { get; } = projectPath;

    Task ILocalResource.StartAsync(LocalStack stack, CancellationToken ct) => DotnetService.StartAsync(this, stack, ct);
}
