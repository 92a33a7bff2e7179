using System.Text.Json;
using System.Text.Json.Nodes;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Coupons;

/// <summary>How the web client in use speaks of coupons: in envelopes, and with prices as numbers.</summary>
internal static class CouponsV1
{
    public static readonly Dialect One = new Dialect().Adds<CouponShape>(Add);

    public static readonly Dialect List = new Dialect().Replaces<Page<CouponShape>>(
        (page, context) => Envelope(page, context, Widen)
    );

    public static readonly Dialect Used = new Dialect().Replaces<Page<CouponUseShape>>(
        (page, context) => Envelope(page, context, Flatten)
    );

    private static IResult Envelope<T>(Page<T> page, HttpContext context, Func<T, JsonNode> item) =>
        (page with { HasEnvelope = true }).Write(context, [.. page.Items.Select(item)]);

    private static JsonObject Widen(CouponShape coupon)
    {
        var json = JsonSerializer.SerializeToNode(coupon, WireJson.Options)!.AsObject();
        Add(coupon, json);
        return json;
    }

    private static void Add(CouponShape coupon, JsonObject json) =>
        AddTerms(json, coupon.Price, coupon.CreatedAt, coupon.ValidUntil);

    private static JsonObject Flatten(CouponUseShape use)
    {
        var json = JsonSerializer.SerializeToNode(use, WireJson.Options)!.AsObject();
        json["student"] = use.Student.FullName;
        json["course"] = use.Course.Title;
        AddTerms(json["coupon"]!.AsObject(), use.Coupon.Price, use.Coupon.ValidFrom, use.Coupon.ValidUntil);
        return json;
    }

    private static void AddTerms(JsonObject json, decimal? price, DateTimeOffset date, DateTimeOffset expiration)
    {
        json["price"] = JsonValue.Create(price ?? 0);
        json["date"] = JsonSerializer.SerializeToNode(date, WireJson.Options);
        json["expiration_date"] = JsonSerializer.SerializeToNode(expiration, WireJson.Options);
    }
}
