using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace EduPro.LocalHosting;

/// <summary>A resource that this machine runs itself.</summary>
internal interface ILocalResource : IResource
{
    /// <summary>A resource that must be healthy first, whatever AppHost.cs says.</summary>
    IResource? Parent => null;

    /// <summary>Returns when the resource is healthy.</summary>
    Task StartAsync(LocalStack stack, CancellationToken ct);
}

/// <summary>Starts what can start side by side, in the order of WaitFor; stops it in reverse.</summary>
internal sealed class LocalStack : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(8);

    private readonly DistributedApplicationBuilder builder;
    private readonly List<SupervisedProcess> processes = [];
    private readonly List<IDisposable> inProcess = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly ResourceLoggerService loggers = new();
    private List<Task> starts = [];
    private Task? stop;

    public LocalStack(DistributedApplicationBuilder builder, bool testing)
    {
        this.builder = builder;
        Testing = testing;
        Folder = testing ? DataFolder.ForTests() : DataFolder.OfCheckout(builder.AppHostDirectory);
        if (StatusPageResource.For(builder.Configuration, testing) is { } page)
            History = builder.AddResource(page).Resource.History;
        Notifications = new(builder.Resources);
        Console = testing ? new LogFolderConsole(Folder.Logs, loggers) : new TerminalConsole(builder.Resources);
        if (History is not null)
            Console = new RecordingConsole(Console, History);
        Services = new ServiceCollection().AddSingleton(loggers).BuildServiceProvider();
    }

    public bool Testing { get; }
    public DataFolder Folder { get; }
    public StackConsole Console { get; }

    /// <summary>What the status page shows; null where there is none.</summary>
    public StackHistory? History { get; }
    public ResourceNotificationService Notifications { get; }
    public IServiceProvider Services { get; }
    public string OutputPath => builder.OutputPath;
    public string Name => builder.AppHostAssembly.GetName().Name!;
    public IEnumerable<IResource> Resources => builder.Resources;

    public bool RunsToCompletion(IResource resource) =>
        builder
            .Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>())
            .Any(wait => wait.Resource == resource && wait.WaitType == WaitType.WaitForCompletion);

    public Task StartAsync(CancellationToken ct)
    {
        Folder.Take();
        if (builder.Fresh)
            Folder.Empty();
        Console.Info($"Data: {Folder.Path}");
        var endpoints = builder
            .Resources.SelectMany(r =>
                r.Annotations.OfType<EndpointAnnotation>().Select(e => (Resource: r, Endpoint: e))
            )
            .ToList();
        Ports.Allocate(endpoints, ignoreWishes: Testing);
        var token = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, ct).Token;
        starts = [.. builder.Resources.Select(resource => StartAsync(resource, token))];
        return Task.CompletedTask;
    }

    public async Task WhenAllHealthyAsync(CancellationToken ct)
    {
        var healthy = builder.Resources.Select(r => Notifications.WaitForResourceHealthyAsync(r.Name, ct)).ToList();
        // The first failure is the story; the others only follow from it.
        await foreach (var task in Task.WhenEach(healthy).WithCancellation(ct))
            await task;
    }

    /// <summary>Ends when a part breaks that cannot be started again.</summary>
    public Task WhenBrokenAsync(CancellationToken ct) => broken.Task.WaitAsync(ct);

    /// <summary>Starts a process, restarts it when it ends (with back-off), and stops it with the stack.</summary>
    public SupervisedProcess Supervise(IResource resource, ProcessSpec spec, bool restart = true)
    {
        var process = new SupervisedProcess(resource, spec, Console, Notifications, restart, stopping.Token);
        lock (processes)
            processes.Add(process);
        process.Start();
        return process;
    }

    public void KeepUntilStop(IDisposable server)
    {
        lock (processes)
            inProcess.Add(server);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    public Task StopAsync()
    {
        lock (processes)
            return stop ??= Task.Run(StopOnceAsync);
    }

    public async Task ShowUrlsAsync()
    {
        var rows = new List<(string, string)>();
        foreach (var resource in builder.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
                rows.Add((resource.Name, endpoint.Url.ToString().TrimEnd('/')));
            if (resource is ParameterResource { Secret: false } parameter)
                rows.Add((resource.Name, await parameter.GetValueAsync(default) ?? ""));
        }
        Console.Table(rows, $"All healthy after {clock.Elapsed.TotalSeconds:0.0} s. Ctrl+C stops everything.");
    }

    private async Task StartAsync(IResource resource, CancellationToken ct)
    {
        try
        {
            if (resource is not ILocalResource local)
            {
                Notifications.Healthy(resource);
                return;
            }
            var waits = resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitAsync(resource, wait, ct));
            if (local.Parent is { } parent)
                waits = waits.Append(Notifications.WaitForResourceHealthyAsync(parent.Name, ct));
            await Task.WhenAll(waits);
            var since = clock.Elapsed;
            Notifications.Update(resource, status => status with { State = ResourceState.Starting });
            await local.StartAsync(this, ct);
            Notifications.Healthy(resource);
            Console.Info($"{resource.Name} is healthy after {(clock.Elapsed - since).TotalSeconds:0.0} s");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Notifications.Failed(resource, new DistributedApplicationException($"{resource.Name} was stopped."));
        }
        catch (Exception e)
        {
            var error = e as DistributedApplicationException ?? new($"{resource.Name} cannot start: {e.Message}", e);
            if (Testing && !error.Message.Contains(Folder.Logs, StringComparison.Ordinal))
                error = new($"{error.Message} (logs: {Folder.Logs})", error);
            Folder.KeepLogs = true;
            Notifications.Failed(resource, error);
            broken.TrySetException(error);
        }
    }

    private async Task WaitAsync(IResource resource, WaitAnnotation wait, CancellationToken ct)
    {
        if (wait.WaitType == WaitType.WaitUntilHealthy)
            await Notifications.WaitForResourceHealthyAsync(wait.Resource.Name, ct);
        else if (
            await Notifications.WaitForCompletionAsync(wait.Resource.Name, ct) is var code
            && code != wait.ExitCode
        )
            throw new DistributedApplicationException(
                $"{resource.Name} does not start: {wait.Resource.Name} ended with exit code {code}."
            );
    }

    private async Task StopOnceAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(starts);
        using var deadline = new CancellationTokenSource(StopWithin);
        foreach (var level in StopOrder())
            await Task.WhenAll(level.Select(process => process.StopAsync(deadline.Token)));
        inProcess.ForEach(server => server.Dispose());
        loggers.Complete();
        ProcessLauncher.Release();
        Folder.Dispose();
        stopping.Dispose();
    }

    /// <summary>What waits for another stops before it.</summary>
    private IEnumerable<IGrouping<int, SupervisedProcess>> StopOrder()
    {
        int Depth(IResource resource) =>
            resource
                .Annotations.OfType<WaitAnnotation>()
                .Select(wait => wait.Resource)
                .Append((resource as ILocalResource)?.Parent)
                .OfType<IResource>()
                .Select(dependency => 1 + Depth(dependency))
                .DefaultIfEmpty(0)
                .Max();

        return processes.GroupBy(process => Depth(process.Resource)).OrderByDescending(level => level.Key);
    }
}
