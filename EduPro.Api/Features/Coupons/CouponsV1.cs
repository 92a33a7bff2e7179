using System.Text.Json;
using System.Text.Json.Nodes;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Coupons;

/// <summary>How the web client in use speaks of coupons: in envelopes, and with prices as numbers.</summary>
internal static class CouponsV1
{
    public static readonly Dialect One = new Dialect().Adds<CouponShape>(Add, Terms);

    public static readonly Dialect List = new Dialect().Replaces<Page<CouponShape>>(
        (page, context) => Envelope(page, context, Widen),
        """{ "200": { "envelope of": { "$ref": "#/components/schemas/CouponShape" } } }"""
    );

    public static readonly Dialect Used = new Dialect().Replaces<Page<CouponUseShape>>(
        (page, context) => Envelope(page, context, Flatten),
        """
        {
          "200": {
            "envelope of": {
              "id": { "type": "string", "format": "uuid" },
              "student": { "type": "string" },
              "course": { "type": "string" },
              "used_at": { "type": "string", "format": "date-time" },
              "coupon": {
                "id": { "type": "string", "format": "uuid" },
                "code": { "type": "string" },
                "discount_percentage": { "type": "integer", "format": "int32" },
                "valid_from": { "type": "string", "format": "date-time" },
                "valid_until": { "type": "string", "format": "date-time" },
                "price": { "type": "number" },
                "date": { "type": "string", "format": "date-time" },
                "expiration_date": { "type": "string", "format": "date-time" }
              }
            }
          }
        }
        """
    );

    private const string Terms = """
        {
          "price": { "type": "number" },
          "date": { "type": "string", "format": "date-time" },
          "expiration_date": { "type": "string", "format": "date-time" }
        }
        """;

    private static IResult Envelope<T>(Page<T> page, HttpContext context, Func<T, JsonNode> item) =>
        (page with { HasEnvelope = true }).Write(context, [.. page.Items.Select(item)]);

    private static JsonObject Widen(CouponShape coupon)
    {
        var json = JsonSerializer.SerializeToNode(coupon, WireJson.Options)!.AsObject();
        Add(coupon, json);
        return json;
    }

    private static void Add(CouponShape coupon, JsonObject json)
    {
        AddTerms(json, coupon.Price, coupon.CreatedAt, coupon.ValidUntil);
        foreach (var (created, shown) in (coupon.Coupons ?? []).Zip(json["coupons"]?.AsArray() ?? []))
            Add(created, shown!.AsObject());
    }

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
