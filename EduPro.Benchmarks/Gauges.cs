using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EduPro.Benchmarks;

/// <summary>What was spent up to a moment.</summary>
/// <param name="Api">Microseconds of processor in the API.</param>
/// <param name="Database">Microseconds of processor in the database's processes.</param>
/// <param name="Allocated">Bytes that the API allocated.</param>
/// <param name="Queries">Commands that the API sent to the database.</param>
internal sealed record Spent(double Api, double Database, double Allocated, double Queries)
{
    public static Spent operator -(Spent a, Spent b) =>
        new(a.Api - b.Api, a.Database - b.Database, a.Allocated - b.Allocated, a.Queries - b.Queries);

    public static Spent operator +(Spent a, Spent b) =>
        new(a.Api + b.Api, a.Database + b.Database, a.Allocated + b.Allocated, a.Queries + b.Queries);

    public static Spent operator /(Spent a, double answers) =>
        new(a.Api / answers, a.Database / answers, a.Allocated / answers, a.Queries / answers);
}

/// <summary>Asks the services, and the system about the database, what they have spent.</summary>
internal sealed class Gauges(string folder, NpgsqlDataSource database)
{
    private readonly Dictionary<int, TimeSpan> seen = [];

    /// <summary>The environment with which services tell what they spend.</summary>
    public static Dictionary<string, string> EnvironmentFor(string folder) =>
        new() { [StartupHook.Folder] = folder, ["DOTNET_STARTUP_HOOKS"] = typeof(Gauges).Assembly.Location };

    public async Task<Spent> Read(string service = "api")
    {
        var told = await Ask(service);
        return new Spent(told[0], await DatabaseTime(), told[1], told[3]);
    }

    /// <summary>How many commands the service has sent to the database.</summary>
    public async Task<long> Queries(string service) => (await Ask(service))[3];

    /// <summary>Bytes that the service holds in memory.</summary>
    public async Task<long> Resident(string service) => (await Ask(service))[2];

    /// <summary>How many methods the service's runtime has compiled, some of them again.</summary>
    public async Task<long> Compiled(string service) => (await Ask(service))[4];

    private async Task<long[]> Ask(string service)
    {
        var port = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, service)), CultureInfo.InvariantCulture);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(client.GetStream());
        return [.. (await reader.ReadToEndAsync()).Split(' ').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
    }

    /// <summary>A process goes with its connection, and takes along only what it spent since it was seen last.</summary>
    private async Task<double> DatabaseTime()
    {
        await using var command = database.CreateCommand("SELECT pid FROM pg_stat_activity");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            using var process = Process.GetProcessById(reader.GetInt32(0));
            seen[process.Id] = process.TotalProcessorTime;
        }
        return seen.Values.Sum(time => time.TotalMicroseconds);
    }
}
