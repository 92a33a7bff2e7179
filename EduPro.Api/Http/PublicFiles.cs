using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EduPro.Api.Http;

/// <summary>
/// A response's property that holds the name of a public blob: it is written as the address where the request's client
/// finds it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PublicFileAttribute : Attribute;

internal static class PublicFiles
{
    private static readonly HttpContextAccessor Http = new();

    /// <summary>Call it when all contracts are known.</summary>
    public static void WriteAddresses(JsonSerializerOptions options) =>
        options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(WriteAddresses);

    private static void WriteAddresses(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (
                property is { AttributeProvider: { } attributes, Get: { } get }
                && attributes.IsDefined(typeof(PublicFileAttribute), inherit: true)
            )
                property.Get = shape => get(shape) is string blob ? AddressOf(blob) : null;
    }

    private static string AddressOf(string blob)
    {
        var request =
            Http.HttpContext?.Request ?? throw new InvalidOperationException("Only a request knows its addresses.");
        return $"{request.Scheme}://{request.Host}/media/{blob}";
    }
}
