namespace EduPro.Tests.Hosting.Local;

/// <summary>What AppHost.cs asks of Container Apps; under Aspire the same is only to be read from what it generates.</summary>
public sealed class ScalingTests
{
    [Fact]
    public async Task The_API_scales_to_ten_by_its_requests_and_the_worker_to_three()
    {
        var api = await Scale("api");
        Assert.Equal((1, 10), (api.MinReplicas, api.MaxReplicas));
        Assert.Equal("50", Assert.Single(api.Rules).Http!.Metadata["concurrentRequests"]);

        var worker = await Scale("worker");
        Assert.Equal((1, 3), (worker.MinReplicas, worker.MaxReplicas));
        Assert.Empty(worker.Rules);
    }

    private static async Task<ContainerAppScale> Scale(string service)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EduPro_AppHost>(
            ["--operation", "publish"],
            TestContext.Current.CancellationToken
        );
        var app = new ContainerApp();
        builder
            .Resources.Single(resource => resource.Name == service)
            .Annotations.OfType<AzureContainerAppCustomizationAnnotation>()
            .Single()
            .Configure(new AzureResourceInfrastructure(), app);
        return app.Template.Scale;
    }
}
