using System.Text.RegularExpressions;

namespace EduPro.Tests.Hosting;

/// <summary>What AppHost.cs says, to run here and to publish to Azure, without starting anything.</summary>
public sealed partial class AppModelTests
{
    [Fact]
    public async Task Here_everything_stands_in_for_something()
    {
        await using var builder = await Model();
        Assert.Superset(
            new HashSet<string>
            {
                "postgres",
                "edupro",
                "cache",
                "storage",
                "blobs",
                "media",
                "documents",
                "mail",
                "vdocipher",
                "migrations",
                "api",
                "worker",
                "admin-username",
                "admin-email",
                "admin-password",
            },
            builder.Resources.Select(resource => resource.Name).ToHashSet()
        );
        Assert.DoesNotContain(
            builder.Resources,
            resource => resource.Name is "vault" or "identity" or "apps" or "api-2"
        );
        Assert.Equal(8000, Of(builder, "api").Annotations.OfType<EndpointAnnotation>().Single().Port);
    }

    [Fact]
    public async Task Services_wait_for_what_they_need()
    {
        await using var builder = await Model("--Api:Replicas=2");
        foreach (var service in new[] { "api", "api-2", "worker" })
        {
            var waits = Waits(builder, service);
            Assert.Contains(("migrations", WaitType.WaitForCompletion), waits);
            foreach (var dependency in new[] { "cache", "media", "documents", "vdocipher" })
                Assert.Contains((dependency, WaitType.WaitUntilHealthy), waits);
            Assert.Superset(
                new HashSet<string> { "edupro", "cache", "blobs", "vdocipher" },
                References(builder, service)
            );
        }
        Assert.Contains(("mail", WaitType.WaitUntilHealthy), Waits(builder, "worker"));
        Assert.Contains(("edupro", WaitType.WaitUntilHealthy), Waits(builder, "migrations"));
    }

    [Fact]
    public async Task A_secret_of_the_video_service_takes_the_place_of_its_emulator()
    {
        await using var builder = await Model("--Parameters:vdocipher-api-secret=s3cret");
        Assert.IsType<ExternalServiceResource>(Of(builder, "vdocipher"));
    }

    [Fact]
    public async Task In_azure_secrets_come_from_the_vault_and_all_share_one_identity()
    {
        await using var builder = await Model(Publish);
        Assert.DoesNotContain(builder.Resources, resource => resource.Name is "mail" or "api-2");
        Assert.IsType<ExternalServiceResource>(Of(builder, "vdocipher"));
        foreach (var service in new[] { "migrations", "api", "worker" })
            Assert.Same(
                Of(builder, "identity"),
                Assert.Single(Of(builder, service).Annotations.OfType<AppIdentityAnnotation>()).IdentityResource
            );
        Assert.Single(Of(builder, "migrations").Annotations.OfType<AzureContainerAppJobCustomizationAnnotation>());
        foreach (var service in new[] { "api", "worker" })
            Assert.Single(Of(builder, service).Annotations.OfType<AzureContainerAppCustomizationAnnotation>());
        Assert.All(
            Of(builder, "api").Annotations.OfType<EndpointAnnotation>(),
            endpoint => Assert.True(endpoint.IsExternal)
        );

        (string Service, string[] Names)[] secrets =
        [
            ("migrations", ["Admin__Password"]),
            ("api", ["Jwt__Keys__0", "VdoCipher__ApiSecret", "VdoCipher__HookSecret"]),
            ("worker", ["Jwt__Keys__0", "VdoCipher__ApiSecret", "VdoCipher__HookSecret", "ConnectionStrings__mail"]),
        ];
        foreach (var (service, names) in secrets)
        {
            var environment = await Environment(builder, service);
            Assert.All(
                names,
                name => Assert.IsType<IAzureKeyVaultSecretReference>(environment[name], exactMatch: false)
            );
        }
    }

    [Fact]
    public async Task In_azure_everything_is_managed()
    {
        await using var builder = await Model(Publish);
        Dictionary<string, string> expected = new()
        {
            ["apps"] = "AzureContainerAppEnvironmentResource",
            ["postgres"] = "AzurePostgresFlexibleServerResource",
            ["edupro"] = "AzurePostgresFlexibleServerDatabaseResource",
            ["cache"] = "AzureManagedRedisResource",
            ["storage"] = "AzureStorageResource",
            ["media"] = "AzureBlobStorageContainerResource",
            ["documents"] = "AzureBlobStorageContainerResource",
            ["vault"] = "AzureKeyVaultResource",
            ["identity"] = "AzureUserAssignedIdentityResource",
        };
        Assert.All(expected, pair => Assert.Equal(pair.Value, Of(builder, pair.Key).GetType().Name));
        Assert.Equal(
            2,
            builder.Resources.Count(resource => resource.GetType().Name == "AzureBlobStorageContainerResource")
        );
        foreach (var service in new[] { "api", "worker" })
        {
            Assert.Superset(
                new HashSet<string> { "edupro", "cache", "blobs", "vdocipher" },
                References(builder, service)
            );
            Assert.Equal(
                [ProbeType.Readiness, ProbeType.Liveness],
                Of(builder, service).Annotations.OfType<ProbeAnnotation>().Select(probe => probe.Type)
            );
        }
        Assert.Contains("edupro", References(builder, "migrations"));
    }

    [Fact]
    public async Task In_azure_the_API_learns_of_https_its_address_and_its_front_ends()
    {
        await using var builder = await Model(Publish);
        var environment = await Environment(builder, "api");

        // Cookies are sent over TLS only where the request came over TLS, which the ingress ends.
        Assert.Equal("true", environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"]);
        Assert.Equal("public-url", Assert.IsType<ParameterResource>(environment["PublicUrl"]).Name);
        Assert.Equal("cors-origins", Assert.IsType<ParameterResource>(environment["Cors__Origins"]).Name);
        Assert.Equal(
            "mail-from",
            Assert.IsType<ParameterResource>((await Environment(builder, "worker"))["Mail__From"]).Name
        );
    }

    [Fact]
    public async Task In_azure_nothing_secret_is_told_in_plain_text()
    {
        await using var builder = await Model(Publish);
        var told = 0;
        foreach (var service in new[] { "migrations", "api", "worker" })
        foreach (var (name, value) in await Environment(builder, service))
        {
            var secret = SecretName().IsMatch(name);
            Assert.False(value is ParameterResource { Secret: true }, $"{service}: {name}");
            Assert.True(!secret || value is IAzureKeyVaultSecretReference, $"{service}: {name} is {value}");
            told += secret ? 1 : 0;
        }
        Assert.Equal(8, told);
    }

    [Fact]
    public async Task Each_parameter_of_a_deployment_stands_in_its_guide()
    {
        await using var builder = await Model(Publish);
        var guide = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "deploy.md"));

        var parameters = builder.Resources.OfType<ParameterResource>().ToList();

        Assert.Equal(10, parameters.Count);
        Assert.All(
            parameters,
            parameter =>
                Assert.EndsWith(
                    parameter.Secret ? "| yes |" : "| |",
                    guide.Single(line => line.StartsWith('|') && line.Contains($"`{parameter.Name}`"))
                )
        );
    }

    private static string[] Publish => ["--operation", "publish", "--step", "publish-manifest"];

    [GeneratedRegex("password|secret|key|__mail$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    private static Task<IDistributedApplicationTestingBuilder> Model(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.EduPro_AppHost>(
            args,
            TestContext.Current.CancellationToken
        );

    private static IResource Of(IDistributedApplicationTestingBuilder builder, string name) =>
        builder.Resources.Single(resource => resource.Name == name);

    private static List<(string, WaitType)> Waits(IDistributedApplicationTestingBuilder builder, string name) =>
        [.. Of(builder, name).Annotations.OfType<WaitAnnotation>().Select(wait => (wait.Resource.Name, wait.WaitType))];

    private static HashSet<string> References(IDistributedApplicationTestingBuilder builder, string name) =>
        [
            .. Of(builder, name)
                .Annotations.OfType<ResourceRelationshipAnnotation>()
                .Where(relationship => relationship.Type == "Reference")
                .Select(relationship => relationship.Resource.Name),
        ];

    private static async Task<Dictionary<string, object>> Environment(
        IDistributedApplicationTestingBuilder builder,
        string name
    )
    {
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, Of(builder, name));
        foreach (var annotation in Of(builder, name).Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }
}
