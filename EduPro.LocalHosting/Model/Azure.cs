namespace EduPro.LocalHosting;

// What AppHost.cs says of Azure. Nothing of it exists on this machine: in publish mode it stays a model that tests read.

public sealed class AzureContainerAppEnvironmentResource(string name) : Resource(name);

public interface IAppIdentityResource;

/// <summary>The identity that all services share.</summary>
public sealed class AzureUserAssignedIdentityResource(string name) : Resource(name), IAppIdentityResource;

public sealed class AzureKeyVaultResource(string name) : Resource(name);

/// <summary>A secret of a vault, as an environment variable takes it.</summary>
public interface IAzureKeyVaultSecretReference
{
    string SecretName { get; }
}

public sealed class AzureKeyVaultSecretResource(string name, string secretName, AzureKeyVaultResource parent)
    : Resource(name),
        IAzureKeyVaultSecretReference
{
    public string SecretName { get; } = secretName;
    public AzureKeyVaultResource Parent { get; } = parent;
}

public sealed class AzureResourceInfrastructure;

public sealed class ContainerApp
{
    public ContainerAppTemplate Template { get; } = new();
}

public sealed class ContainerAppTemplate
{
    public ContainerAppScale Scale { get; } = new();
}

public sealed class ContainerAppScale
{
    public int MinReplicas { get; set; }
    public int MaxReplicas { get; set; }
    public IList<ContainerAppScaleRule> Rules { get; set; } = [];
}

public sealed class ContainerAppScaleRule
{
    public string? Name { get; set; }
    public ContainerAppHttpScaleRule? Http { get; set; }
}

public sealed class ContainerAppHttpScaleRule
{
    public Dictionary<string, string> Metadata { get; } = [];
}

public sealed class AppIdentityAnnotation(IAppIdentityResource identity) : IResourceAnnotation
{
    public IAppIdentityResource IdentityResource { get; } = identity;
}

public sealed class AzureContainerAppJobCustomizationAnnotation : IResourceAnnotation;

public sealed class AzureContainerAppCustomizationAnnotation(
    Action<AzureResourceInfrastructure, ContainerApp> configure
) : IResourceAnnotation
{
    public Action<AzureResourceInfrastructure, ContainerApp> Configure { get; } = configure;
}

public static class AzureExtensions
{
    public static IResourceBuilder<AzureContainerAppEnvironmentResource> AddAzureContainerAppEnvironment(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddResource(new AzureContainerAppEnvironmentResource(name));

    public static IResourceBuilder<AzureUserAssignedIdentityResource> AddAzureUserAssignedIdentity(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddResource(new AzureUserAssignedIdentityResource(name));

    public static IResourceBuilder<AzureKeyVaultResource> AddAzureKeyVault(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddResource(new AzureKeyVaultResource(name));

    public static IResourceBuilder<AzureKeyVaultSecretResource> AddSecret(
        this IResourceBuilder<AzureKeyVaultResource> builder,
        string name,
        string secretName,
        IResourceBuilder<ParameterResource> parameterResource
    ) =>
        builder
            .ApplicationBuilder.AddResource(new AzureKeyVaultSecretResource(name, secretName, builder.Resource))
            .WithRelationship(parameterResource.Resource, "Reference");

    public static IResourceBuilder<T> WithAzureUserAssignedIdentity<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<AzureUserAssignedIdentityResource> identityResourceBuilder
    )
        where T : IComputeResource => builder.With(new AppIdentityAnnotation(identityResourceBuilder.Resource));

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        string name,
        IAzureKeyVaultSecretReference secretReference
    )
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[name] = secretReference;
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> PublishAsAzureContainerAppJob<T>(this IResourceBuilder<T> resource)
        where T : IComputeResource => resource.With(new AzureContainerAppJobCustomizationAnnotation());

    public static IResourceBuilder<T> PublishAsAzureContainerApp<T>(
        this IResourceBuilder<T> project,
        Action<AzureResourceInfrastructure, ContainerApp> configure
    )
        where T : IComputeResource => project.With(new AzureContainerAppCustomizationAnnotation(configure));
}
