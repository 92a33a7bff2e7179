using Azure.Storage.Blobs;

namespace EduPro.LocalHosting;

/// <summary>Azurite's blob service.</summary>
internal sealed class BlobServer(IResource resource)
{
    // Azurite's account and key are public and the same everywhere.
    private const string Account = "devstoreaccount1";
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public EndpointAnnotation Endpoint { get; } = new("http", "blob", null);

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{Endpoint.AllocatedPort}/{Account};";

    public async Task StartAsync(LocalStack stack, CancellationToken ct)
    {
        var modules = await NpmPackages.InstallAsync("servers", allowScripts: false, stack.Console, ct);
        string[] place = stack.Testing ? ["--inMemoryPersistence"] : ["-l", stack.Folder.Of(resource.Name)];
        var process = stack.Supervise(
            resource,
            new(
                NpmPackages.Node(),
                [
                    Path.Combine(modules, "azurite", "dist", "src", "blob", "main.js"),
                    "--blobHost",
                    "127.0.0.1",
                    "--blobPort",
                    $"{Endpoint.AllocatedPort}",
                    "--disableTelemetry",
                    "--skipApiVersionCheck",
                    "--silent",
                    .. place,
                ]
            )
            {
                WorkingDirectory = stack.Folder.Of(resource.Name),
                // It waits for idle connections to close, which a test's in-memory data is not worth.
                StopSignal = stack.Testing ? Signal.Kill : Signal.Terminate,
            }
        );
        await Health.UntilAsync(
            async token => _ = await Client(retries: 0).GetPropertiesAsync(token),
            resource,
            process,
            stack,
            ct
        );
    }

    public async Task CreateContainerAsync(string name, CancellationToken ct) =>
        _ = await Client(retries: 3).GetBlobContainerClient(name).CreateIfNotExistsAsync(cancellationToken: ct);

    private BlobServiceClient Client(int retries) =>
        new(ConnectionString, new BlobClientOptions { Retry = { MaxRetries = retries } });
}
