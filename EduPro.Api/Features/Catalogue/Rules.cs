using System.Text.RegularExpressions;
using FluentValidation;

namespace EduPro.Api.Features.Catalogue;

/// <summary>Rules that the writes of courses, modules and lessons share, in the catalogue's words.</summary>
internal static partial class Rules
{
    public const string OrderTooSmall = "Order must be greater than 0.",
        PriceTooSmall = "Price must be greater than or equal to 0.",
        InvalidCategory = "Invalid category ID.",
        InvalidVideoId = "Invalid video ID format.";

    /// <summary>A price beside <c>is_free</c> has to be 0; none means 0 then.</summary>
    public static void FreeMeansZero<T>(bool isFree, decimal? price, ValidationContext<T> context)
    {
        if (!isFree || price is null or 0)
            return;
        context.AddFailure("Price", "Price must be 0 for free courses");
        context.AddFailure("IsFree", "Cannot set course as free with non-zero price");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{3,100}\z")]
    public static partial Regex VideoId { get; }
}
