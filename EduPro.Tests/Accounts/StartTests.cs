using EduPro.Data.Security;
using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class StartTests
{
    [Theory]
    [InlineData("EduPro.Api", "Production", null)]
    [InlineData("EduPro.Api", "Staging", MasterKeys.Development)]
    [InlineData("EduPro.Worker", "Production", MasterKeys.Development)]
    [InlineData("EduPro.Worker", "Staging", null)]
    public async Task Outside_development_a_service_does_not_start_without_a_key_of_its_own(
        string name,
        string environment,
        string? key
    )
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:edupro"] = "Host=127.0.0.1;Port=1;Database=edupro;Username=app",
            ["ConnectionStrings:cache"] = "127.0.0.1:1",
            ["ConnectionStrings:blobs"] = "UseDevelopmentStorage=true",
            ["ConnectionStrings:mail"] = "smtp://127.0.0.1:1",
            ["Jwt:Keys:0"] = key,
        };

        await using var service = ServiceProcess.Start(name, settings, environment);

        Assert.NotEqual(0, await service.Ended());
        Assert.Contains("Set Jwt:Keys:0 (environment: Jwt__Keys__0)", service.Output);
        Assert.DoesNotContain(MasterKeys.Development, service.Output);
        Assert.DoesNotContain("Now listening", service.Output);
    }
}
