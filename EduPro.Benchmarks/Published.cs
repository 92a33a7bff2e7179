using System.Diagnostics;

namespace EduPro.Benchmarks;

/// <summary>
/// The API as it is deployed: compiled ahead, which a build does not do, over the build's output, which the AppHost starts.
/// </summary>
internal static class Published
{
    private const string Api = "EduPro.Api";

    /// <exception cref="InvalidOperationException">It cannot be published; says why.</exception>
    public static async Task Make()
    {
        var output = AppContext.BaseDirectory.Replace("EduPro.Benchmarks", Api, StringComparison.Ordinal);
        var project = output[..(output.LastIndexOf(Api, StringComparison.Ordinal) + Api.Length)];
        var isAspire = output.Contains(Path.Combine("bin", "aspire"), StringComparison.Ordinal);
        var start = new ProcessStartInfo(
            "dotnet",
            ["publish", project, "-c", "Release", "-o", output, $"-p:UseAspire={isAspire}"]
        )
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(said);
    }
}
