using EduPro.Tests.Support;

namespace EduPro.Tests.Security;

/// <summary>That what searches the logs of the whole run (<see cref="RunLog"/>) would find something.</summary>
public sealed class SecretSearchTests
{
    private const string Token = "some.header.and.payload.of.it.ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly SecretSearch Search = new([
        ("password", "Öpen-sesame-1"),
        ("address", "ada@school.test"),
        ("one-time password", "123456"),
        ("token", Token),
    ]);

    [Theory]
    [InlineData("warn: Ada's is ÖPEN-sesame-1, she said", "warn: Ada's is <password>, she said")]
    [InlineData("first\nto ADA@school.test\nlast", "to <address>")]
    [InlineData("\u0001\u0012ada@school.test\u0000", "··<address>·")]
    [InlineData("code 123456.", "code <one-time password>.")]
    [InlineData("nobody@example.org", "nobody<address>org")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9", "Bearer <token>JIUzI1NiJ9")]
    [InlineData("'$argon2id$v=19$m=1'", "'<hash of a password>id$v=19$m=1'")]
    public void What_is_secret_is_found_and_not_repeated(string written, string line) =>
        Assert.Equal(line, Assert.Single(Search.In(SecretSearch.Bytes(written))).Line);

    [Fact]
    public void A_token_is_found_by_its_end_and_all_are_found() =>
        Assert.Equal(
            ["token", "address", "address"],
            Search.In($"{Token}, a@example.a@example.").Select(leak => leak.Kind)
        );

    [Theory]
    [InlineData("took 0.123456 s")]
    [InlineData("id 01a123456-0f")]
    [InlineData("1123456")]
    [InlineData("open-sesame-1 and ada@school and WHERE email = @email")]
    [InlineData("")]
    public void What_is_not_secret_is_not_found(string written) => Assert.Empty(Search.In(SecretSearch.Bytes(written)));
}
