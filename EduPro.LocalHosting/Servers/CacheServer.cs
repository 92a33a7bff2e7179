using System.Net.Sockets;
using Garnet;

namespace EduPro.LocalHosting;

/// <summary>redis-server where the machine has it, else Garnet inside this process.</summary>
internal sealed class CacheServer(IResource resource)
{
    public EndpointAnnotation Endpoint { get; } = new("tcp", "tcp", null);

    public async Task StartAsync(LocalStack stack, CancellationToken ct)
    {
        SupervisedProcess? process = null;
        if (Executables.Find("redis-server") is { } redis)
            process = stack.Supervise(
                resource,
                new(
                    redis,
                    ["--bind", "127.0.0.1", "--port", $"{Endpoint.AllocatedPort}", "--save", "", "--appendonly", "no"]
                )
                {
                    WorkingDirectory = stack.Folder.Of(resource.Name),
                }
            );
        else
            stack.KeepUntilStop(StartGarnet());
        await Health.UntilAsync(PingAsync, resource, process, stack, ct);
    }

    private GarnetServer StartGarnet()
    {
        var server = new GarnetServer([
            "--bind",
            "127.0.0.1",
            "--port",
            $"{Endpoint.AllocatedPort}",
            "--memory",
            "64m",
            "--index",
            "8m",
            "--lua",
            "true",
            "-q",
        ]);
        server.Start();
        return server;
    }

    private async Task PingAsync(CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Endpoint.AllocatedPort, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), ct);
        using var reader = new StreamReader(stream);
        if (await reader.ReadLineAsync(ct) is not "+PONG" and var answer)
            throw new IOException($"PING was answered by '{answer}'");
    }
}
