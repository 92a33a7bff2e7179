using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;

namespace EduPro.LocalHosting;

/// <summary>Installs what npm brings: once for each lock file, into the cache of the user.</summary>
internal static class NpmPackages
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new();

    public static string Node() =>
        Executables.Find("node") ?? throw new DistributedApplicationException("Node 20 or newer is needed on PATH.");

    /// <summary>Answers the node_modules folder of one of the folders in npm/.</summary>
    public static Task<string> InstallAsync(
        string name,
        bool allowScripts,
        StackConsole console,
        CancellationToken ct
    ) => Installed.GetOrAdd(name, _ => new(() => InstallOnceAsync(name, allowScripts, console, ct))).Value;

    private static async Task<string> InstallOnceAsync(
        string name,
        bool allowScripts,
        StackConsole console,
        CancellationToken ct
    )
    {
        var source = Path.Combine(AppContext.BaseDirectory, "npm", name);
        var lockFile = Path.Combine(source, "package-lock.json");
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(lockFile, ct)))[..12];
        var target = Path.Combine(DataFolder.Cache(), $"{name}-{hash}");
        var modules = Path.Combine(target, "node_modules");
        if (Directory.Exists(target))
            return modules;
        var npm =
            Executables.Find("npm")
            ?? throw new DistributedApplicationException("Node 20 or newer with npm is needed on PATH.");
        Directory.CreateDirectory(DataFolder.Cache());
        // Beside the target, so that it appears there whole or not at all.
        var staging = $"{target}.{Environment.ProcessId}";
        Directory.CreateDirectory(staging);
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(staging, Path.GetFileName(file)), overwrite: true);
        console.Info($"Installing {name} from npm into {target} (first use only) ...");
        var since = Stopwatch.StartNew();
        await using (
            new Timer(
                _ => console.Info($"... still installing {name}, {since.Elapsed.TotalSeconds:0} s"),
                null,
                5000,
                5000
            )
        )
        {
            string[] scripts = allowScripts ? [] : ["--ignore-scripts"];
            var (exitCode, output) = await ProcessLauncher.RunAsync(
                new(npm, ["ci", "--no-audit", "--no-fund", "--omit=dev", .. scripts]) { WorkingDirectory = staging },
                ct
            );
            if (exitCode != 0)
                throw new DistributedApplicationException(
                    $"npm ci for {name} ended with exit code {exitCode}:\n{output}"
                );
        }
        try
        {
            Directory.Move(staging, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another stack was first.
            Directory.Delete(staging, recursive: true);
        }
        console.Info($"Installed {name} in {since.Elapsed.TotalSeconds:0} s.");
        return modules;
    }
}
