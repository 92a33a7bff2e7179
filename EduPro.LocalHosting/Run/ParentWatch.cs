using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EduPro.LocalHosting;

/// <summary>Stops the stack when `dotnet run`, which started us, is killed: its SIGKILL does not reach us.</summary>
internal static partial class ParentWatch
{
    public static IDisposable? Start(CancellationTokenSource stopping)
    {
        if (OperatingSystem.IsWindows() || !IsDotnet(GetParentId()))
            return null;
        var parent = GetParentId();
        return new Timer(
            _ =>
            {
                if (GetParentId() != parent)
                    stopping.Cancel();
            },
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1)
        );
    }

    private static bool IsDotnet(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName == "dotnet";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
