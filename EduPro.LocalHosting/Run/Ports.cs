using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace EduPro.LocalHosting;

/// <summary>Gives each endpoint its port: the one it wishes for, or any free one.</summary>
internal static class Ports
{
    // Below those that systems give to outgoing connections, which could take one before its server does.
    private const int First = 20_000,
        End = 32_768;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static void Allocate(List<(IResource Resource, EndpointAnnotation Endpoint)> endpoints, bool ignoreWishes)
    {
        // All are held until the last is found, so that no two get the same.
        var held = new List<TcpListener>();
        try
        {
            foreach (var (resource, endpoint) in endpoints)
            {
                var wish = ignoreWishes ? 0 : endpoint.Port ?? 0;
                if (wish != 0 && TryHold(endpoint, wish, held))
                    continue;
                if (wish != 0 && !endpoint.AnyPortWillDo)
                    throw new DistributedApplicationException(
                        $"Port {wish} is needed for {resource.Name} but held by {Holder(wish)}. Stop it and start again."
                    );
                HoldAny(endpoint, held);
            }
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }

    private static void HoldAny(EndpointAnnotation endpoint, List<TcpListener> held)
    {
        int port;
        do port = RandomNumberGenerator.GetInt32(First, End);
        while (!Given.TryAdd(port, true) || !TryHold(endpoint, port, held));
    }

    private static bool TryHold(EndpointAnnotation endpoint, int port, List<TcpListener> held)
    {
        foreach (var address in Addresses())
        {
            var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return false;
            }
            held.Add(listener);
        }
        endpoint.AllocatedPort = port;
        return true;
    }

    private static IEnumerable<IPAddress> Addresses() =>
        Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];

    public static string Holder(int port)
    {
        try
        {
            return (OperatingSystem.IsLinux() ? FromProc(port) : FromLsof(port)) is { } id
                ? $"process {id} ({Process.GetProcessById(id).ProcessName})"
                : "a process of another user";
        }
        catch (Exception e) when (e is IOException or ArgumentException or System.ComponentModel.Win32Exception)
        {
            return "a process that cannot be named";
        }
    }

    private static int? FromProc(int port)
    {
        const string listening = "0A";
        var suffix = $":{port:X4}";
        var inodes = Tables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields =>
                fields.Length > 9 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == listening
            )
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                if (
                    Directory
                        .EnumerateFiles($"{folder}/fd")
                        .Any(fd => File.ResolveLinkTarget(fd, false) is { } to && inodes.Contains(to.Name))
                )
                    return id;
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                // Another user's process, or one that has just ended.
            }
        }
        return null;
    }

    private static int? FromLsof(int port)
    {
        using var lsof = Process.Start(
            new ProcessStartInfo("lsof", ["-nP", "-t", $"-iTCP:{port}", "-sTCP:LISTEN"])
            {
                RedirectStandardOutput = true,
            }
        );
        return int.TryParse(
            lsof?.StandardOutput.ReadLine(),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var id
        )
            ? id
            : null;
    }
}
