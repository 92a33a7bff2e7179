using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EduPro.Tests.Support;

/// <summary>
/// What the services of this run wrote and sent, and the secrets that their callers gave and got: at the end of the run
/// the one is searched for the other.
/// </summary>
internal static partial class RunLog
{
    /// <summary>The field of secrets that are known to be one-time passwords.</summary>
    public const string OneTimePassword = "one-time password";

    private const int LongestBody = 1 << 16;

    private static readonly ConcurrentDictionary<string, string> Secrets = new();
    private static readonly Lock One = new();
    private static readonly FileStream File = new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        FileShare.None,
        bufferSize: 1 << 16,
        FileOptions.DeleteOnClose
    );
    private static readonly BinaryWriter Written = new(File);

    /// <summary>Keeps a line or a message of telemetry.</summary>
    public static void Wrote(string source, ReadOnlySpan<byte> what)
    {
        lock (One)
        {
            Written.Write(source);
            Written.Write(what.Length);
            Written.Write(what);
        }
    }

    public static void Wrote(string source, string line) => Wrote(source, Encoding.UTF8.GetBytes(line));

    /// <summary>Keeps a secret, unless it is so short, or so common a word or number, that it may stand anywhere.</summary>
    public static void Secret(string field, string value)
    {
        var kind = KindOf(field.Trim('"').ToLowerInvariant(), value);
        if (
            kind == OneTimePassword
            || kind is not null && value.Distinct().Count() >= 8 && !Guid.TryParse(value, out _)
        )
            Secrets.TryAdd(value, kind);
    }

    /// <summary>Keeps the secrets that a request carries.</summary>
    public static async Task SecretsOf(HttpContent? content)
    {
        if (content is MultipartContent parts)
            foreach (var part in parts)
                if (await Text(part) is { } value && part.Headers.ContentDisposition?.Name is { } field)
                    if (Field().IsMatch(field))
                        Secret(field, value);
        if (await Text(content) is { } text)
            SecretsIn(text);
    }

    /// <summary>Keeps the secrets of a body: JSON, even if it is cut off, or a form.</summary>
    public static void SecretsIn(string body)
    {
        foreach (Match field in JsonField().Matches(body))
        {
            var value = field.Groups["value"].Value;
            Secret(field.Groups["name"].Value, value);
            if (value.Contains('\\', StringComparison.Ordinal))
                Secret(field.Groups["name"].Value, Regex.Unescape(value));
        }
        foreach (Match field in FormField().Matches(body))
            Secret(field.Groups["name"].Value, Uri.UnescapeDataString(field.Groups["value"].Value.Replace('+', ' ')));
    }

    /// <summary>Keeps the tokens among cookies.</summary>
    public static void SecretsInCookies(string? cookies)
    {
        foreach (Match cookie in CookieToken().Matches(cookies ?? ""))
            Secret("token", cookie.Groups["value"].Value);
    }

    /// <summary>Fails where anything that was written holds a secret.</summary>
    public static void ExpectNoSecrets()
    {
        var search = new SecretSearch(Secrets.Select(secret => (secret.Value, secret.Key)));
        var (messages, leaks) = (0, new List<(string Source, SecretSearch.Leak Leak)>());
        lock (One)
        {
            Written.Flush();
            File.Position = 0;
            using var all = new BinaryReader(File, Encoding.UTF8, leaveOpen: true);
            for (; File.Position < File.Length; messages++)
            {
                var source = all.ReadString();
                var text = Encoding.Latin1.GetString(all.ReadBytes(all.ReadInt32()));
                leaks.AddRange(search.In(text).Select(leak => (source, leak)));
            }
        }
        Assert.True(messages > 0, "No service has written or sent anything.");
        var told = leaks
            .GroupBy(leak => (leak.Source, leak.Leak.Kind, leak.Leak.Secret))
            .Select(same => $"{same.Key.Kind} by {same.Key.Source}, {same.Count()} times: {same.First().Leak.Line}");
        Assert.True(
            leaks.Count == 0,
            $"{leaks.Count} secrets in {messages} lines and messages of telemetry:\n{string.Join('\n', told.Take(20))}"
        );
    }

    private static string? KindOf(string field, string value) =>
        field switch
        {
            OneTimePassword => OneTimePassword,
            _ when field.Contains("password", StringComparison.Ordinal) => value.All(char.IsLetter)
            || Field().IsMatch(value)
                ? null
                : "password",
            "email" or "username" => value.IndexOf('@', StringComparison.Ordinal) is > 0 ? "address" : null,
            _ => value.Length >= 24 ? "token" : null,
        };

    private static async Task<string?> Text(HttpContent? content) =>
        content switch
        {
            // Reading JsonContent itself would give it a length, and so send something else.
            JsonContent json => JsonSerializer.Serialize(json.Value, json.ObjectType, JsonSerializerOptions.Web),
            ByteArrayContent { Headers.ContentLength: <= LongestBody } => Encoding.UTF8.GetString(
                await content.ReadAsByteArrayAsync()
            ),
            _ => null,
        };

    // Names of fields, in requests, answers and forms.
    private const string Fields = @"(?:\w*_)?(?:password\d?|otp|email|username|access|refresh|token)";

    [GeneratedRegex($@"^""?{Fields}""?$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Field();

    [GeneratedRegex(
        $$"""
            "(?<name>{{Fields}})"\s*:\s*"(?<value>(?:[^"\\]|\\.)*)
            """,
        RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex JsonField();

    [GeneratedRegex($"(?:^|&)(?<name>{Fields})=(?<value>[^&]*)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex FormField();

    [GeneratedRegex(@"(?:access|refresh)\w*=(?<value>[\w.-]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex CookieToken();
}
