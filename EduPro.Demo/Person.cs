using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EduPro.Demo;

/// <summary>Somebody who uses the API, from an address of their own.</summary>
internal sealed class Person(HttpClient http, string username)
{
    public const string Api = "api";
    public const string Password = "Sesame-open-9";

    private static int people;

    public string Username => username;

    public static Person Called(string username, IHttpClientFactory clients)
    {
        var client = clients.CreateClient(Api);
        var number = Interlocked.Increment(ref people);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.77.{number / 250}.{1 + (number % 250)}");
        return new(client, username);
    }

    public Task<JsonElement> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<JsonElement> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    public Task<JsonElement> Patch(string path, object body) => Send(HttpMethod.Patch, path, body);

    /// <summary>The id of what a POST made.</summary>
    public async Task<Guid> Make(string path, object body) => (await Post(path, body)).GetProperty("id").GetGuid();

    /// <summary>False when the account does not exist, or has another password.</summary>
    public async Task<bool> LogIn(string path, string password = Password)
    {
        using var response = await http.PostAsJsonAsync(path, new { username, password });
        if (!response.IsSuccessStatusCode)
            return false;
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var access = answer.GetProperty("access").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return true;
    }

    /// <exception cref="HttpRequestException">The API refused; the message holds its words.</exception>
    private async Task<JsonElement> Send(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body switch
            {
                null => null,
                HttpContent content => content,
                _ => JsonContent.Create(body, body.GetType()),
            },
        };
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {text}");
    }
}
