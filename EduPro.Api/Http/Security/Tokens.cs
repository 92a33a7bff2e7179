using System.Security.Cryptography;
using EduPro.Domain.Accounts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EduPro.Api.Http;

/// <summary>The claims of our tokens.</summary>
internal static class TokenClaims
{
    public const string Subject = JwtRegisteredClaimNames.Sub,
        UserType = "user_type",
        Session = "sid";
}

/// <summary>
/// Section <c>Jwt</c>. Keys are base64 of at least 256 bits; the first signs, all of them verify, so that a key is
/// rotated by putting the new one in front of the old.
/// </summary>
internal sealed class TokenOptions
{
    /// <summary>The key of development, known to everyone who reads this; refused anywhere else.</summary>
    public const string DevelopmentKey = "ZWR1cHJvLWRldmVsb3BtZW50LWtleS1ub3QtZm9yLXByb2R1Y3Rpb24h";

    public string[] Keys { get; init; } = [];
    public string Issuer { get; init; } = "edupro";
    public string Audience { get; init; } = "edupro";
    public TimeSpan AccessLifetime { get; init; } = TimeSpan.FromMinutes(15);
    public TimeSpan RefreshLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The keys, or an exception that says which setting to set.</summary>
    public IReadOnlyList<SymmetricSecurityKey> SecurityKeys(IHostEnvironment environment)
    {
        var keys = Keys.Length == 0 && environment.IsDevelopment() ? [DevelopmentKey] : Keys;
        if (keys.Length == 0 || (!environment.IsDevelopment() && keys.Contains(DevelopmentKey)))
            throw new InvalidOperationException(
                "Set Jwt:Keys:0 (environment: Jwt__Keys__0) to a secret key of your own: base64 of at least 32 random bytes."
            );
        return [.. keys.Select(AsKey)];
    }

    private static SymmetricSecurityKey AsKey(string text, int index)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length < 32)
            throw new InvalidOperationException($"Jwt:Keys:{index} is not base64 of at least 32 bytes.");
        var key = bytes[..length];
        return new SymmetricSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)) };
    }
}

/// <summary>
/// Issues and reads our JWTs: HMAC-SHA256, one issuer, 30 seconds of clock skew. Access and refresh tokens have
/// audiences of their own, so that neither passes for the other.
/// </summary>
internal sealed class Tokens(TokenOptions options, IReadOnlyList<SymmetricSecurityKey> keys, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new()
    {
        MapInboundClaims = false,
        SetDefaultTimesOnTokenCreation = false,
    };

    public TokenOptions Options => options;

    private string RefreshAudience => options.Audience + "/refresh";

    public string Access(Guid user, UserType type, Guid session) =>
        Issue(user, type, session, options.Audience, options.AccessLifetime);

    public string Refresh(Guid user, UserType type, Guid session) =>
        Issue(user, type, session, RefreshAudience, options.RefreshLifetime);

    public TokenValidationParameters AccessParameters => Parameters(options.Audience);

    /// <summary>The claims of a good refresh token, else null.</summary>
    public async Task<JsonWebToken?> ReadRefresh(string token)
    {
        var result = await handler.ValidateTokenAsync(token, Parameters(RefreshAudience));
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }

    private TokenValidationParameters Parameters(string audience) =>
        new()
        {
            ValidIssuer = options.Issuer,
            ValidAudience = audience,
            IssuerSigningKeys = keys,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidTypes = ["JWT"],
            ClockSkew = TimeSpan.FromSeconds(30),
            NameClaimType = TokenClaims.Subject,
            RoleClaimType = TokenClaims.UserType,
            LifetimeValidator = (from, until, _, parameters) =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                if (from is null || until is null || from > now + parameters.ClockSkew)
                    throw new SecurityTokenNotYetValidException();
                return until + parameters.ClockSkew > now ? true : throw new SecurityTokenExpiredException();
            },
        };

    private string Issue(Guid user, UserType type, Guid session, string audience, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = options.Issuer,
                Audience = audience,
                IssuedAt = now,
                NotBefore = now,
                Expires = now + lifetime,
                SigningCredentials = new SigningCredentials(keys[0], SecurityAlgorithms.HmacSha256),
                Claims = new Dictionary<string, object>
                {
                    [TokenClaims.Subject] = user.ToString(),
                    [TokenClaims.UserType] = type.ToString().ToLowerInvariant(),
                    [TokenClaims.Session] = session.ToString(),
                },
            }
        );
    }
}
