namespace EduPro.LocalHosting;

/// <summary>What the machine has.</summary>
internal static class Executables
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => In(folder, name))
            .FirstOrDefault(path => path is not null);

    public static string? In(string folder, string name)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        return endings.Select(ending => Path.Combine(folder, name + ending)).FirstOrDefault(File.Exists);
    }

    /// <summary>The user that a server runs as which refuses root; none when we are not root.</summary>
    public static string? UnprivilegedUser() =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            ? Users().Contains("postgres")
                ? "postgres"
                : "nobody"
            : null;

    public static string GroupOf(string user) =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).First(fields => fields[0] == user)[3];

    private static IEnumerable<string> Users() => File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]);
}
