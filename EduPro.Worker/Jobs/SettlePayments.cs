using EduPro.Data;
using EduPro.Data.Sales;
using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Worker.Jobs;

/// <summary>
/// Asks the gateway about payments that a crash or a lost answer left pending, and finishes the sale or gives back the
/// seat and the coupon's use.
/// </summary>
internal sealed partial class SettlePayments(
    EduProDb db,
    IPaymentGateway gateway,
    TimeProvider clock,
    ILogger<SettlePayments> logger
) : IJob
{
    private const int BatchSize = 100;

    /// <summary>A younger payment is still being made.</summary>
    private static readonly TimeSpan LongestCharge = TimeSpan.FromMinutes(1);

    public async Task<int> Run(CancellationToken ct)
    {
        var until = clock.GetUtcNow() - LongestCharge;
        var settled = 0;
        // All of them, from batch to batch: those that get no answer must not keep newer ones waiting.
        var last = Guid.Empty;
        while (true)
        {
            var pending = await db
                .Payments.Where(p => p.Status == PaymentStatus.Pending && p.CreatedAt < until && p.Id > last)
                .OrderBy(p => p.Id)
                .Select(p => p.Id)
                .Take(BatchSize)
                .ToListAsync(ct);
            foreach (var payment in pending)
                settled += await Settle(payment, ct) ? 1 : 0;
            if (pending.Count < BatchSize)
                return settled;
            last = pending[^1];
        }
    }

    private async Task<bool> Settle(Guid payment, CancellationToken ct)
    {
        try
        {
            var outcome = await gateway.Settle(payment, ct);
            var status = await db.Settle(payment, outcome is ChargeOutcome.Approved, clock.GetUtcNow(), ct);
            Settled(payment, status);
            return true;
        }
        catch (TimeoutException e)
        {
            NoAnswer(e, payment);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Payment {Payment} was left pending and is now {Status}")]
    private partial void Settled(Guid payment, PaymentStatus status);

    [LoggerMessage(LogLevel.Warning, "The gateway does not answer about payment {Payment}")]
    private partial void NoAnswer(Exception exception, Guid payment);
}
