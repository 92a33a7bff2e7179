using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EduPro.Tests.Support;

/// <summary>
/// One caller of the API: an address of its own (so that limits are its own), a token once logged in, and the verbs.
/// Bodies are anonymous objects sent as JSON, or <see cref="HttpContent"/> as it is.
/// </summary>
public sealed class Caller : IDisposable
{
    private static int callers;
    private readonly HttpClient client;

    internal Caller(Stack stack, Uri address, string? origin = null)
    {
        Stack = stack;
        var number = Interlocked.Increment(ref callers);
        client = new HttpClient(
            new SocketsHttpHandler
            {
                UseCookies = origin is not null,
                AllowAutoRedirect = false,
                ActivityHeadersPropagator = null, // a service that a test hosts would trace, and rename, this request
                Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
            }
        )
        {
            BaseAddress = address,
        };
        client.DefaultRequestHeaders.Add(
            "X-Forwarded-For",
            string.Create(CultureInfo.InvariantCulture, $"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        );
        if (origin is not null)
            client.DefaultRequestHeaders.Add("Origin", origin);
    }

    public Stack Stack { get; }

    /// <summary>The account's id, username and tokens; empty until registered or logged in.</summary>
    public Guid Id { get; set; }
    public string Username { get; set; } = "";
    public string Email { get; set; } = "";
    public string Password { get; set; } = "";
    public string Refresh { get; private set; } = "";

    public string Access
    {
        get => client.DefaultRequestHeaders.Authorization?.Parameter ?? "";
        set =>
            client.DefaultRequestHeaders.Authorization =
                value.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    public Uri Address => client.BaseAddress!;

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Reply> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    public Task<Reply> Put(string path, object? body = null) => Send(HttpMethod.Put, path, body);

    public Task<Reply> Patch(string path, object? body = null) => Send(HttpMethod.Patch, path, body);

    public Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path);

    /// <param name="path">Below <c>/api/</c>; an absolute path when it starts with a slash.</param>
    public Task<Reply> Send(
        HttpMethod method,
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/api/" + path)
        {
            Content = body switch
            {
                null => null,
                HttpContent content => content,
                _ => JsonContent.Create(body, body.GetType()),
            },
        };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Send(request);
    }

    public async Task<Reply> Send(HttpRequestMessage request)
    {
        using (request)
        {
            RunLog.Secret("token", request.Headers.Authorization?.Parameter ?? Access);
            await RunLog.SecretsOf(request.Content);
            // Who sends much asks first: the refusal would come while it is still being sent, and be lost with it.
            if (request.Content?.Headers.ContentLength > 1 << 20)
                request.Headers.ExpectContinue = true;
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            var reply = new Reply(
                $"{request.Method} {request.RequestUri}",
                (int)response.StatusCode,
                response
                    .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                    .ToDictionary(
                        header => header.Key,
                        header => header.Value.ToString(),
                        StringComparer.OrdinalIgnoreCase
                    ),
                bytes
            );
            RunLog.SecretsInCookies(reply.Header("Set-Cookie"));
            if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true)
                RunLog.SecretsIn(reply.Text);
            var path = response.RequestMessage!.RequestUri!.AbsolutePath;
            WireContract.Of(path)?.Hold(request.Method, path, reply);
            return reply;
        }
    }

    /// <summary>Logs in at the route and keeps the tokens.</summary>
    public async Task LogIn(string path, string username, string password)
    {
        var reply = (await Post(path, new { username, password })).Expect(200);
        (Id, Username, Password) = (reply["user.id"].GetGuid(), username, password);
        (Access, Refresh) = (reply["access"].GetString()!, reply["refresh"].GetString()!);
    }

    public void Dispose() => client.Dispose();
}

/// <summary>What the API answered.</summary>
public sealed record Reply(string Request, int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonElement.Parse(Bytes);

    /// <summary>The value at a dotted path, such as <c>results.0.id</c>.</summary>
    public JsonElement this[string path] =>
        path.Split('.')
            .Aggregate(
                Json,
                (json, step) =>
                    json.ValueKind is JsonValueKind.Array
                        ? json[int.Parse(step, CultureInfo.InvariantCulture)]
                        : json.GetProperty(step)
            );

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Fails the test, with the answer in the message, unless the status is this one.</summary>
    public Reply Expect(int status)
    {
        Assert.True(Status == status, $"{Request}: expected {status}, got {Status}\n{Text}");
        return this;
    }

    /// <summary>Fails unless the answer is this refusal, word by word.</summary>
    public Reply ExpectProblem(int status, string error, string detail)
    {
        Expect(status);
        Assert.Equal((error, detail), (this["error"].GetString(), this["detail"].GetString()));
        return this;
    }

    /// <summary>Fails unless the answer is a 400 with exactly these messages on the field.</summary>
    public Reply ExpectFault(string field, params string[] messages)
    {
        Expect(400);
        Assert.True(Json.TryGetProperty(field, out var faults), $"{Request}: no fault on {field}\n{Text}");
        Assert.Equal(messages, faults.EnumerateArray().Select(fault => fault.GetString()!));
        return this;
    }
}
