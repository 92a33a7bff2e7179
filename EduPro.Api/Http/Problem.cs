using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace EduPro.Api.Http;

/// <summary>
/// A refusal in the contract's second shape, <c>{"error", "detail"}</c>, or as RFC 9457 for a client that accepts
/// <c>application/problem+json</c>.
/// </summary>
internal sealed record Problem(int Status, string Error, string Detail) : IResult, IStatusCodeHttpResult
{
    /// <summary>Seconds after which it is worth trying again.</summary>
    public int? RetryAfter { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        if (RetryAfter is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (Status == StatusCodes.Status401Unauthorized)
            headers.WWWAuthenticate = "Bearer";
        return ErrorWriter.Write(
            httpContext,
            Status,
            Error,
            Detail,
            () => new JsonObject { ["error"] = Error, ["detail"] = Detail }
        );
    }
}

/// <summary>Faults of a request's fields, field name to messages: the contract's first shape.</summary>
internal sealed class ValidationProblem(IReadOnlyDictionary<string, List<string>> faults)
    : IResult,
        IStatusCodeHttpResult
{
    /// <summary>Where faults go that belong to no field.</summary>
    public const string NonFieldErrors = "non_field_errors";

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status400BadRequest;

    public static ValidationProblem On(string field, params string[] messages) =>
        new(new Dictionary<string, List<string>> { [field] = [.. messages] });

    /// <summary>One message on each of several fields, which are named as properties are.</summary>
    public static ValidationProblem On(IEnumerable<(string Property, string Message)> faults) =>
        new(
            faults.ToDictionary(
                fault => JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.Property),
                fault => new List<string> { fault.Message }
            )
        );

    /// <summary>The same faults, those of one field under another name too.</summary>
    public ValidationProblem Also(string field, string name) =>
        faults.TryGetValue(field, out var messages) ? With(name, messages) : this;

    /// <summary>The same faults and, where the field has this one, a list that helps with it.</summary>
    public ValidationProblem Explain(string field, string message, string name, IEnumerable<string> help) =>
        faults.TryGetValue(field, out var messages) && messages.Contains(message) ? With(name, [.. help]) : this;

    private ValidationProblem With(string name, List<string> messages) =>
        new(new Dictionary<string, List<string>>(faults) { [name] = messages });

    public Task ExecuteAsync(HttpContext httpContext) =>
        ErrorWriter.Write(
            httpContext,
            StatusCodes.Status400BadRequest,
            "Validation failed",
            "One or more fields are invalid.",
            Errors,
            Errors
        );

    private JsonObject Errors() =>
        new(
            faults.Select(fault =>
                KeyValuePair.Create(
                    fault.Key,
                    (JsonNode?)new JsonArray([.. fault.Value.Select(message => (JsonNode?)message)])
                )
            )
        );
}

file static class ErrorWriter
{
    public static Task Write(
        HttpContext context,
        int status,
        string title,
        string detail,
        Func<JsonObject> body,
        Func<JsonObject>? errors = null
    )
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "private, no-store";
        var asProblem = context
            .Request.GetTypedHeaders()
            .Accept.Any(accepted => accepted.MediaType.Equals("application/problem+json", StringComparison.Ordinal));
        var json = !asProblem
            ? body()
            : new JsonObject
            {
                ["type"] = "about:blank",
                ["title"] = title,
                ["status"] = status,
                ["detail"] = detail,
                ["instance"] = context.Request.Path.Value,
            };
        if (asProblem && errors is not null)
            json["errors"] = errors();
        response.ContentType = asProblem ? "application/problem+json" : "application/json";
        return response.WriteAsync(json.ToJsonString(WireJson.Options), context.RequestAborted);
    }
}
