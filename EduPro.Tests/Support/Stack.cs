using EduPro.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(Stack))]

namespace EduPro.Tests.Support;

/// <summary>
/// The real stack with two API replicas, started once for the whole run on ports and data of its own.
/// </summary>
public sealed class Stack : IAsyncLifetime
{
    public const string AdminUsername = "admin",
        AdminPassword = "EduPro-admin-1";

    private static readonly string[] Services = ["migrations", "api", "api-2", "worker", "vdocipher"];

    private readonly CancellationTokenSource ending = new();
    private DistributedApplication? app;
    private OtlpCollector? collector;
    private Task listening = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        // What shares the machine with tests makes statements slow that are not, in the services of single tests too.
        Environment.SetEnvironmentVariable("Database__ConnectSeconds", "5");
        Environment.SetEnvironmentVariable("Database__StatementSeconds", "10");
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EduPro_AppHost>(
            ["--Api:Replicas=2", "--Data:Keep=false"],
            ct
        );
        collector = await OtlpCollector.Start(message => RunLog.Wrote("telemetry", message));
        foreach (var service in Services)
            builder
                .Resources.Single(resource => resource.Name == service)
                .Annotations.Add(new EnvironmentCallbackAnnotation(SendTelemetry));
        app = await builder.BuildAsync(ct);
        listening = Task.WhenAll(Services.Select(Listen));
        await app.StartAsync(ct);
        foreach (var service in new[] { "api", "api-2", "worker" })
            await app.ResourceNotifications.WaitForResourceHealthyAsync(service, ct);
    }

    private DistributedApplication App => app ?? throw new InvalidOperationException("The stack has not started.");

    /// <summary>A caller with an address of its own and no account yet.</summary>
    /// <param name="replica">Which of the two API replicas it talks to, 1 or 2.</param>
    public Caller Stranger(int replica = 1) => new(this, App.GetEndpoint(replica == 1 ? "api" : "api-2", "http"));

    /// <summary>A browser on a page of <paramref name="origin"/>: it keeps cookies and sends nobody's token.</summary>
    public Caller Browser(string origin, string host = "localhost") =>
        new(this, new UriBuilder(App.GetEndpoint("api", "http")) { Host = host }.Uri, origin);

    /// <summary>The caller that the migration service made from configuration.</summary>
    public async Task<Caller> Admin()
    {
        var admin = Stranger();
        await admin.LogIn("teacher/login/", AdminUsername, AdminPassword);
        return admin;
    }

    /// <summary>A client of another resource, such as <c>mail</c> or <c>vdocipher</c>; the caller disposes it.</summary>
    public HttpClient ClientOf(string resource, string? endpoint = null) => App.CreateHttpClient(resource, endpoint);

    public async Task<string> ConnectionString(string resource) =>
        await App.GetConnectionStringAsync(resource, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"{resource} has no connection string.");

    /// <summary>An open connection to the stack's database, for looking behind the API; the caller disposes it.</summary>
    public async Task<NpgsqlConnection> Database()
    {
        var connection = new NpgsqlConnection(await ConnectionString("edupro"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Ends the stack, which ends the run red where something that was secret has been written or sent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        ending.CancelAfter(TimeSpan.FromSeconds(5));
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        if (collector is not null)
            await collector.DisposeAsync();
        RunLog.ExpectNoSecrets();
    }

    private Task SendTelemetry(EnvironmentCallbackContext context)
    {
        foreach (var (key, value) in collector!.Settings)
            context.EnvironmentVariables[key] = value;
        return Task.CompletedTask;
    }

    private async Task Listen(string service)
    {
        var lines = App.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(service);
        await foreach (var batch in lines.WithCancellation(ending.Token))
        foreach (var line in batch)
            RunLog.Wrote(service, line.Content);
    }
}
