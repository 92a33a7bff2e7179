using System.Diagnostics;
using System.Text.Json;

namespace EduPro.LocalHosting;

/// <summary>Asks a server until it answers as it should.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public static Task UntilAsync(
        Func<CancellationToken, Task> check,
        IResource resource,
        SupervisedProcess? process,
        LocalStack stack,
        CancellationToken ct
    ) =>
        UntilAsync(
            async token =>
            {
                await check(token);
                return null;
            },
            resource,
            process,
            stack,
            ct
        );

    /// <summary>Asks now until it answers, and from then on whenever somebody wants to know.</summary>
    /// <param name="check">Answers what is degraded, if anything is.</param>
    /// <exception cref="DistributedApplicationException">It did not answer, or its process ended.</exception>
    public static async Task UntilAsync(
        Func<CancellationToken, Task<string?>> check,
        IResource resource,
        SupervisedProcess? process,
        LocalStack stack,
        CancellationToken ct
    )
    {
        stack.Notifications.Check(resource, check);
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                _ = await check(ct);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                if (process?.FirstExit.Task is { IsFaulted: true } broken)
                    await broken;
                if (stack.Testing && process?.FirstExit.Task is { IsCompleted: true } ended)
                    throw new DistributedApplicationException($"{resource.Name} ended with exit code {await ended}.");
                if (since.Elapsed > Patience)
                    throw new DistributedApplicationException(
                        $"{resource.Name} is not healthy after {Patience.TotalSeconds} s: {e.Message}"
                    );
            }
            await Task.Delay(Between, ct);
        }
    }

    /// <summary>Answers which of the checks that the answer names are not healthy.</summary>
    public static async Task<string?> HttpAsync(Uri url, int statusCode, CancellationToken ct)
    {
        using var response = await Http.GetAsync(url, ct);
        var ailing = await AilingAsync(response, ct);
        return (int)response.StatusCode == statusCode
            ? ailing
            : throw new HttpRequestException(
                $"{url.AbsolutePath} answers {(int)response.StatusCode} {ailing}".TrimEnd()
            );
    }

    private static async Task<string?> AilingAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
            return null;
        using var report = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), default, ct);
        if (
            report.RootElement.ValueKind != JsonValueKind.Object
            || !report.RootElement.TryGetProperty("checks", out var checks)
        )
            return null;
        var ailing = checks
            .EnumerateObject()
            .Where(check => !check.Value.ValueEquals("Healthy"))
            .Select(check => $"{check.Name} {check.Value}".ToLowerInvariant())
            .ToList();
        return ailing.Count == 0 ? null : string.Join(", ", ailing);
    }
}
