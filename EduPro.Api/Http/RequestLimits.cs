namespace EduPro.Api.Http;

/// <summary>
/// How long addresses and headers may be. The server would refuse them without a word, so that it is told to take
/// more, and we refuse in the contract's shape; what is longer still it refuses on its own.
/// </summary>
internal static class RequestLimits
{
    private const int LongestAddress = 8 << 10,
        LargestHeaders = 32 << 10,
        MostHeaders = 100,
        Room = 8;

    public static void AddRequestLimits(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestLineSize = LongestAddress * Room;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders * Room;
            kestrel.Limits.MaxRequestHeaderCount = MostHeaders * Room;
        });

    public static void UseRequestLimits(this WebApplication app) =>
        app.Use(
            (context, next) => Refusal(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : next(context)
        );

    /// <summary>What the request is refused with, null for one that may be as long as it is.</summary>
    public static Problem? Refusal(HttpRequest request) =>
        request.Path.Value!.Length + request.QueryString.Value!.Length > LongestAddress ? Problems.AddressTooLong
        : AreTooLarge(request.Headers) ? Problems.HeadersTooLarge
        : null;

    private static bool AreTooLarge(IHeaderDictionary headers)
    {
        var (count, length) = (0, 0);
        foreach (var (name, values) in headers)
        foreach (var value in values)
            (count, length) = (count + 1, length + name.Length + value!.Length);
        return count > MostHeaders || length > LargestHeaders;
    }
}
