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

// Here mail is caught and shown on http://localhost:1080; in Azure the connection string names a real server.
IResourceBuilder<IResourceWithConnectionString> mail = local
    ? builder.AddMailPit("mail", httpPort: 1080)
    : builder.AddConnectionString("mail");

// The video service costs money: an emulator stands in for it as long as nobody gives a secret.
var videoSecret =
    local && string.IsNullOrEmpty(settings["Parameters:vdocipher-api-secret"])
        ? null
        : builder.AddParameter("vdocipher-api-secret", secret: true);
var videoService = videoSecret is null ? null : builder.AddExternalService("vdocipher", "https://dev.vdocipher.com");
const string emulatorSecret = "vdocipher-emulator";
const string emulatorHookSecret = "vdocipher-emulator-hook";
var videoEmulator = videoSecret is null
    ? builder
        .AddDotnetProject("vdocipher", "../EduPro.VdoCipherEmulator/EduPro.VdoCipherEmulator.csproj")
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health")
    : null;

// The schema and the first administrator, before anything else starts.
var migrations = builder
    .AddDotnetProject("migrations", "../EduPro.MigrationService/EduPro.MigrationService.csproj")
    .WithReference(database)
    .WaitFor(database)
    .WithEnvironment("Admin__Username", Parameter("admin-username", "admin"))
    .WithEnvironment("Admin__Email", Parameter("admin-email", "admin@edupro.localhost"))
    .WithEnvironment("Admin__Password", Parameter("admin-password", "EduPro-admin-1", secret: true));

var api = AddService("api", "../EduPro.Api/EduPro.Api.csproj", local ? 8000 : null).WithExternalHttpEndpoints();
var worker = AddService("worker", "../EduPro.Worker/EduPro.Worker.csproj").WithReference(mail).WaitFor(mail);

// The emulator announces ready videos to the API, by the name that service discovery knows it by.
videoEmulator
    ?.WithReference(api)
    .WithEnvironment("Emulator__HookUrl", "http://api/api/video/hooks/vdocipher/")
    .WithEnvironment("VdoCipher__HookSecret", emulatorHookSecret)
    .WithEnvironment("VdoCipher__ApiSecret", emulatorSecret);

// Tests of what holds between processes ask for more: api-2, api-3. In Azure the one scales.
for (var replica = 2; local && replica <= settings.GetValue("Api:Replicas", 1); replica++)
    AddService($"api-{replica}", "../EduPro.Api/EduPro.Api.csproj");

if (!local)
{
    builder.AddAzureContainerAppEnvironment("apps");

    // One identity for all: the tables that the migrations make belong to its database role.
    var identity = builder.AddAzureUserAssignedIdentity("identity");
    migrations.WithAzureUserAssignedIdentity(identity).PublishAsAzureContainerAppJob();

    // One secret for both: the worker opens what the API closed for it.
    var secretKey = builder.AddParameter("jwt-key", secret: true);
    worker.WithAzureUserAssignedIdentity(identity).WithEnvironment("Jwt__Keys__0", secretKey);
    api.WithAzureUserAssignedIdentity(identity)
        .WithEnvironment("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")
        .WithEnvironment("Jwt__Keys__0", secretKey)
        .WithEnvironment("Cors__Origins__0", builder.AddParameter("cors-origins"))
        .WithEnvironment("PublicUrl", builder.AddParameter("public-url"));
}

builder.Build().Run();

// Known and printed here, so that a newcomer can log in; asked for in Azure, so that nobody else can.
IResourceBuilder<ParameterResource> Parameter(string name, string localValue, bool secret = false) =>
    local
        ? builder.AddParameter(name, settings[$"Parameters:{name}"] ?? localValue)
        : builder.AddParameter(name, secret);

IResourceBuilder<DotnetProjectResource> AddService(string name, string project, int? port = null)
{
    var service = builder
        .AddDotnetProject(name, project)
        .WithHttpEndpoint(port)
        .WithHttpHealthCheck("/health")
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
        : service.WithReference(videoService!).WithEnvironment("VdoCipher__ApiSecret", videoSecret!);
}
