using System.Diagnostics.Metrics;
using System.Net;
using EduPro.Api.Http;
using EduPro.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EduPro.Tests.Http;

/// <summary>What a replica keeps for strangers, with handlers whose runs can be counted.</summary>
public sealed class SharedResponsesTests : IAsyncLifetime
{
    private readonly TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously),
        mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly HttpClient client = new();
    private WebApplication app = null!;
    private int value,
        reads;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddPublicCaching();
        app = builder.Build();
        app.UseRouting();
        app.UsePublicCaching();
        app.MapGet(
                "/value",
                () =>
                {
                    Interlocked.Increment(ref reads);
                    return value;
                }
            )
            .CachedPublicly();
        app.MapGet(
                "/slow",
                async () =>
                {
                    var read = value;
                    reading.TrySetResult();
                    await mayAnswer.Task;
                    return read;
                }
            )
            .CachedPublicly();
        app.MapPost("/value", () => ++value);
        app.MapPost("/refused", () => TypedResults.BadRequest());
        app.MapPost("/private", () => "noted").ChangesNothingPublic();
        await app.StartAsync(Ct);
        client.BaseAddress = new Uri(app.Urls.Single());
    }

    [Fact]
    public async Task Keeps_an_answer_that_is_asked_for_again_until_something_changes()
    {
        using var requests = new Measured(app.Services.GetRequiredService<IMeterFactory>(), "edupro.cache.requests");
        for (var i = 0; i < 3; i++)
            Assert.Equal("0", await client.GetStringAsync("value", Ct));
        await Post("refused", HttpStatusCode.BadRequest);
        await Post("private", HttpStatusCode.OK);
        Assert.Equal("0", await client.GetStringAsync("value", Ct));
        Assert.Equal(2, reads);
        Assert.Equal(["1 miss", "1 miss", "1 hit", "1 hit"], requests.Values);
        await Post("value", HttpStatusCode.OK);
        for (var i = 0; i < 2; i++)
            Assert.Equal("1", await client.GetStringAsync("value", Ct));
        Assert.Equal(3, reads);
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_shown_after_it()
    {
        var early = client.GetStringAsync("slow", Ct);
        await reading.Task;
        await Post("value", HttpStatusCode.OK);
        var late = client.GetStringAsync("slow", Ct);
        mayAnswer.SetResult();
        Assert.Equal("0", await early);
        Assert.Equal("1", await late);
        Assert.Equal("1", await client.GetStringAsync("slow", Ct));
    }

    private async Task Post(string path, HttpStatusCode status)
    {
        using var reply = await client.PostAsync(new Uri(path, UriKind.Relative), null, Ct);
        Assert.Equal(status, reply.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }
}
