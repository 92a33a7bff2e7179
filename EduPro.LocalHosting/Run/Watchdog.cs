using System.Diagnostics;
using System.Globalization;

namespace EduPro.LocalHosting;

/// <summary>
/// Where the kernel has no parent-death signal: a shell that learns the ids of our processes through a pipe, and
/// ends them when the pipe does. On Windows processes are left to Ctrl+C and the console's own end.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const string Script = """
        trap '' INT HUP TERM
        pids=
        while read -r line; do pids="$pids $line"; done
        [ -n "$pids" ] && kill -TERM $pids 2>/dev/null && sleep 5 && kill -KILL $pids 2>/dev/null
        """;

    private readonly Process? shell;

    public Watchdog()
    {
        if (OperatingSystem.IsWindows())
            return;
        shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true, UseShellExecute = false }
        );
    }

    public void Watch(int processId)
    {
        shell?.StandardInput.WriteLine(processId.ToString(CultureInfo.InvariantCulture));
        shell?.StandardInput.Flush();
    }

    public void Dispose()
    {
        shell?.Kill();
        shell?.Dispose();
    }
}
