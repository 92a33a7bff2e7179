using System.Diagnostics;
using EduPro.Media;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace EduPro.Api.Http;

/// <summary>Gives every error that no handler returned its place in the catalogue, and logs the unexpected.</summary>
internal sealed partial class ErrorHandling(ILogger<ErrorHandling> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken ct)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: 413 } => Problems.BodyTooLarge,
            BadHttpRequestException bad => Problems.MalformedBody(bad.Message),
            _ when IsOutage(exception) => Problems.ServiceUnavailable(retryAfter: 5),
            PostgresException { SqlState: ['2', '3', ..] }
            or DbUpdateException { InnerException: PostgresException { SqlState: ['2', '3', ..] } } =>
                Problems.IntegrityError,
            _ => Problems.InternalServerError,
        };
        if (problem.Status >= 500)
            Failed(exception, httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName, problem.Status);
        Activity.Current?.AddException(exception);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Whether a part of the stack is away, so that trying again later is worth it.</summary>
    private static bool IsOutage(Exception exception) =>
        exception switch
        {
            RetryLimitExceededException or TimeoutException or MediaUnavailableException => true,
            NpgsqlException { IsTransient: true } => true,
            PostgresException { SqlState: ['5', '7', 'P', ..] } => true,
            NpgsqlException { InnerException: System.Net.Sockets.SocketException or IOException or TimeoutException } =>
                true,
            AggregateException aggregate => aggregate.InnerExceptions.Any(IsOutage),
            { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };

    /// <summary>The bodies of the statuses that routing answers by itself.</summary>
    public static Task WriteStatus(StatusCodeContext context) =>
        context.HttpContext.Response.StatusCode switch
        {
            404 => Problems.RouteNotFound.ExecuteAsync(context.HttpContext),
            405 => Problems.MethodNotAllowed.ExecuteAsync(context.HttpContext),
            413 => Problems.BodyTooLarge.ExecuteAsync(context.HttpContext),
            415 => Problems.UnsupportedMediaType.ExecuteAsync(context.HttpContext),
            503 => Problems.ServiceUnavailable(retryAfter: 5).ExecuteAsync(context.HttpContext),
            _ => Task.CompletedTask,
        };

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed with {Status}")]
    private partial void Failed(Exception exception, string method, string? endpoint, int status);
}
