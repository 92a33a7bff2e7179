using EduPro.Domain.Passwords;
using Xunit;

namespace EduPro.Tests.Domain;

public class PasswordTests
{
    private const string Short = "This password is too short. It must contain at least 8 characters.";
    private const string Common = "This password is too common.";
    private const string Numeric = "This password is entirely numeric.";
    private static readonly HashSet<string> CommonOnes = ["password", "12345", "letmein"];

    private static IReadOnlyList<string> Faults(string password, PasswordOwner? owner = null) =>
        PasswordRules.Faults(password, owner, CommonOnes);

    [Fact]
    public void A_good_password_has_no_faults() =>
        Assert.Empty(Faults("correct horse", new("sara_ali", "Sara", "Ali", "sara@example.com")));

    [Fact]
    public void All_faults_come_together_in_order()
    {
        Assert.Equal([Short, Common, Numeric], Faults("12345"));
        Assert.Equal(
            ["The password is too similar to the username.", Short, Common, Numeric],
            Faults("12345", new("123456", null, null, null))
        );
    }

    [Theory]
    [InlineData("seven77", true)]
    [InlineData("eight888", false)]
    [InlineData("😀😀😀😀😀😀😀", true)]
    [InlineData("😀😀😀😀😀😀😀x", false)]
    public void Length_counts_characters(string password, bool tooShort) =>
        Assert.Equal(tooShort ? [Short] : [], Faults(password));

    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData(" password ")]
    public void Common_ones_are_found_in_any_case(string password) => Assert.Equal([Common], Faults(password));

    [Theory]
    [InlineData("98765432")]
    [InlineData("٩٨٧٦٥٤٣٢")]
    [InlineData("9876543²")]
    public void Digits_of_any_script_are_numeric(string password) => Assert.Equal([Numeric], Faults(password));

    [Theory]
    [InlineData("9876543a")]
    [InlineData("9876 5432")]
    [InlineData("-98765432")]
    public void One_other_character_is_enough(string password) => Assert.Empty(Faults(password));

    [Fact]
    public void The_first_similar_attribute_is_named()
    {
        var owner = new PasswordOwner("margaret", "Beatrice", "Zimmermann", "contact@schooling.org");

        Assert.Equal(["The password is too similar to the username."], Faults("Margaret1", owner));
        Assert.Equal(["The password is too similar to the first name."], Faults("beatrice9", owner));
        Assert.Equal(["The password is too similar to the last name."], Faults("zimmermann", owner));
        Assert.Equal(["The password is too similar to the email address."], Faults("schooling1", owner));
        Assert.Equal(
            ["The password is too similar to the username."],
            Faults("margaret", owner with { FirstName = "Margaret" })
        );
        Assert.Empty(Faults("margaret1", owner with { Username = null }));
    }

    // Expected values: CPython's difflib, re.split(r"\W+", value) + [value], quick_ratio() >= 0.7.
    [Theory]
    [InlineData("alice1234", "alice", true)]
    [InlineData("alice12345", "alice", false)]
    [InlineData("johnsmith", "smith.john", true)]
    [InlineData("correcthorse", "horse", false)]
    [InlineData("ecila!!!!", "alice", true)]
    [InlineData("abcdefg1234567", "abcdefghijklmn1", false)]
    [InlineData("abcdefg123456", "gfedcba", true)]
    [InlineData("qwertyui", "alice.qwerty@example.com", true)]
    [InlineData("exampleab", "alice@example.com", true)]
    [InlineData("aaaaaaaa", "aaab", false)]
    [InlineData("aabbccdd", "abcd", false)]
    [InlineData("abcd1234", "a-b-c-d", false)]
    [InlineData("محمدعلي١", "محمد علي", true)]
    [InlineData("Straße12", "strasse", false)]
    [InlineData("سلمى2026", "سلمى", false)]
    [InlineData("maria_jose", "maria", false)]
    [InlineData("aaaaaaaaaaaaaabbbbbb", "aaaaaaaaaaaaaacccccc", true)]
    [InlineData("aaaaaaaaaaaaaabbbbbbb", "aaaaaaaaaaaaaacccccc", false)]
    public void Similarity_is_that_of_difflib(string password, string username, bool similar) =>
        Assert.Equal(
            similar ? ["The password is too similar to the username."] : [],
            Faults(password, new(username, null, null, null))
        );
}
