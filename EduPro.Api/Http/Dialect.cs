using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using EduPro.Api.Http.Binding;

namespace EduPro.Api.Http;

/// <summary>
/// What differs for an endpoint under <c>/api/v1/</c>: names that requests may use beside the documented ones, and
/// what responses carry beside, or instead of, the documented fields. Endpoints are mapped under both prefixes and
/// carry their dialect as metadata; only those under <c>/api/v1/</c> speak it. A use case never knows.
/// </summary>
internal sealed class Dialect
{
    private readonly List<(string Path, string Sent, string Documented)> names = [];
    private readonly List<Action<RequestFields>> adaptations = [];
    private readonly Dictionary<Type, Action<object, JsonObject>> additions = [];
    private readonly Dictionary<Type, Func<object, HttpContext, IResult>> replacements = [];
    private readonly List<DialectFields> described = [];

    /// <summary>Takes the field <paramref name="sent"/> for <paramref name="documented"/>. Fields of list items are
    /// written <c>answers.question_id</c>, with the documented name of the list.</summary>
    public Dialect Accepts(string sent, string documented)
    {
        var dot = sent.LastIndexOf('.') + 1;
        names.Add((sent[..dot], sent[dot..], documented));
        return this;
    }

    /// <summary>Rewrites the request's fields where another name is not enough.</summary>
    /// <param name="adapt">Rewrites them.</param>
    /// <param name="fields">The fields that differ, for the reference; see <see cref="DialectFields"/>.</param>
    public Dialect Accepts(Action<RequestFields> adapt, string fields = "{}")
    {
        adaptations.Add(adapt);
        described.Add(new DialectFields(null, fields));
        return this;
    }

    /// <summary>Adds fields to every response value of type <typeparamref name="T"/>, alone, in a list or on a page.</summary>
    /// <param name="add">Adds them.</param>
    /// <param name="fields">The same fields for the reference; see <see cref="DialectFields"/>.</param>
    public Dialect Adds<T>(Action<T, JsonObject> add, string fields)
        where T : class
    {
        additions[typeof(T)] = (value, json) => add((T)value, json);
        described.Add(new DialectFields(typeof(T), fields));
        return this;
    }

    /// <summary>Answers something else where the use case returned a <typeparamref name="T"/>.</summary>
    /// <param name="replace">Makes the answer.</param>
    /// <param name="responses">Its schemas by status, as JSON.</param>
    public Dialect Replaces<T>(Func<T, HttpContext, IResult> replace, string responses)
        where T : class
    {
        replacements[typeof(T)] = (value, context) => replace((T)value, context);
        Responses = responses;
        return this;
    }

    /// <summary>Names that requests may use: where (empty, or a list and a dot), theirs and the documented one.</summary>
    public IReadOnlyList<(string Path, string Sent, string Documented)> Names => names;

    /// <summary>The fields that differ from the documented ones.</summary>
    public IReadOnlyList<DialectFields> Described => described;

    /// <summary>Schemas of responses that differ altogether, by status, as JSON.</summary>
    public string? Responses { get; private set; }

    /// <summary>The dialect that this request speaks, null under <c>/api/</c>.</summary>
    public static Dialect? Of(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<SpokenHere>() is not null
            ? metadata.GetMetadata<Dialect>()
            : null;

    /// <summary>Whether this request came in under <c>/api/v1/</c>.</summary>
    public static bool IsSpoken(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<SpokenHere>() is not null;

    /// <summary>Lets the endpoints of a group speak their dialects.</summary>
    public static RouteGroupBuilder Speak(RouteGroupBuilder group)
    {
        group.WithMetadata(new SpokenHere());
        group.AddEndpointFilter(
            async (invocation, next) =>
            {
                var result = await next(invocation);
                return Of(invocation.HttpContext) is { } dialect
                    ? dialect.Reshape(result, invocation.HttpContext)
                    : result;
            }
        );
        return group;
    }

    public void Rename(string path, RequestFields fields)
    {
        var pattern = string.Concat(
            path.Split('.').Where(part => !part.All(char.IsAsciiDigit)).Select(part => part + ".")
        );
        foreach (var (_, sent, documented) in names.Where(name => name.Path == pattern))
            fields.Rename(sent, documented);
        if (path.Length == 0)
            adaptations.ForEach(adapt => adapt(fields));
    }

    /// <summary>The result as this dialect has it.</summary>
    public object? Reshape(object? result, HttpContext context)
    {
        if (result is not IValueHttpResult { Value: { } value })
            return result;
        if (replacements.TryGetValue(value.GetType(), out var replace))
            return replace(value, context);
        var items = value is IPage page ? page.Items : value as IEnumerable;
        var first = items is null ? value : items.Cast<object>().FirstOrDefault();
        if (first is null || !additions.TryGetValue(first.GetType(), out var add))
            return result;
        var status = (result as IStatusCodeHttpResult)?.StatusCode;
        JsonNode Widen(object item)
        {
            var json = JsonSerializer.SerializeToNode(item, WireJson.Options)!.AsObject();
            add(item, json);
            return json;
        }
        if (items is null)
            return Results.Json(Widen(value), WireJson.Options, statusCode: status);
        var widened = new JsonArray([.. items.Cast<object>().Select(Widen)]);
        return value is IPage whole
            ? whole.Write(context, widened)
            : Results.Json(widened, WireJson.Options, statusCode: status);
    }

    private sealed class SpokenHere;
}

/// <summary>Fields of a dialect as the reference shows them.</summary>
/// <param name="Of">The response type that has them; null for the request.</param>
/// <param name="Json">Schemas by name, as JSON. A name that ends in a question mark may be absent.</param>
internal sealed record DialectFields(Type? Of, string Json);

internal static class DialectMetadata
{
    /// <summary>Gives the endpoint its dialect under <c>/api/v1/</c>.</summary>
    public static RouteHandlerBuilder InV1(this RouteHandlerBuilder endpoint, Dialect dialect) =>
        endpoint.WithMetadata(dialect);
}
