using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.Configuration;
var local = builder.ExecutionContext.IsRunMode;

// What the stack keeps its data in: containers or processes here, managed services in Azure.
var keepData = settings.GetValue("Data:Keep", true);
var database = builder
    .AddAzurePostgresFlexibleServer("postgres")
    .RunAsContainer(server => _ = keepData ? server.WithDataVolume() : server)
    .AddDatabase("edupro");
var cache = builder.AddAzureManagedRedis("cache").RunAsContainer();
var storage = builder
    .AddAzureStorage("storage")
    .RunAsEmulator(emulator => _ = keepData ? emulator.WithDataVolume() : emulator);
var blobs = storage.AddBlobs("blobs");
var media = storage.AddBlobContainer("media");
var documents = storage.AddBlobContainer("documents");

// The video service costs money: here an emulator stands in for it as long as nobody gives a secret.
var emulatesVideo = local && string.IsNullOrEmpty(settings["Parameters:vdocipher-api-secret"]);
var video = emulatesVideo ? null : builder.AddExternalService("vdocipher", "https://dev.vdocipher.com");
const string emulatorSecret = "vdocipher-emulator";
const string emulatorHookSecret = "vdocipher-emulator-hook";
var videoEmulator = emulatesVideo
    ? builder
        .AddDotnetProject("vdocipher", "../EduPro.VdoCipherEmulator/EduPro.VdoCipherEmulator.csproj")
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health")
    : null;

// The schema and the first administrator, before anything else starts.
var adminUsername = Parameter("admin-username", "admin");
var migrations = builder
    .AddDotnetProject("migrations", "../EduPro.MigrationService/EduPro.MigrationService.csproj")
    .WithReference(database)
    .WaitFor(database)
    .WithEnvironment("Admin__Username", adminUsername)
    .WithEnvironment("Admin__Email", Parameter("admin-email", "admin@edupro.localhost"));

var api = AddService("api", "../EduPro.Api/EduPro.Api.csproj", local ? 8000 : null).WithExternalHttpEndpoints();
var worker = AddService("worker", "../EduPro.Worker/EduPro.Worker.csproj");

// The emulator announces ready videos to the API, by the name that service discovery knows it by.
videoEmulator
    ?.WithReference(api)
    .WithEnvironment("Emulator__HookUrl", "http://api/api/video/hooks/vdocipher/")
    .WithEnvironment("VdoCipher__HookSecret", emulatorHookSecret)
    .WithEnvironment("VdoCipher__ApiSecret", emulatorSecret);

if (local)
{
    // Known and printed, so that a newcomer can log in.
    var adminPassword = Parameter("admin-password", "EduPro-admin-1");
    migrations.WithEnvironment("Admin__Password", adminPassword);

    // Every mail is caught and shown on http://localhost:1080.
    var mail = builder.AddMailPit("mail", httpPort: 1080);
    worker.WithReference(mail).WaitFor(mail);

    if (!emulatesVideo)
    {
        var videoSecret = builder.AddParameter("vdocipher-api-secret", secret: true);
        api.WithEnvironment("VdoCipher__ApiSecret", videoSecret);
        worker.WithEnvironment("VdoCipher__ApiSecret", videoSecret);
    }

    if (args.Contains("--demo"))
        builder
            .AddDotnetProject("demo", "../EduPro.Demo/EduPro.Demo.csproj")
            .WithReference(api)
            .WaitFor(api)
            .WithEnvironment("Admin__Username", adminUsername)
            .WithEnvironment("Admin__Password", adminPassword);

    // Tests of what holds between processes ask for more: api-2, api-3. In Azure the one scales.
    for (var replica = 2; replica <= settings.GetValue("Api:Replicas", 1); replica++)
        AddService($"api-{replica}", "../EduPro.Api/EduPro.Api.csproj");
}
else
{
    builder.AddAzureContainerAppEnvironment("apps");

    // One identity for all: the tables that the migrations make belong to its database role.
    var identity = builder.AddAzureUserAssignedIdentity("identity");

    // Asked for at the first deployment, kept in the vault, read from there.
    var vault = builder.AddAzureKeyVault("vault");
    var jwtKey = Secret("jwt-key");
    var videoSecret = Secret("vdocipher-api-secret");
    var videoHookSecret = Secret("vdocipher-hook-secret");

    migrations
        .WithAzureUserAssignedIdentity(identity)
        .WithEnvironment("Admin__Password", Secret("admin-password"))
        .PublishAsAzureContainerAppJob();
    foreach (var service in new[] { api, worker })
        service
            .WithAzureUserAssignedIdentity(identity)
            // Both: the worker opens what the API closed for it.
            .WithEnvironment("Jwt__Keys__0", jwtKey)
            .WithEnvironment("VdoCipher__ApiSecret", videoSecret)
            .WithEnvironment("VdoCipher__HookSecret", videoHookSecret);
    api.WithEnvironment("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")
        .WithEnvironment("Cors__Origins", builder.AddParameter("cors-origins"))
        .WithEnvironment("PublicUrl", builder.AddParameter("public-url"))
        .PublishAsAzureContainerApp(
            (_, app) =>
            {
                app.Template.Scale.MinReplicas = 1;
                app.Template.Scale.MaxReplicas = 10;
                app.Template.Scale.Rules =
                [
                    new ContainerAppScaleRule
                    {
                        Name = "requests",
                        Http = new ContainerAppHttpScaleRule { Metadata = { { "concurrentRequests", "50" } } },
                    },
                ];
            }
        );
    worker
        .WithEnvironment("ConnectionStrings__mail", Secret("mail-connection"))
        .WithEnvironment("Mail__From", builder.AddParameter("mail-from"))
        .PublishAsAzureContainerApp(
            (_, app) =>
            {
                app.Template.Scale.MinReplicas = 1;
                app.Template.Scale.MaxReplicas = 3;
            }
        );

    IAzureKeyVaultSecretReference Secret(string name) =>
        vault.AddSecret($"{name}-in-vault", name, builder.AddParameter(name, secret: true)).Resource;
}

builder.Build().Run();

// A default here, a question in Azure.
IResourceBuilder<ParameterResource> Parameter(string name, string localValue) =>
    local ? builder.AddParameter(name, settings[$"Parameters:{name}"] ?? localValue) : builder.AddParameter(name);

IResourceBuilder<DotnetProjectResource> AddService(string name, string project, int? port = null)
{
    var service = builder
        .AddDotnetProject(name, project)
        .WithHttpEndpoint(port)
        .WithHttpProbe(ProbeType.Readiness, "/health")
        .WithHttpProbe(ProbeType.Liveness, "/alive")
        // The C library otherwise keeps what it freed apart for each of eight threads a processor.
        .WithEnvironment("MALLOC_ARENA_MAX", "2")
        // Bytes. What is larger goes back to the system when it is freed, and leaves no hole in a heap.
        .WithEnvironment("MALLOC_MMAP_THRESHOLD_", "65536")
        .WithReference(database)
        .WithReference(cache)
        .WithReference(blobs)
        .WaitFor(cache)
        .WaitFor(media)
        .WaitFor(documents)
        .WaitForCompletion(migrations);
    return videoEmulator is not null
        ? service
            .WithReference(videoEmulator)
            .WaitFor(videoEmulator)
            .WithEnvironment("VdoCipher__ApiSecret", emulatorSecret)
            .WithEnvironment("VdoCipher__HookSecret", emulatorHookSecret)
        : service.WithReference(video!);
}
