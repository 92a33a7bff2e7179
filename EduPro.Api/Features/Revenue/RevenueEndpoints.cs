using System.Globalization;
using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Revenue;

/// <summary>Chapter 9: what a teacher earns.</summary>
internal static class RevenueEndpoints
{
    /// <summary>The web client in use calls the total <c>revenue</c>.</summary>
    private static readonly Dialect V1 = new Dialect().Adds<ShowRevenue.Response>(
        (revenue, json) => json["revenue"] = revenue.TotalRevenue.ToString("F2", CultureInfo.InvariantCulture),
        """{ "revenue": { "type": "string", "format": "decimal" } }"""
    );

    public static void AddRevenue(this WebApplicationBuilder builder) =>
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RevenueJson.Default)
        );

    public static void MapRevenue(this RouteGroupBuilder api) =>
        api.MapGroup("teacher")
            .WithTags("Revenue")
            .MapGet("revenue/", ShowRevenue.Handle)
            .ForTeachers()
            .InV1(V1)
            .WithSummary("Show what one's courses earned")
            .Produces<ShowRevenue.Response>();
}

[JsonSerializable(typeof(ShowRevenue.Response), TypeInfoPropertyName = "RevenueResponse")]
internal sealed partial class RevenueJson : JsonSerializerContext;
