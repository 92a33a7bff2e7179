using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace EduPro.LocalHosting;

/// <summary>The model of an AppHost as a test sees it, before anything runs.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// Stacks for tests: free ports for all, a throw-away data folder, PostgreSQL without fsync, and output in a log
/// folder that an error names.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class =>
        new Builder(await new TestingSession(typeof(TEntryPoint).Assembly, args).RunAsync(cancellationToken));

    private sealed class Builder(DistributedApplicationBuilder inner) : IDistributedApplicationTestingBuilder
    {
        private DistributedApplication? application;

        public ConfigurationManager Configuration => inner.Configuration;
        public string AppHostDirectory => inner.AppHostDirectory;
        public Assembly? AppHostAssembly => inner.AppHostAssembly;
        public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;
        public IList<IResource> Resources => inner.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource => inner.AddResource(resource);

        public DistributedApplication Build() => application ??= new(new LocalStack(inner, testing: true));

        public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult(Build());

        public async ValueTask DisposeAsync()
        {
            if (application is not null)
                await application.DisposeAsync();
        }
    }
}
