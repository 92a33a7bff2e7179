using System.Collections.ObjectModel;

namespace EduPro.LocalHosting;

/// <summary>A part of the stack, known by its name.</summary>
public interface IResource
{
    string Name { get; }
    ResourceAnnotationCollection Annotations { get; }
}

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithWaitSupport : IResource;

public interface IComputeResource : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string as a client on this machine needs it; known once the stack has its ports.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);
}

/// <summary>Covariant, so that one WaitFor or WithReference takes every kind of resource.</summary>
public interface IResourceBuilder<out T>
    where T : IResource
{
    IDistributedApplicationBuilder ApplicationBuilder { get; }
    T Resource { get; }
}

public interface IResourceAnnotation;

public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

public abstract class Resource(string name) : IResource
{
    public string Name { get; } = name;
    public ResourceAnnotationCollection Annotations { get; } = [];
}

public enum WaitType
{
    WaitUntilHealthy,
    WaitForCompletion,
}

public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;
    public WaitType WaitType { get; } = waitType;
    public int ExitCode { get; } = exitCode;
}

public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;
    public string Type { get; } = type;
}

public sealed class EndpointAnnotation(string uriScheme, string name, int? port) : IResourceAnnotation
{
    public string UriScheme { get; } = uriScheme;
    public string Name { get; } = name;

    /// <summary>The port that was asked for; none means any free one.</summary>
    public int? Port { get; set; } = port;
    public bool IsExternal { get; set; }

    /// <summary>Whether another port is taken where the one that was asked for is held.</summary>
    internal bool AnyPortWillDo { get; init; }
    internal int AllocatedPort { get; set; }
    internal Uri Url => new($"{UriScheme}://localhost:{AllocatedPort}");
}

public sealed class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource
)
{
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;
    public IResource Resource { get; } = resource;

    /// <summary>Texts, and parameters whose values are asked for when the process starts.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = [];
}

public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

public enum ProbeType
{
    Startup,
    Readiness,
    Liveness,
}

public sealed class ProbeAnnotation(ProbeType type) : IResourceAnnotation
{
    public ProbeType Type { get; } = type;
}

internal sealed record HttpHealthCheckAnnotation(string Path, int StatusCode) : IResourceAnnotation;

/// <summary>A fault of the stack that its reader can act on; shown without a stack trace.</summary>
public sealed class DistributedApplicationException(string message, Exception? inner = null)
    : Exception(message, inner);
