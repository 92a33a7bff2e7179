namespace EduPro.Domain.Enrollments;

/// <summary>A gateway's answer to a charge.</summary>
public enum ChargeOutcome
{
    Approved,
    Declined,
    InsufficientFunds,
}

/// <summary>Someone who takes students' money for us.</summary>
public interface IPaymentGateway
{
    /// <summary>The name in the ledger.</summary>
    string Name { get; }

    /// <summary>Whether this needs a charge; false where the teacher collects in person.</summary>
    bool Charges(string? token);

    /// <summary>Charges once for a key, however often it is asked.</summary>
    /// <param name="key">The payment's id.</param>
    /// <param name="amount">More than 0.</param>
    /// <param name="token">What the client got from the gateway for this payment.</param>
    /// <exception cref="TimeoutException">There was no answer; the money may be taken or not. Ask <see cref="Settle"/>.</exception>
    Task<ChargeOutcome> Charge(Guid key, decimal amount, string? token, CancellationToken ct);

    /// <summary>
    /// What became of a charge. One that the gateway has not carried out by now is declined for good, also if it is
    /// still to arrive.
    /// </summary>
    /// <exception cref="TimeoutException">There was no answer.</exception>
    Task<ChargeOutcome> Settle(Guid key, CancellationToken ct);
}
