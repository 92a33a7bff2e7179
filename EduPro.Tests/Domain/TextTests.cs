using CsCheck;
using EduPro.Domain.Text;
using Xunit;

namespace EduPro.Tests.Domain;

public class TextTests
{
    [Theory]
    [InlineData("sara_ali", "sara_ali")]
    [InlineData("Sara.Ali", "saraali")]
    [InlineData("s@ra+1", "sra1")]
    [InlineData("--a-- b__", "a-b")]
    [InlineData("Crème  Brûlée", "creme-brulee")]
    [InlineData("@.+@.", "")]
    [InlineData("سارة", "")]
    [InlineData("sa\uD83Dra\uFFFE", "sara")]
    public void A_slug_is_djangos(string text, string slug) => Assert.Equal(slug, Slugs.Of(text));

    [Fact]
    public void Taken_slugs_are_numbered()
    {
        Assert.Equal(["saraali", "saraali-2", "saraali-3"], Slugs.Candidates("Sara.Ali").Take(3));
        Assert.Equal(["user", "user-2"], Slugs.Candidates("@.+@.").Take(2));
    }

    [Theory]
    [InlineData("ÉCOLE", "ecole")]
    [InlineData("  Über\u00A0uns ", "uber uns")]
    [InlineData("e\u0301", "É")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Ørsted Łódź", "orsted lodz")]
    [InlineData("ΣΟΦΟΣ", "σοφός")]
    [InlineData("أحمد إبراهيم آدم ٱلله", "احمد ابراهيم ادم الله")]
    [InlineData("مدرسة", "مدرسه")]
    [InlineData("مصطفى", "مصطفي")]
    [InlineData("علی", "علي")]
    [InlineData("مُحَمَّدٌ", "محمد")]
    [InlineData("محـــمد", "محمد")]
    [InlineData("ﻣﺤﻤﺪ", "محمد")]
    [InlineData("ﻻ", "لا")]
    [InlineData("\u200Fمحمد\u200E", "محمد")]
    [InlineData("هٰذا", "هذا")]
    [InlineData("ＡＢＣ", "abc")]
    [InlineData("\U00016E5D", "\U00016E7D")]
    public void Folding_makes_these_equal(string a, string b) => Assert.Equal(TextFolding.Fold(a), TextFolding.Fold(b));

    [Theory]
    [InlineData("x²", "x2")]
    [InlineData("علم", "عمل")]
    [InlineData("a b", "ab")]
    [InlineData("कि", "कु")]
    [InlineData("が", "か")]
    [InlineData("C", "C#")]
    [InlineData("ء", "ا")]
    public void Folding_keeps_these_apart(string a, string b) =>
        Assert.NotEqual(TextFolding.Fold(a), TextFolding.Fold(b));

    [Fact]
    public void Folding_takes_any_text_and_is_done_after_once() =>
        Gen.OneOf(
                Gen.String,
                Gen.Char['\u0590', '\u08FF'].Array[0, 20].Select(c => new string(c)),
                Gen.Char['\uD700', '\uFFFF'].Array[0, 20].Select(c => new string(c)),
                Gen.Char['\u0080', '\u03FF'].Array[0, 20].Select(c => new string(c))
            )
            .Sample(
                text =>
                {
                    var folded = TextFolding.Fold(text);
                    Assert.Equal(folded, TextFolding.Fold(folded));
                    Assert.Equal(folded, TextFolding.Fold(" " + text + "\n"));
                    // The one accent that is a letter in upper case.
                    var plain = text.Replace("\u0345", "", StringComparison.Ordinal);
                    Assert.Equal(TextFolding.Fold(plain), TextFolding.Fold(plain.ToUpperInvariant()));
                },
                iter: 5000
            );

    [Fact]
    public void Text_that_cannot_be_stored_is_named_in_the_words_of_drf()
    {
        Assert.Empty(TextFaults.Of(null));
        Assert.Empty(TextFaults.Of("Sara\n😀 سارة"));
        Assert.Equal(["Null characters are not allowed."], TextFaults.Of("a\0b\0"));
        Assert.Equal(
            ["Null characters are not allowed.", "Surrogate characters are not allowed: U+D83D."],
            TextFaults.Of("\0\uD83D\uD83D")
        );
    }

    [Theory]
    [InlineData("Sara", false, false)]
    [InlineData("Sa\nra", true, false)]
    [InlineData("Sa\tra\r\n", true, false)]
    [InlineData("Sa\u0007ra", true, true)]
    [InlineData("Sa\u0085ra", true, true)]
    [InlineData("", false, false)]
    public void Control_characters_are_found(string text, bool inLine, bool beyondLines)
    {
        Assert.Equal(inLine, TextFaults.HasControlCharacters(text));
        Assert.Equal(beyondLines, TextFaults.HasControlCharactersBeyondLines(text));
    }
}
