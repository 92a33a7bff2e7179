using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EduPro.LocalHosting;

/// <summary>A resource that reached the state that was waited for.</summary>
public sealed record ResourceEvent(IResource Resource);

internal enum ResourceState
{
    Waiting,
    Starting,
    Running,
    Restarting,
    Finished,
    Failed,
}

/// <summary>How a resource is doing.</summary>
/// <param name="Health">What the last check said; null before it, and where nothing runs.</param>
/// <param name="Note">Why it is not well.</param>
/// <param name="Since">When what runs was started.</param>
/// <param name="ProcessId">Null where this process itself, or another resource's, does the work.</param>
internal sealed record ResourceStatus(
    ResourceState State,
    HealthStatus? Health = null,
    string? Note = null,
    DateTimeOffset? Since = null,
    int? ProcessId = null,
    int Restarts = 0
);

/// <summary>What is known of each resource while the stack runs.</summary>
public sealed class ResourceNotificationService
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

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

    internal void Healthy(IResource resource)
    {
        Update(
            resource,
            status =>
                status.State is ResourceState.Finished or ResourceState.Failed
                    ? status
                    : status with
                    {
                        State = ResourceState.Running,
                        Health = HealthStatus.Healthy,
                        Since = status.Since ?? TimeProvider.System.GetUtcNow(),
                    }
        );
        states[resource.Name].Healthy.TrySetResult();
    }

    internal void Completed(IResource resource, int exitCode) => states[resource.Name].Completed.TrySetResult(exitCode);

    internal void Failed(IResource resource, Exception error)
    {
        Update(resource, status => status with { State = ResourceState.Failed, Health = null, Note = error.Message });
        var state = states[resource.Name];
        state.Healthy.TrySetException(error);
        state.Completed.TrySetException(error);
        // Nobody may be waiting for it.
        _ = state.Healthy.Task.Exception;
        _ = state.Completed.Task.Exception;
    }

    internal ResourceStatus StatusOf(IResource resource) => states[resource.Name].Status;

    internal void Update(IResource resource, Func<ResourceStatus, ResourceStatus> change)
    {
        var state = states[resource.Name];
        lock (state)
            state.Status = change(state.Status);
    }

    /// <summary>Adds to what <see cref="CheckAllAsync"/> asks of a resource.</summary>
    internal void Check(IResource resource, Func<CancellationToken, Task<string?>> check)
    {
        var state = states[resource.Name];
        lock (state)
            state.Checks = [.. state.Checks, check];
    }

    /// <summary>Asks all that runs how it is.</summary>
    internal Task CheckAllAsync(CancellationToken ct) =>
        Task.WhenAll(
            states
                .Values.Where(state => state.Status.State == ResourceState.Running && state.Checks.Count > 0)
                .Select(state => CheckAsync(state, ct))
        );

    private async Task CheckAsync(State state, CancellationToken ct)
    {
        var asked = state.Status;
        var (health, note) = (HealthStatus.Healthy, (string?)null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(CheckTimeout);
        try
        {
            foreach (var check in state.Checks)
                if (await check(patience.Token) is { } degraded)
                    (health, note) = (HealthStatus.Degraded, degraded);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            (health, note) = (
                HealthStatus.Unhealthy,
                patience.IsCancellationRequested ? $"no answer within {CheckTimeout.TotalSeconds} s" : e.Message
            );
        }
        // An answer about a process that has ended meanwhile says nothing of the next.
        Update(
            state.Resource,
            status =>
                status.State == asked.State && status.Since == asked.Since
                    ? status with
                    {
                        Health = health,
                        Note = note,
                    }
                    : status
        );
    }

    private State Find(string name) =>
        states.TryGetValue(name, out var state)
            ? state
            : throw new DistributedApplicationException($"There is no resource '{name}'.");

    private sealed class State(IResource resource)
    {
        public IResource Resource => resource;
        public TaskCompletionSource Healthy { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource<int> Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public ResourceStatus Status { get; set; } = new(ResourceState.Waiting);
        public IReadOnlyList<Func<CancellationToken, Task<string?>>> Checks { get; set; } = [];
    }
}
