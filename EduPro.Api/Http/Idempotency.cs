using System.Security.Cryptography;
using System.Text;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Domain.Idempotency;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.OpenApi;

namespace EduPro.Api.Http;

/// <summary>
/// The <c>Idempotency-Key</c> header: a repeated request gets the first answer again, for a day, and does nothing. The
/// key's row is inserted before the work begins, so that of two at once only one works. What must not be done twice
/// keeps its answer in its own transaction, see <see cref="Answers"/>. Errors of ours, and conflicts that pass, are not
/// kept: repeating those means trying again.
/// </summary>
internal static class Idempotency
{
    public const string Header = "Idempotency-Key",
        ReplayedHeader = "Idempotency-Replayed";

    private const int LargestBody = 1 << 20;

    /// <summary>After this long a request without an answer has crashed: the next one may work.</summary>
    private static readonly TimeSpan LongestWork = TimeSpan.FromMinutes(1);

    /// <summary>Lets clients repeat the endpoint's requests safely. For callers with an account and bodies up to 1 MB.</summary>
    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder endpoint) =>
        endpoint
            .WithMetadata(new IsIdempotent())
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.Parameters ??= [];
                    operation.Parameters.Add(
                        new OpenApiParameter
                        {
                            Name = Header,
                            In = ParameterLocation.Header,
                            Description =
                                "Repeats are answered with the first answer for 24 hours. "
                                + "With another body: 422; while the first is being worked on: 409.",
                            Schema = new OpenApiSchema
                            {
                                Type = JsonSchemaType.String,
                                MaxLength = IdempotencyKey.LongestKey,
                            },
                        }
                    );
                    return Task.CompletedTask;
                }
            );

    public static void AddIdempotency(this WebApplicationBuilder builder) => builder.Services.AddScoped<Answers>();

    public static void UseIdempotency(this WebApplication app) =>
        app.UseWhen(
            context =>
                context.GetEndpoint()?.Metadata.GetMetadata<IsIdempotent>() is not null
                && context.Request.Headers.ContainsKey(Header),
            branch => branch.Use(Handle)
        );

    private static async Task Handle(HttpContext context, RequestDelegate next)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length is 0 or > IdempotencyKey.LongestKey)
        {
            await Problems.InvalidIdempotencyKey.ExecuteAsync(context);
            return;
        }
        byte[] fingerprint;
        try
        {
            fingerprint = await Fingerprint(context.Request, context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            await Problems.MalformedBody("The form could not be read.").ExecuteAsync(context);
            return;
        }
        var user = CurrentUser.Of(context).Id;
        var db = context.RequestServices.GetRequiredService<EduProDb>();
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var row = db.IdempotencyKeys.Where(k => k.UserId == user && k.Key == key);
        if (await Claim(db, user, key, fingerprint, now, context.RequestAborted))
            await Work(context, next, new Claimed(row));
        else
            await Repeat(context, fingerprint, row);
    }

    /// <summary>Inserts the key, or takes over one that has expired or whose request crashed.</summary>
    private static async Task<bool> Claim(
        EduProDb db,
        Guid user,
        string key,
        byte[] fingerprint,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO idempotency_keys AS known (user_id, key, fingerprint, created_at)
            VALUES ({user}, {key}, {fingerprint}, {now})
            ON CONFLICT (user_id, key) DO UPDATE
            SET fingerprint = excluded.fingerprint, created_at = excluded.created_at,
                status = NULL, content_type = NULL, body = NULL
            WHERE known.created_at < {now - IdempotencyKey.Lifetime}
               OR known.status IS NULL AND known.created_at < {now - LongestWork}
            """,
            ct
        ) == 1;

    /// <summary>Runs the endpoint to its end, also when the client hangs up, and sees that its answer is kept.</summary>
    private static async Task Work(HttpContext context, RequestDelegate next, Claimed claimed)
    {
        var body = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        context.Features.Set(claimed);
        var aborted = context.RequestAborted;
        context.RequestAborted = CancellationToken.None;
        var (isDone, isKept) = (false, false);
        try
        {
            await next(context);
            isDone = context.Response.StatusCode is < 500 and not (409 or 429);
            isKept =
                isDone
                && (claimed.IsKept || await claimed.Keep(context.Response, answer.ToArray(), CancellationToken.None));
        }
        catch (KeptBeforeException)
        {
            isDone = true;
        }
        finally
        {
            context.Response.Body = body;
            context.RequestAborted = aborted;
            if (!isDone)
                await claimed.Release();
        }
        answer.Position = 0;
        if (isDone && !isKept)
            // A commit went through whose confirmation was lost: what was done then has an answer.
            await Repeat(context, fingerprint: null, claimed.Row);
        else
            await answer.CopyToAsync(body, aborted);
    }

    private static async Task Repeat(HttpContext context, byte[]? fingerprint, IQueryable<IdempotencyKey> row)
    {
        var known = await row.AsNoTracking().FirstOrDefaultAsync(context.RequestAborted);
        if (known is not null && fingerprint is not null && !known.Fingerprint.AsSpan().SequenceEqual(fingerprint))
            await Problems.IdempotencyKeyReused.ExecuteAsync(context);
        else if (known is not { Status: { } status })
            await Problems.RequestInProgress.ExecuteAsync(context);
        else
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = known.ContentType;
            context.Response.Headers[ReplayedHeader] = "true";
            await context.Response.Body.WriteAsync(known.Body, context.RequestAborted);
        }
    }

    /// <summary>What makes a request the same: method, address and what it says. Forms differ in their boundaries.</summary>
    private static async Task<byte[]> Fingerprint(HttpRequest request, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestBody;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{request.Method} {request.Path}{request.QueryString}");
        if (request.HasFormContentType)
        {
            foreach (var field in (await Forms.Read(request, ct)).OrderBy(field => field.Key, StringComparer.Ordinal))
            {
                Add(field.Key);
                foreach (var value in field.Value)
                    Add(value ?? "");
            }
        }
        else
        {
            request.EnableBuffering(LargestBody);
            hash.AppendData(await SHA256.HashDataAsync(request.Body, ct));
            request.Body.Position = 0;
        }
        return hash.GetHashAndReset();

        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    /// <summary>Marks the endpoints that may be repeated.</summary>
    internal sealed class IsIdempotent;

    /// <summary>Our key, as long as its request is worked on.</summary>
    private sealed class Claimed(IQueryable<IdempotencyKey> row)
    {
        private readonly IQueryable<IdempotencyKey> unanswered = row.Where(k => k.Status == null);

        public IQueryable<IdempotencyKey> Row => row;

        /// <summary>Whether the answer that went out was kept with its work.</summary>
        public bool IsKept { get; set; }

        /// <summary>Keeps the answer; false when there is one already.</summary>
        public async Task<bool> Keep(HttpResponse response, byte[] body, CancellationToken ct) =>
            await unanswered.ExecuteUpdateAsync(
                set =>
                    set.SetProperty(k => k.Status, response.StatusCode)
                        .SetProperty(k => k.ContentType, response.ContentType)
                        .SetProperty(k => k.Body, body),
                ct
            ) == 1;

        public async Task Release() => await unanswered.ExecuteDeleteAsync();
    }

    /// <summary>
    /// Keeps answers with the work that they tell of: both are committed, or neither, whatever crashes in between.
    /// </summary>
    internal sealed class Answers(IHttpContextAccessor http)
    {
        /// <summary>
        /// The last thing in the work's transaction. The endpoint returns what this returns; without an
        /// <c>Idempotency-Key</c> that is the answer itself.
        /// </summary>
        public async Task<IResult> Keep(IResult answer, CancellationToken ct)
        {
            var context = http.HttpContext!;
            if (context.Features.Get<Claimed>() is not { } claimed)
                return answer;
            var result = Dialect.Of(context)?.Reshape(answer, context) as IResult ?? answer;
            var (response, body) = (context.Response, context.Response.Body);
            using var written = new MemoryStream();
            response.Body = written;
            try
            {
                await result.ExecuteAsync(context);
            }
            finally
            {
                response.Body = body;
            }
            var kept = new KeptAnswer(claimed, response.StatusCode, response.ContentType, written.ToArray());
            return await claimed.Keep(response, kept.Body, ct) ? kept : throw new KeptBeforeException();
        }
    }

    private sealed record KeptAnswer(Claimed Claimed, int Status, string? ContentType, byte[] Body) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            Claimed.IsKept = true;
            context.Response.StatusCode = Status;
            context.Response.ContentType = ContentType;
            await context.Response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }

    /// <summary>The work was done and answered before: a transaction that is run again after it was committed.</summary>
    private sealed class KeptBeforeException : Exception;
}
