using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Coupons;

[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(IReadOnlyList<CouponShape>))]
[JsonSerializable(typeof(IReadOnlyList<CouponUseShape>))]
internal sealed partial class CouponsJson : JsonSerializerContext;
