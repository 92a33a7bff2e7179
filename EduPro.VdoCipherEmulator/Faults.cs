using System.Globalization;

namespace EduPro.VdoCipherEmulator;

/// <summary>Ways to answer wrongly.</summary>
internal enum FaultKind
{
    /// <summary>Late, otherwise well: after the fault's delay.</summary>
    Delay,

    /// <summary>With the fault's status code.</summary>
    Status,

    /// <summary>200 and a page of HTML.</summary>
    Nonsense,

    /// <summary>200 and JSON of another shape.</summary>
    WrongShape,

    /// <summary>200 and JSON without end, up to 64 MB.</summary>
    Huge,

    /// <summary>200 and JSON of which a blank comes every 100 ms, for a minute.</summary>
    Drip,

    /// <summary>A connection that breaks.</summary>
    Abort,

    /// <summary>302 to the emulator's own page.</summary>
    Redirect,

    /// <summary>For <c>create</c>: credentials that lead to the fault's link, an internal address if it has none.</summary>
    BadLink,
}

/// <summary>
/// A fault for the next <paramref name="Times"/> requests of an operation (create, upload, get, otp, delete; any when
/// null; until cleared when <paramref name="Times"/> is null).
/// </summary>
internal sealed record Fault(
    FaultKind Kind,
    string? Operation = null,
    int Status = 503,
    int DelayMs = 0,
    int? Times = null,
    string Link = "http://169.254.169.254/latest/"
)
{
    /// <summary>The fault that a request asks for itself: ?emulator_fault=status&amp;emulator_status=503&amp;emulator_delay_ms=100.</summary>
    public static Fault? Of(IQueryCollection query)
    {
        var delay = Number(query["emulator_delay_ms"]);
        if (Enum.TryParse<FaultKind>(((string?)query["emulator_fault"])?.Replace("_", ""), true, out var kind))
            return new Fault(kind, Status: Number(query["emulator_status"]) ?? 503, DelayMs: delay ?? 0);
        return delay is { } ms ? new Fault(FaultKind.Delay, DelayMs: ms) : null;
    }

    public static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The faults that are set, oldest first.</summary>
internal sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Fault> set = [];

    public void Add(Fault fault)
    {
        lock (gate)
            set.Add(fault);
    }

    public void Clear()
    {
        lock (gate)
            set.Clear();
    }

    public Fault? Take(string operation)
    {
        lock (gate)
        {
            var index = set.FindIndex(fault => fault.Operation is null || fault.Operation == operation);
            if (index < 0)
                return null;
            var fault = set[index];
            if (fault.Times is <= 1)
                set.RemoveAt(index);
            else if (fault.Times is { } times)
                set[index] = fault with { Times = times - 1 };
            return fault;
        }
    }
}

/// <summary>Counts every call of the API, then does what its fault says, then asks for the secret.</summary>
internal sealed class ApiGate(
    RequestDelegate next,
    Faults faults,
    Counters counters,
    Secrets secrets,
    TimeProvider time
)
{
    public static readonly object Link = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is not { } operation)
        {
            await next(context);
            return;
        }
        counters.Count(operation.Name);
        if ((Fault.Of(context.Request.Query) ?? faults.Take(operation.Name)) is { } fault)
        {
            if (fault.DelayMs > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, context.RequestAborted);
            if (await Misbehave(context, fault))
                return;
        }
        if (operation.NeedsSecret && context.Request.Headers.Authorization != "Apisecret " + secrets.Api)
        {
            counters.Count("unauthorized");
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsJsonAsync(new Message("Invalid API secret"), Wire.Default.Message);
            return;
        }
        await next(context);
    }

    private async Task<bool> Misbehave(HttpContext context, Fault fault)
    {
        var response = context.Response;
        switch (fault.Kind)
        {
            case FaultKind.Status:
                response.StatusCode = fault.Status;
                await response.WriteAsJsonAsync(new Message("An injected fault"), Wire.Default.Message);
                return true;
            case FaultKind.Nonsense:
                await response.WriteAsync("<html><body>It works!</body></html>");
                return true;
            case FaultKind.WrongShape:
                await response.WriteAsync("""{"clientPayload":7,"status":["ready"],"otp":null,"length":"long"}""");
                return true;
            case FaultKind.Huge:
                await response.WriteAsync("{\"status\":\"");
                var chunk = new string('a', 64 * 1024);
                for (var sent = 0; sent < 1024; sent++)
                    await response.WriteAsync(chunk, context.RequestAborted);
                return true;
            case FaultKind.Drip:
                for (var sent = 0; sent < 600; sent++)
                {
                    await response.WriteAsync(" ", context.RequestAborted);
                    await response.Body.FlushAsync(context.RequestAborted);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), time, context.RequestAborted);
                }
                return true;
            case FaultKind.Abort:
                context.Abort();
                return true;
            case FaultKind.Redirect:
                response.Redirect("/");
                return true;
            case FaultKind.BadLink:
                context.Items[Link] = fault.Link;
                return false;
            default:
                return false;
        }
    }
}

/// <summary>Marks an endpoint as part of VdoCipher's API.</summary>
internal sealed record Operation(string Name, bool NeedsSecret = true);
