using System.Security.Cryptography;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;
using Microsoft.Extensions.Options;
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

/// <summary>Section <c>Jwt</c>, beside its keys.</summary>
internal sealed class TokenOptions
{
    public string Issuer { get; init; } = "edupro";
    public string Audience { get; init; } = "edupro";
    public TimeSpan AccessLifetime { get; init; } = TimeSpan.FromMinutes(15);
    public TimeSpan RefreshLifetime { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>
/// Issues and reads our JWTs: HMAC-SHA256, one issuer, 30 seconds of clock skew. Access and refresh tokens have
/// audiences of their own, so that neither passes for the other.
/// </summary>
internal sealed class Tokens(IOptions<TokenOptions> configured, MasterKeys masterKeys, TimeProvider clock)
{
    private readonly TokenOptions options = configured.Value;
    private readonly SymmetricSecurityKey[] keys =
    [
        .. masterKeys.All.Select(key => new SymmetricSecurityKey(key)
        {
            KeyId = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)),
        }),
    ];

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
