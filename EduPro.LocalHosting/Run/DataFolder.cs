using System.Security.Cryptography;
using System.Text;

namespace EduPro.LocalHosting;

/// <summary>Where the stack of one checkout keeps its data; one stack at a time holds it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string root;
    private readonly bool throwAway;
    private FileStream? hold;

    private DataFolder(string root, bool throwAway)
    {
        this.root = root;
        this.throwAway = throwAway;
        Directory.CreateDirectory(Path);
        Directory.CreateDirectory(Logs);
    }

    public string Path => System.IO.Path.Combine(root, "data");
    public string Logs => System.IO.Path.Combine(root, "logs");
    public bool KeepLogs { get; set; }

    public static DataFolder OfCheckout(string appHostDirectory)
    {
        var checkout = Directory.GetParent(appHostDirectory)!;
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(checkout.FullName)))[..12];
        return new(System.IO.Path.Combine(Base("/var/lib", LocalData()), "stacks", key), throwAway: false);
    }

    public static DataFolder ForTests() =>
        new(Directory.CreateTempSubdirectory("edupro-tests-").FullName, throwAway: true);

    /// <summary>The per-user cache of what npm brings.</summary>
    public static string Cache() =>
        Base(
            "/var/cache",
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? LocalData()
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
                : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
        );

    public string Of(string resource)
    {
        var folder = System.IO.Path.Combine(Path, resource);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <exception cref="DistributedApplicationException">Another stack of this checkout runs.</exception>
    public void Take()
    {
        // PostgreSQL's user must be able to pass through.
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            foreach (var folder in new[] { root, Path })
                File.SetUnixFileMode(
                    folder,
                    File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
                );
        var holder = System.IO.Path.Combine(root, "holder");
        try
        {
            hold = new(
                System.IO.Path.Combine(root, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            var who = File.Exists(holder) ? $" (process {File.ReadAllText(holder)})" : "";
            throw new DistributedApplicationException(
                $"The stack of this checkout runs already{who}; its data is in {Path}. Stop it first."
            );
        }
        File.WriteAllText(holder, $"{Environment.ProcessId}");
    }

    public void Empty()
    {
        Directory.Delete(Path, recursive: true);
        Directory.CreateDirectory(Path);
    }

    public void Dispose()
    {
        hold?.Dispose();
        if (!throwAway)
            return;
        Directory.Delete(Path, recursive: true);
        if (!KeepLogs)
            Directory.Delete(root, recursive: true);
    }

    // Root's home is closed to the user that PostgreSQL runs as, so root's data is the system's.
    private static string Base(string forRoot, string forUser) =>
        System.IO.Path.Combine(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? forRoot : forUser,
            "edupro"
        );

    private static string LocalData() =>
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.Create
        )
            is { Length: > 0 } folder
            ? folder
            : System.IO.Path.GetTempPath();
}
