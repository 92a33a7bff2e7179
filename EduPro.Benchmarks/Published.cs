using System.Diagnostics;
using System.Security.Cryptography;
using EduPro.Data.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace EduPro.Benchmarks;

/// <summary>
/// The API as it is deployed: for production, and compiled ahead, which a build does not do. Its assemblies take the place
/// of those in the build's output, which the AppHost starts; the next build puts its own back.
/// </summary>
internal static class Published
{
    private const string Api = "EduPro.Api";

    /// <summary>Sets for the services to come what production demands, or would not have; the secret keys.</summary>
    /// <seealso cref="StartupHook"/>
    public static MasterKeys Configure()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Environment.SetEnvironmentVariable("Jwt__Keys__0", key);
        Environment.SetEnvironmentVariable("VdoCipher__AllowHttp", "true");
        Environment.SetEnvironmentVariable("Payments__Gateway", "fake");
        return MasterKeys.From(
            new ConfigurationManager { ["Jwt:Keys:0"] = key },
            new HostingEnvironment { EnvironmentName = Environments.Production }
        );
    }

    /// <exception cref="InvalidOperationException">It cannot be published; says why.</exception>
    public static async Task Make()
    {
        var output = AppContext.BaseDirectory.Replace("EduPro.Benchmarks", Api, StringComparison.Ordinal);
        var project = output[..(output.LastIndexOf(Api, StringComparison.Ordinal) + Api.Length)];
        var isAspire = output.Contains(Path.Combine("bin", "aspire"), StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("edupro-published-").FullName;
        var start = new ProcessStartInfo(
            "dotnet",
            ["publish", project, "-c", "Release", "-o", folder, $"-p:UseAspire={isAspire}"]
        )
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(said);
        foreach (var assembly in Directory.EnumerateFiles(folder, "*.dll"))
            File.Copy(assembly, Path.Combine(output, Path.GetFileName(assembly)), overwrite: true);
        Directory.Delete(folder, recursive: true);
    }
}
