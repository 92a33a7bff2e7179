using System.Net.Http.Json;
using System.Text.Json;

namespace EduPro.Tests.Video;

/// <summary>What a test does to an emulator, and sees in it.</summary>
internal class EmulatorControls(HttpClient controls) : IDisposable
{
    public Uri Url => controls.BaseAddress!;

    public async Task Break(
        string kind,
        string? operation = null,
        int status = 503,
        int delayMs = 0,
        int? times = null,
        string? link = null
    )
    {
        var fault = new
        {
            kind,
            operation,
            status,
            delay_ms = delayMs,
            times,
            link = link ?? "http://169.254.169.254/",
        };
        using var response = await controls.PostAsJsonAsync("/emulator/faults", fault, Ct);
        response.EnsureSuccessStatusCode();
    }

    public async Task Repair() => (await controls.DeleteAsync("/emulator/faults", Ct)).EnsureSuccessStatusCode();

    public async Task Change(string videoId, object change)
    {
        using var response = await controls.PostAsJsonAsync("/emulator/videos/" + videoId, change, Ct);
        response.EnsureSuccessStatusCode();
    }

    public async Task<long> Count(string operation)
    {
        var counters = await controls.GetFromJsonAsync<Dictionary<string, long>>("/emulator/counters", Ct);
        return counters!.GetValueOrDefault(operation);
    }

    public async Task<JsonElement> Inspect(string videoId)
    {
        var videos = await controls.GetFromJsonAsync<JsonElement>("/emulator/videos", Ct);
        return videos.EnumerateArray().Single(video => video.GetProperty("id").GetString() == videoId);
    }

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => controls.SendAsync(request, Ct);

    /// <summary>Changes what becomes of the videos that are made from now on.</summary>
    public async Task Set(object settings)
    {
        using var response = await controls.PostAsJsonAsync("/emulator/settings", settings, Ct);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Whether the emulator still has the video.</summary>
    public async Task<bool> Has(string videoId)
    {
        var videos = await controls.GetFromJsonAsync<JsonElement>("/emulator/videos", Ct);
        return videos.EnumerateArray().Any(video => video.GetProperty("id").GetString() == videoId);
    }

    /// <summary>Sends the hook of the video now; the receiver's status code.</summary>
    public async Task<string> SendHook(string videoId)
    {
        using var response = await controls.PostAsync("/emulator/videos/" + videoId + "/hook", null, Ct);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(Ct);
    }

    public void Dispose() => controls.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
