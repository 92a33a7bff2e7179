using System.Text.RegularExpressions;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Domain.Catalogue;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Api.Features.Catalogue;

/// <summary>Rules that the writes of courses, modules and lessons share, in the catalogue's words.</summary>
internal static partial class Rules
{
    public const string InvalidCategory = "Invalid category ID.";

    private const string AtLeastOne = "Ensure this value is greater than or equal to 1.";

    public static IRuleBuilderOptions<T, int?> IsOrder<T>(this IRuleBuilder<T, int?> order) =>
        order.GreaterThan(0).WithMessage("Order must be greater than 0.");

    public static IRuleBuilderOptions<T, decimal?> IsPrice<T>(this IRuleBuilder<T, decimal?> price) =>
        price.GreaterThanOrEqualTo(0).WithMessage("Price must be greater than or equal to 0.");

    /// <summary>A price beside <c>is_free</c> has to be 0; none means 0 then.</summary>
    public static void FreeMeansZero<T>(bool isFree, decimal? price, ValidationContext<T> context)
    {
        if (!isFree || price is null or 0)
            return;
        context.AddFailure("Price", "Price must be 0 for free courses");
        context.AddFailure("IsFree", "Cannot set course as free with non-zero price");
    }

    public static IRuleBuilderOptions<T, string?> IsVideoId<T>(this IRuleBuilder<T, string?> id) =>
        id.Must(id => string.IsNullOrEmpty(id) || VideoId.IsMatch(id)).WithMessage("Invalid video ID format.");

    /// <summary>A web address, or anything that names no scheme: it ends up as the source of a frame.</summary>
    public static IRuleBuilderOptions<T, string?> IsTrailer<T>(this IRuleBuilder<T, string?> address) =>
        address
            .Must(address =>
                address is null || Scheme.Match(address).Groups[1].Value.ToLowerInvariant() is "" or "http" or "https"
            )
            .WithMessage("Enter a valid URL.");

    public static IRuleBuilderOptions<T, int?> IsSeats<T>(this IRuleBuilder<T, int?> seats) =>
        seats.GreaterThan(0).WithMessage(AtLeastOne);

    public static IRuleBuilder<T, IReadOnlyList<string>?> AreCountries<T>(
        this IRuleBuilder<T, IReadOnlyList<string>?> codes
    ) =>
        codes.Custom(
            (codes, context) =>
            {
                foreach (var code in codes?.Where(code => !CountryCodes.Contains(code)) ?? [])
                    context.AddFailure($"\"{code}\" is not a valid choice.");
            }
        );

    public static IRuleBuilderOptions<T, Guid> IsCategory<T>(this IRuleBuilder<T, Guid> id, EduProDb db) =>
        id.MustAsync((id, ct) => db.Categories.AnyAsync(c => c.Id == id, ct)).WithMessage(InvalidCategory);

    /// <summary>Courses of the teacher who calls.</summary>
    public static IRuleBuilder<T, IReadOnlyList<Guid>?> AreOwnCourses<T>(
        this IRuleBuilder<T, IReadOnlyList<Guid>?> ids,
        EduProDb db,
        IHttpContextAccessor http
    ) =>
        ids.CustomAsync(
            async (ids, context, ct) =>
            {
                if (ids is not { Count: > 0 })
                    return;
                var teacher = CurrentUser.Of(http.HttpContext!);
                var own = await db
                    .Courses.Where(c => ids.Contains(c.Id) && c.TeacherId == teacher.Id)
                    .Select(c => c.Id)
                    .ToListAsync(ct);
                foreach (var id in ids.Except(own))
                    context.AddFailure($"Invalid pk \"{id}\" - object does not exist.");
            }
        );

    /// <summary>The codes as they are stored: in upper case, each once; none means everywhere.</summary>
    public static string[]? ToStored(this IReadOnlyList<string>? codes) =>
        codes is { Count: > 0 } ? [.. codes.Select(code => code.ToUpperInvariant()).Distinct().Order()] : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{3,100}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VideoId { get; }

    [GeneratedRegex(@"\A\s*([^/?#]*?):", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme { get; }
}
