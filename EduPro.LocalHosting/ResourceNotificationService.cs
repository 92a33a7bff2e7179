using System.Collections.Concurrent;

namespace EduPro.LocalHosting;

/// <summary>A resource that reached the state that was waited for.</summary>
public sealed record ResourceEvent(IResource Resource);

/// <summary>What is known of each resource while the stack runs.</summary>
public sealed class ResourceNotificationService
{
    private readonly ConcurrentDictionary<string, State> states = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceNotificationService(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
            states[resource.Name] = new(resource);
    }

    /// <summary>Completes when the resource is healthy (a query, a PING, HTTP 200; not merely started).</summary>
    /// <exception cref="DistributedApplicationException">The resource, or one that it waits for, cannot start.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        CancellationToken cancellationToken = default
    )
    {
        var state = Find(resourceName);
        await state.Healthy.Task.WaitAsync(cancellationToken);
        return new(state.Resource);
    }

    internal async Task<int> WaitForCompletionAsync(string resourceName, CancellationToken ct) =>
        await Find(resourceName).Completed.Task.WaitAsync(ct);

    internal void Healthy(IResource resource) => states[resource.Name].Healthy.TrySetResult();

    internal void Completed(IResource resource, int exitCode) => states[resource.Name].Completed.TrySetResult(exitCode);

    internal void Failed(IResource resource, Exception error)
    {
        var state = states[resource.Name];
        state.Healthy.TrySetException(error);
        state.Completed.TrySetException(error);
        // Nobody may be waiting for it.
        _ = state.Healthy.Task.Exception;
        _ = state.Completed.Task.Exception;
    }

    private State Find(string name) =>
        states.TryGetValue(name, out var state)
            ? state
            : throw new DistributedApplicationException($"There is no resource '{name}'.");

    private sealed record State(IResource Resource)
    {
        public TaskCompletionSource Healthy { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource<int> Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
