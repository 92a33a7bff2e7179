namespace EduPro.Domain.Pricing;

/// <summary>What something costs, what is taken off, and what is paid; each to the cent, net = gross - discount.</summary>
public readonly record struct Price(decimal Gross, decimal Discount, decimal Net)
{
    /// <summary>The list price, nothing taken off. A voucher that covers it pays this.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is negative.</exception>
    public static Price Full(decimal gross) => Discounted(gross, 0);

    /// <summary>The price less a percentage, what is paid rounded half-even to cents.</summary>
    /// <param name="gross">Not negative, whole cents.</param>
    /// <param name="percentage">0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The price or the percentage is out of bounds.</exception>
    public static Price Discounted(decimal gross, int percentage)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gross);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gross, Math.Round(gross, 2), nameof(gross));
        ArgumentOutOfRangeException.ThrowIfNegative(percentage);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentage, 100);
        var net = Math.Round(gross * (100 - percentage) / 100, 2, MidpointRounding.ToEven);
        return new Price(gross, gross - net, net);
    }

    /// <summary>Whether a prepaid voucher pays for something: all of it or nothing.</summary>
    public static bool Covers(decimal voucher, decimal price) => voucher >= price;
}
