using CsCheck;
using EduPro.Domain.Passwords;
using EduPro.Domain.Pricing;
using Xunit;

namespace EduPro.Tests.Domain;

public class PricingTests
{
    [Theory]
    [InlineData("49.99", 0, "49.99", "0")]
    [InlineData("49.99", 20, "39.99", "10.00")]
    [InlineData("49.99", 100, "0", "49.99")]
    [InlineData("0.25", 50, "0.12", "0.13")]
    [InlineData("0.35", 50, "0.18", "0.17")]
    [InlineData("0.01", 50, "0.00", "0.01")]
    [InlineData("0.03", 50, "0.02", "0.01")]
    [InlineData("99999999.99", 33, "66999999.99", "33000000.00")]
    [InlineData("0", 10, "0", "0")]
    public void A_discount_rounds_what_is_paid_half_even(string gross, int percentage, string net, string discount)
    {
        var price = Price.Discounted(Money(gross), percentage);

        Assert.Equal(new Price(Money(gross), Money(discount), Money(net)), price);
    }

    [Fact]
    public void Nonsense_has_no_price()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.Discounted(-0.01m, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.Discounted(0.001m, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.Discounted(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.Discounted(1, 101));
    }

    [Fact]
    public void What_is_paid_lies_between_nothing_and_the_price() =>
        Gen.Select(Gen.Long[0, 9_999_999_999], Gen.Int[0, 100], Gen.Int[0, 100])
            .Sample(
                (cents, a, b) =>
                {
                    var gross = cents / 100m;
                    var price = Price.Discounted(gross, a);

                    Assert.InRange(price.Net, 0, gross);
                    Assert.Equal(gross, price.Net + price.Discount);
                    Assert.Equal(price.Net, Math.Round(price.Net, 2));
                    Assert.True(Math.Abs(price.Net - gross * (100 - a) / 100) <= 0.005m);
                    Assert.True(a > b || price.Net >= Price.Discounted(gross, b).Net);
                }
            );

    [Fact]
    public void A_voucher_pays_all_or_nothing()
    {
        Assert.True(Price.Covers(50, 49.99m));
        Assert.True(Price.Covers(49.99m, 49.99m));
        Assert.False(Price.Covers(49.98m, 49.99m));
        Assert.Equal(new Price(49.99m, 0, 49.99m), Price.Full(49.99m));
    }

    [Fact]
    public void Coupon_codes_have_no_look_alikes_and_use_every_other_character()
    {
        var codes = Enumerable.Range(0, 2000).Select(_ => CouponCodes.Generate()).ToArray();

        Assert.All(codes, c => Assert.Matches("^[A-HJKMNP-Z2-9]{10}$", c));
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.Equal(31, string.Concat(codes).Distinct().Count());
    }

    [Fact]
    public void One_time_passwords_are_six_digits_each_in_every_place()
    {
        var codes = Enumerable.Range(0, 2000).Select(_ => Otp.Generate()).ToArray();

        Assert.All(codes, c => Assert.Matches("^[0-9]{6}$", c));
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(10, codes.Select(c => c[i]).Distinct().Count()));
    }

    [Theory]
    [InlineData("FREE", true)]
    [InlineData("free", true)]
    [InlineData(" Free ", true)]
    [InlineData("FREED", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Free_courses_take_one_code(string? code, bool free) => Assert.Equal(free, CouponCodes.IsFree(code));

    private static decimal Money(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
