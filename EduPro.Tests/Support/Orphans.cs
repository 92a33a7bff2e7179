using System.Diagnostics;
using System.Globalization;

namespace EduPro.Tests.Support;

/// <summary>
/// Ends what tests have started when the test run itself is killed: a shell that hears of it through a pipe, whose end is
/// ours. On Windows there is none.
/// </summary>
internal static class Orphans
{
    private const string Script = """
        trap '' INT HUP TERM
        pids=' '
        while read -r what pid; do
            if [ "$what" = started ]; then pids="$pids$pid "; else pids="${pids%% $pid *} ${pids#* $pid }"; fi
        done
        kill -KILL $pids
        """;

    private static readonly Process? Shell = OperatingSystem.IsWindows()
        ? null
        : Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", Script])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        );

    public static Process Watch(Process process)
    {
        Tell("started", process.Id);
        return process;
    }

    public static void Ended(Process process) => Tell("ended", process.Id);

    private static void Tell(string what, int id)
    {
        if (Shell is not { } shell)
            return;
        lock (shell)
        {
            shell.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {id}"));
            shell.StandardInput.Flush();
        }
    }
}
