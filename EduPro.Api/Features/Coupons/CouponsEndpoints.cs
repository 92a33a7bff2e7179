using EduPro.Api.Http;

namespace EduPro.Api.Features.Coupons;

/// <summary>Chapter 6: coupons and vouchers.</summary>
internal static class CouponsEndpoints
{
    public static void AddCoupons(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<CouponRules>();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, CouponsJson.Default)
        );
    }

    public static void MapCoupons(this RouteGroupBuilder api)
    {
        var coupons = api.MapGroup("coupon").WithTags("Coupons").ChangesNothingPublic();
        coupons
            .MapPost("create/", CreateCoupons.Handle)
            .ForTeachers()
            .Idempotent()
            .InV1(CouponsV1.One)
            .WithSummary("Create coupons or vouchers")
            .Produces<CouponShape>(201);
        coupons
            .MapGet("list/", ListCoupons.Handle)
            .ForTeachers()
            .InV1(CouponsV1.List)
            .WithSummary("List one's coupons")
            .Produces<IReadOnlyList<CouponShape>>();
        coupons
            .MapGet("detail/{coupon_id}/", GetCoupon.Handle)
            .ForTeachers()
            .InV1(CouponsV1.One)
            .WithSummary("Show a coupon of one's own")
            .Refuses(Problems.CouponNotFound)
            .Produces<CouponShape>();
        coupons
            .MapMethods("update/{coupon_id}/", ["PUT", "PATCH"], UpdateCoupon.Handle)
            .ForTeachers()
            .WithSummary("Change a coupon of one's own")
            .Refuses(Problems.CouponNotFound)
            .Produces<Done>();
        coupons
            .MapDelete("delete/{coupon_id}/", DeleteCoupon.Handle)
            .ForTeachers()
            .WithSummary("Delete a coupon of one's own")
            .Refuses(Problems.CouponNotFound)
            .Produces<Done>();
        coupons
            .MapGet("used-coupons/", ListUsedCoupons.Handle)
            .ForTeachers()
            .InV1(CouponsV1.Used)
            .WithSummary("List the uses of one's coupons")
            .Produces<IReadOnlyList<CouponUseShape>>();
    }
}
