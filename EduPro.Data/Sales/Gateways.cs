using EduPro.Domain.Enrollments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace EduPro.Data.Sales;

/// <summary>Who collects students' money.</summary>
public static class Gateways
{
    /// <summary>In the ledger: nobody was asked, the teacher collects in person.</summary>
    public const string Offline = "offline";

    /// <summary>In the ledger: a voucher paid, which was paid for beforehand.</summary>
    public const string Voucher = "voucher";

    /// <summary>
    /// Adds the gateway that <c>Payments:Gateway</c> names: <c>offline</c>, the default, or <c>fake</c>, the default in
    /// development.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such gateway.</exception>
    public static void AddPayments(this IHostApplicationBuilder builder)
    {
        var name =
            builder.Configuration["Payments:Gateway"] ?? (builder.Environment.IsDevelopment() ? "fake" : Offline);
        _ = name switch
        {
            Offline => builder.Services.AddSingleton<IPaymentGateway, OfflineGateway>(),
            "fake" => builder.Services.AddSingleton<IPaymentGateway, FakeGateway>(),
            _ => throw new InvalidOperationException($"Payments:Gateway is {name}, and may be offline or fake."),
        };
    }

    /// <summary>The teacher collects in person: nothing is charged here.</summary>
    private sealed class OfflineGateway : IPaymentGateway
    {
        public string Name => Offline;

        public bool Charges(string? token) => false;

        public Task<ChargeOutcome> Charge(Guid key, decimal amount, string? token, CancellationToken ct) =>
            Task.FromResult(ChargeOutcome.Approved);

        public Task<ChargeOutcome> Settle(Guid key, CancellationToken ct) => Task.FromResult(ChargeOutcome.Approved);
    }

    /// <summary>
    /// For development and tests. Without a token the teacher collects in person, as offline; the token <c>fail</c> is
    /// declined, <c>insufficient_funds</c> too; <c>timeout</c> is charged but its answer lost, <c>lost</c> never
    /// arrives; any other is approved. What it charged it keeps in Redis: a real gateway's memory outlives our
    /// processes too.
    /// </summary>
    private sealed class FakeGateway(IConnectionMultiplexer redis) : IPaymentGateway
    {
        public string Name => "fake";

        public bool Charges(string? token) => !string.IsNullOrEmpty(token);

        public Task<ChargeOutcome> Charge(Guid key, decimal amount, string? token, CancellationToken ct) =>
            token switch
            {
                "fail" => Remember(key, ChargeOutcome.Declined),
                "insufficient_funds" => Remember(key, ChargeOutcome.InsufficientFunds),
                "lost" => throw new TimeoutException("The fake gateway never got this charge."),
                "timeout" => LoseAnswer(Remember(key, ChargeOutcome.Approved)),
                _ => Remember(key, ChargeOutcome.Approved),
            };

        public Task<ChargeOutcome> Settle(Guid key, CancellationToken ct) => Remember(key, ChargeOutcome.Declined);

        /// <summary>The outcome that was remembered first; asked again when Redis is slow, as nothing is lost by that.</summary>
        private async Task<ChargeOutcome> Remember(Guid key, ChargeOutcome outcome)
        {
            const int mostTries = 5;
            var charges = redis.GetDatabase();
            var name = $"fake-gateway:{key}";
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return await charges.StringSetAsync(name, outcome.ToString(), TimeSpan.FromDays(1), When.NotExists)
                        ? outcome
                        : Enum.Parse<ChargeOutcome>((await charges.StringGetAsync(name)).ToString());
                }
                catch (Exception e) when (e is RedisException or RedisTimeoutException)
                {
                    if (tries == mostTries)
                        throw new TimeoutException("The fake gateway's memory does not answer.", e);
                }
            }
        }

        private static async Task<ChargeOutcome> LoseAnswer(Task<ChargeOutcome> answer)
        {
            await answer;
            throw new TimeoutException("The fake gateway's answer was lost.");
        }
    }
}
