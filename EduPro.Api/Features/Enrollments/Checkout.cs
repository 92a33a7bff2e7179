using EduPro.Api.Http;
using EduPro.Api.Http.Binding;
using EduPro.Data;
using EduPro.Data.Sales;
using EduPro.Domain.Enrollments;
using EduPro.Domain.Pricing;
using Npgsql;

namespace EduPro.Api.Features.Enrollments;

/// <summary>What a student is about to buy, as it stood when it was looked up.</summary>
internal sealed record Offer(
    Guid TeacherId,
    Guid CourseId,
    string CourseTitle,
    Guid? ModuleId,
    decimal Price,
    CouponTerms? Coupon,
    OpenPayment? OpenPayment,
    int CompletedLessons
);

/// <summary>A payment for the same thing that has not been settled yet.</summary>
internal sealed record OpenPayment(Guid Id, DateTimeOffset CreatedAt);

/// <summary>An offer, or why there is none.</summary>
internal readonly record struct Look(Offer? Offer, Problem? Refusal)
{
    public static implicit operator Look(Problem refusal) => new(null, refusal);

    public static implicit operator Look(Offer offer) => new(offer, null);
}

/// <summary>How a student wants to pay.</summary>
internal abstract class PaymentFields
{
    /// <summary>A coupon or voucher of the course's teacher; <c>FREE</c> says nothing on a free course.</summary>
    [MaxLength(Coupon.LongestCode)]
    public string? CouponCode { get; init; }

    /// <summary>What the client got from the payment gateway.</summary>
    [MaxLength(500)]
    public string? PaymentToken { get; init; }
}

/// <summary>
/// How students pay and get in. Where a gateway has to be asked, the payment is written down first and holds the seat
/// and the coupon's use; no lock is held while the gateway thinks. Else all is one transaction.
/// </summary>
internal sealed class Checkout(EduProDb db, IPaymentGateway gateway, Idempotency.Answers answers, TimeProvider clock)
{
    /// <summary>How often we look again at something that changed between our look and our write.</summary>
    private const int MostLooks = 5;

    /// <summary>A payment older than this was left behind by a crash or a lost answer.</summary>
    private static readonly TimeSpan LongestCharge = TimeSpan.FromSeconds(30);

    /// <summary>Sells what <paramref name="look"/> finds; returns the <paramref name="message"/>, or why not.</summary>
    /// <param name="look">Looks the thing up inside the transaction, the student locked.</param>
    public async Task<IResult> Buy(
        Guid student,
        string? token,
        Func<CancellationToken, Task<Look>> look,
        Done message,
        CancellationToken ct
    )
    {
        var sold = TypedResults.Created((string?)null, message);
        Step.Changed? overtaken = null;
        for (var looks = 0; looks < MostLooks; looks++)
        {
            Step step;
            try
            {
                step = await db.InTransaction(
                    ct => Begin(student, token, overtaken, look, sold, ct),
                    ct,
                    keep: step => step is Step.Sold or Step.Reserved
                );
            }
            catch (Exception e) when (IsOvertaken(e))
            {
                step = new Step.Changed(overtaken?.Offer);
            }
            switch (step)
            {
                case Step.Sold(var kept):
                    return kept;
                case Step.Refused(var refusal):
                    return refusal;
                case Step.Reserved(var payment):
                    return await Charge(payment, token, sold, ct);
                case Step.Open(var open) when clock.GetUtcNow() - open.CreatedAt < LongestCharge:
                    return Problems.PaymentInProgress;
                case Step.Open(var open):
                    var outcome = await Ask(open.Id);
                    var settled = await Settle(open.Id, outcome, sold, ct);
                    if (outcome is null or ChargeOutcome.Approved)
                        return settled;
                    break;
                case Step.Changed changed:
                    overtaken = changed;
                    break;
            }
        }
        return Problems.ServiceUnavailable(retryAfter: 1);
    }

    private async Task<Step> Begin(
        Guid student,
        string? token,
        Step.Changed? overtaken,
        Func<CancellationToken, Task<Look>> look,
        IResult sold,
        CancellationToken ct
    )
    {
        await db.LockStudent(student, ct);
        if (overtaken?.Offer is { } stale)
            await db.LockTerms(stale.Coupon?.Id, stale.CourseId, ct);
        var (offer, refusal) = await look(ct);
        if (offer is null)
            return new Step.Refused(refusal!);
        if (offer.OpenPayment is { } open)
            return new Step.Open(open);
        var now = clock.GetUtcNow();
        var coupon = offer.Price > 0 ? offer.Coupon : null;
        if (coupon?.Refusal(offer.CourseId, offer.Price, now) is { } unusable)
            return new Step.Refused(unusable);
        var isVoucher = coupon is { VoucherValue: not null };
        var price = isVoucher
            ? Price.Full(offer.Price)
            : Price.Discounted(offer.Price, coupon?.DiscountPercentage ?? 0);
        if (price.Net > 0 && !isVoucher && gateway.Charges(token))
        {
            var payment = new Payment
            {
                Id = Guid.CreateVersion7(now),
                TeacherId = offer.TeacherId,
                StudentId = student,
                CourseId = offer.CourseId,
                CourseTitle = offer.CourseTitle,
                ModuleId = offer.ModuleId,
                CouponId = coupon?.Id,
                Gross = price.Gross,
                Discount = price.Discount,
                Net = price.Net,
                Gateway = gateway.Name,
                Status = PaymentStatus.Pending,
                CreatedAt = now,
                HeldCourseId = offer.CourseId,
                HeldModuleId = offer.ModuleId,
            };
            return await db.Reserve(payment, coupon?.DiscountPercentage, ct)
                ? new Step.Reserved(payment)
                : new Step.Changed(offer);
        }
        var sale = new LedgerEntry
        {
            Id = Guid.CreateVersion7(now),
            TeacherId = offer.TeacherId,
            StudentId = student,
            CourseId = offer.CourseId,
            CourseTitle = offer.CourseTitle,
            ModuleId = offer.ModuleId,
            CouponId = coupon?.Id,
            Gross = price.Gross,
            Discount = price.Discount,
            Net = price.Net,
            Gateway = isVoucher ? Gateways.Voucher : Gateways.Offline,
            PaidAt = now,
        };
        return await db.Sell(sale, coupon?.DiscountPercentage, offer.CompletedLessons, ct)
            ? new Step.Sold(await answers.Keep(sold, ct))
            : new Step.Changed(offer);
    }

    /// <summary>Whether what we wrote about went, or what we wrote came, since we looked.</summary>
    private static bool IsOvertaken(Exception e) =>
        e.GetBaseException()
            is PostgresException
            {
                SqlState: PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.UniqueViolation
            };

    /// <summary>Charges, and finishes the sale or gives back what it held, also when the client hangs up meanwhile.</summary>
    private async Task<IResult> Charge(Payment payment, string? token, IResult sold, CancellationToken ct)
    {
        var outcome = await Answer(() => gateway.Charge(payment.Id, payment.Net, token, ct)) ?? await Ask(payment.Id);
        return await Settle(payment.Id, outcome, sold, CancellationToken.None);
    }

    /// <summary>Asks the gateway what became of a payment.</summary>
    private Task<ChargeOutcome?> Ask(Guid payment) => Answer(() => gateway.Settle(payment, CancellationToken.None));

    /// <summary>The gateway's answer; null when there is none in time.</summary>
    private static async Task<ChargeOutcome?> Answer(Func<Task<ChargeOutcome>> ask)
    {
        try
        {
            return await ask();
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Settles a payment by the gateway's answer, and returns ours; without one the worker asks later.</summary>
    private async Task<IResult> Settle(Guid payment, ChargeOutcome? outcome, IResult sold, CancellationToken ct)
    {
        if (outcome is null)
            return Problems.PaymentInProgress;
        var isApproved = outcome is ChargeOutcome.Approved;
        await db.Settle(
            payment,
            isApproved,
            clock.GetUtcNow(),
            ct,
            alsoWhenApproved: async ct => sold = await answers.Keep(sold, ct)
        );
        return isApproved ? sold
            : outcome is ChargeOutcome.InsufficientFunds ? Problems.InsufficientFunds
            : Problems.PaymentFailed;
    }

    private abstract record Step
    {
        public sealed record Sold(IResult Answer) : Step;

        /// <param name="Offer">What is no longer as we saw it; null when that is not known.</param>
        public sealed record Changed(Offer? Offer) : Step;

        public sealed record Refused(Problem Problem) : Step;

        public sealed record Reserved(Payment Payment) : Step;

        public sealed record Open(OpenPayment Payment) : Step;
    }
}
