using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace EduPro.LocalHosting;

/// <summary>What the page shows of a resource.</summary>
internal sealed record ResourceView(
    string Name,
    string Kind,
    string? Parent,
    string State,
    string? Health,
    string? Note,
    IReadOnlyList<string> Urls,
    DateTimeOffset? Since,
    int Restarts,
    int? ProcessId
);

/// <summary>What is new since the update before; <paramref name="Resources"/> all of them, or null for no change.</summary>
/// <param name="Run">Another value means that the stack has been started anew.</param>
internal sealed record StatusUpdate(
    string Stack,
    string Run,
    IReadOnlyList<ResourceView>? Resources,
    IReadOnlyList<RecordedLine> Logs,
    IReadOnlyList<AnsweredRequest> Requests
);

[JsonSerializable(typeof(StatusUpdate))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class StatusJson : JsonSerializerContext;

/// <summary>
/// The page that shows the stack at work: resources, logs, requests. Only this machine's browsers reach it, and only by
/// a name of this machine, so that no site can point a name of its own at it and read along.
/// </summary>
internal sealed class StatusPageResource : Resource, ILocalResource
{
    /// <summary>Where Aspire's dashboard is when it runs alone.</summary>
    private const int UsualPort = 18888;

    private static readonly TimeSpan BetweenUpdates = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(5);

    private readonly EndpointAnnotation endpoint;
    private readonly string run = $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}";
    private readonly Lock one = new();
    private LocalStack stack = null!;
    private Task checks = Task.CompletedTask;
    private long checkedAt;

    private StatusPageResource(int port)
        : base("status")
    {
        endpoint = new("http", "http", port) { AnyPortWillDo = true };
        Annotations.Add(endpoint);
    }

    public StackHistory History { get; } = new();

    /// <summary>The page on <c>StatusPage:Port</c>; none in tests that do not ask for one.</summary>
    public static StatusPageResource? For(IConfiguration settings, bool testing) =>
        settings.GetValue<int?>("StatusPage:Port") is { } port ? new(port)
        : testing ? null
        : new(UsualPort);

    async Task ILocalResource.StartAsync(LocalStack on, CancellationToken ct)
    {
        stack = on;
        History.Secrets = await SecretsAsync(on);
        if (!on.Testing && endpoint.AllocatedPort != endpoint.Port && endpoint.Port > 0)
            on.Console.Info(
                $"Port {endpoint.Port} is held by {Ports.Holder(endpoint.Port.Value)}; the status page is on {endpoint.Url}"
            );
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(endpoint.AllocatedPort));
        var site = builder.Build();
        site.Run(AnswerAsync);
        on.KeepUntilStop(site);
        await site.StartAsync(ct);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        if (
            request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]")
            || request.Host.Port != endpoint.AllocatedPort
        )
            return Refuse(StatusCodes.Status421MisdirectedRequest);
        if (!HttpMethods.IsGet(request.Method))
            return Refuse(StatusCodes.Status405MethodNotAllowed);
        return request.Path.Value switch
        {
            "/" => SendAsync(response, "page.html", "text/html; charset=utf-8"),
            "/page.css" => SendAsync(response, "page.css", "text/css; charset=utf-8"),
            "/page.js" => SendAsync(response, "page.js", "text/javascript; charset=utf-8"),
            "/page.svg" => SendAsync(response, "page.svg", "image/svg+xml"),
            "/status.json" => SendStatusAsync(response, context.RequestAborted),
            "/updates" => TypedResults
                .ServerSentEvents(UpdatesAsync(request.Headers["Last-Event-ID"], context.RequestAborted))
                .ExecuteAsync(context),
            _ => Refuse(StatusCodes.Status404NotFound),
        };

        Task Refuse(int status)
        {
            response.StatusCode = status;
            return Task.CompletedTask;
        }
    }

    private static async Task SendAsync(HttpResponse response, string file, string contentType)
    {
        response.ContentType = contentType;
        await using var content = typeof(StatusPageResource).Assembly.GetManifestResourceStream(file)!;
        await content.CopyToAsync(response.Body);
    }

    private async Task SendStatusAsync(HttpResponse response, CancellationToken ct)
    {
        await ChecksAsync().WaitAsync(ct);
        response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(response.Body, UpdateSince(0).Update, StatusJson.Default.StatusUpdate, ct);
    }

    /// <param name="lastEventId">What a browser that lost its connection has seen, so that it goes on from there.</param>
    private async IAsyncEnumerable<SseItem<string>> UpdatesAsync(
        string? lastEventId,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var known = "";
        var seen = 0L;
        if (lastEventId?.Split('-') is [var before, var number] && before == run)
            _ = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out seen);
        using var timer = new PeriodicTimer(BetweenUpdates);
        do
        {
            _ = ChecksAsync();
            var (update, last) = UpdateSince(seen);
            var resources = JsonSerializer.Serialize(update.Resources, StatusJson.Default.IReadOnlyListResourceView);
            if (last == seen && resources == known)
                continue;
            if (resources == known)
                update = update with { Resources = null };
            (known, seen) = (resources, last);
            yield return new(JsonSerializer.Serialize(update, StatusJson.Default.StatusUpdate))
            {
                EventId = $"{run}-{last}",
            };
        } while (await timer.WaitForNextTickAsync(ct));
    }

    /// <summary>Checks the health of all, unless that has just been done: only while somebody looks, and once for all.</summary>
    private Task ChecksAsync()
    {
        lock (one)
        {
            if (checks.IsCompleted && (checkedAt == 0 || TimeProvider.System.GetElapsedTime(checkedAt) > BetweenChecks))
            {
                checkedAt = TimeProvider.System.GetTimestamp();
                checks = stack.Notifications.CheckAllAsync(CancellationToken.None);
            }
            return checks;
        }
    }

    private (StatusUpdate Update, long Last) UpdateSince(long seen)
    {
        var (logs, requests, last) = History.After(seen);
        return (new(stack.Name, run, [.. stack.Resources.Select(View).OfType<ResourceView>()], logs, requests), last);
    }

    private ResourceView? View(IResource resource)
    {
        if (resource is ExternalServiceResource external)
            return new(
                resource.Name,
                "external service",
                null,
                "external",
                null,
                null,
                [$"{external.Uri}"],
                null,
                0,
                null
            );
        if (resource is not ILocalResource local)
            return null;
        var status = stack.Notifications.StatusOf(resource);
        // A part of a server is as well as the server.
        var health = local.Parent is { } parent ? stack.Notifications.StatusOf(parent) : status;
        return new(
            resource.Name,
            KindOf(resource),
            local.Parent?.Name,
            $"{status.State}".ToLowerInvariant(),
            $"{(status.Health is null ? null : health.Health)}".ToLowerInvariant() is { Length: > 0 } text
                ? text
                : null,
            status.Note is { } note ? History.Mask(note) : null,
            [.. resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.Url.ToString().TrimEnd('/'))],
            status.Since,
            status.Restarts,
            status.ProcessId
        );
    }

    private static string KindOf(IResource resource) =>
        resource switch
        {
            DotnetProjectResource project => Path.GetFileNameWithoutExtension(project.ProjectPath),
            AzurePostgresFlexibleServerResource => "PostgreSQL",
            AzurePostgresFlexibleServerDatabaseResource => "database",
            AzureManagedRedisResource => "Redis",
            AzureStorageResource => "Azurite",
            AzureBlobStorageResource => "blobs",
            AzureBlobStorageContainerResource => "blob container",
            MailPitContainerResource => "Maildev",
            _ => "this page",
        };

    private static async Task<IReadOnlyList<string>> SecretsAsync(LocalStack stack)
    {
        var secrets = new List<string>();
        foreach (var parameter in stack.Resources.OfType<ParameterResource>())
            if (parameter.Secret || parameter.Name.EndsWith("password", StringComparison.Ordinal))
                if (await parameter.GetValueAsync(default) is { Length: > 0 } secret)
                    secrets.Add(secret);
        return secrets;
    }
}
