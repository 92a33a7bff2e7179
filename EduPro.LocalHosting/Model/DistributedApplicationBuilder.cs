using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace EduPro.LocalHosting;

/// <summary>What the model is for: to run, or (only as a model here, Aspire deploys it) to publish.</summary>
public sealed class DistributedApplicationExecutionContext(bool isPublishMode)
{
    public bool IsRunMode => !IsPublishMode;
    public bool IsPublishMode { get; } = isPublishMode;
}

public interface IDistributedApplicationBuilder
{
    /// <summary>appsettings.json of the AppHost, user secrets, environment, command line; the later wins.</summary>
    ConfigurationManager Configuration { get; }
    string AppHostDirectory { get; }
    Assembly? AppHostAssembly { get; }
    DistributedApplicationExecutionContext ExecutionContext { get; }
    IList<IResource> Resources { get; }
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;
    DistributedApplication Build();
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly TestingSession? testing;

    public DistributedApplicationBuilder(string[] args)
    {
        testing = TestingSession.Current.Value;
        args = [.. args, .. testing?.Args ?? []];
        AppHostAssembly = testing?.AppHost ?? Assembly.GetEntryAssembly()!;
        AppHostDirectory = Metadata("apphostprojectpath");
        OutputPath = Metadata("apphostoutputpath");
        Fresh = args.Contains("--fresh");
        Configuration
            .SetBasePath(AppHostDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddUserSecrets(AppHostAssembly, optional: true)
            .AddEnvironmentVariables()
            // A switch without a value is no configuration.
            .AddCommandLine([.. args.Where(arg => arg is not ("--fresh" or "--demo"))]);
        ExecutionContext = new(isPublishMode: Configuration["operation"] == "publish");
    }

    public ConfigurationManager Configuration { get; } = new();
    public string AppHostDirectory { get; }
    public Assembly AppHostAssembly { get; }
    Assembly? IDistributedApplicationBuilder.AppHostAssembly => AppHostAssembly;
    public DistributedApplicationExecutionContext ExecutionContext { get; }
    public IList<IResource> Resources { get; } = [];

    /// <summary>Where a project's build puts its files, relative to the project.</summary>
    public string OutputPath { get; }
    public bool Fresh { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"Two resources are called '{resource.Name}'.");
        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        if (testing is not null)
            throw testing.HandOver(this);
        if (ExecutionContext.IsPublishMode)
            throw new DistributedApplicationException("Publishing needs Aspire: build with -p:UseAspire=true.");
        return new(new LocalStack(this, testing: false));
    }

    private string Metadata(string key) =>
        AppHostAssembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value
        ?? throw new DistributedApplicationException($"{AppHostAssembly.GetName().Name} was built without {key}.");

    private sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource)
        : IResourceBuilder<T>
        where T : IResource;
}
