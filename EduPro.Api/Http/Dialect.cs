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

    /// <summary>Takes the field <paramref name="sent"/> for <paramref name="documented"/>. Fields of list items are
    /// written <c>answers.question_id</c>, with the documented name of the list.</summary>
    public Dialect Accepts(string sent, string documented)
    {
        var dot = sent.LastIndexOf('.') + 1;
        names.Add((sent[..dot], sent[dot..], documented));
        return this;
    }

    /// <summary>Rewrites the request's fields where another name is not enough.</summary>
    public Dialect Accepts(Action<RequestFields> adapt)
    {
        adaptations.Add(adapt);
        return this;
    }

    /// <summary>Adds fields to every response value of type <typeparamref name="T"/>, alone, in a list or on a page.</summary>
    public Dialect Adds<T>(Action<T, JsonObject> add)
        where T : class
    {
        additions[typeof(T)] = (value, json) => add((T)value, json);
        return this;
    }

    /// <summary>Answers something else where the use case returned a <typeparamref name="T"/>.</summary>
    public Dialect Replaces<T>(Func<T, HttpContext, IResult> replace)
        where T : class
    {
        replacements[typeof(T)] = (value, context) => replace((T)value, context);
        return this;
    }

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

internal static class DialectMetadata
{
    /// <summary>Gives the endpoint its dialect under <c>/api/v1/</c>.</summary>
    public static RouteHandlerBuilder InV1(this RouteHandlerBuilder endpoint, Dialect dialect) =>
        endpoint.WithMetadata(dialect);
}
