using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime;
using System.Text;

/// <summary>
/// Runs inside the services that are measured (<c>DOTNET_STARTUP_HOOKS</c>) and tells what they have spent so far: one
/// line for each connection to a port that it writes to a file.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for this name.")]
internal static class StartupHook
{
    /// <summary>Names the folder of the files; without it nothing is told.</summary>
    public const string Folder = "EDUPRO_GAUGES";

    private static long queries;
    private static MeterListener? listener;

    public static void Initialize()
    {
        if (
            Environment.GetEnvironmentVariable(Folder) is not { Length: > 0 } folder
            || Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") is not { Length: > 0 } service
        )
            return;
        // As deployed; a stack that runs here is in development, which checks more and shows more.
        if (service is "api" or "worker")
        {
            foreach (var name in new[] { "DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT" })
                Environment.SetEnvironmentVariable(name, "Production");
        }
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" })
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref queries));
        listener.Start();
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        new Thread(() => Answer(server)) { IsBackground = true, Name = "gauges" }.Start();
        var file = Path.Combine(folder, service);
        File.WriteAllText(
            file + ".new",
            ((IPEndPoint)server.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)
        );
        File.Move(file + ".new", file, overwrite: true);
    }

    private static void Answer(TcpListener server)
    {
        while (true)
        {
            using var client = server.AcceptTcpClient();
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{(long)Environment.CpuUsage.TotalTime.TotalMicroseconds} {GC.GetTotalAllocatedBytes()} {Environment.WorkingSet} {Interlocked.Read(ref queries)} {JitInfo.GetCompiledMethodCount()}"
            );
            client.GetStream().Write(Encoding.ASCII.GetBytes(line));
        }
    }
}
