using EduPro.Api.Http.Binding;
using EduPro.Tests.Support;

namespace EduPro.Tests.Http;

/// <summary>What clients send that is odd, and what Django REST Framework makes of it.</summary>
public sealed class RequestReadingTests(Stack stack)
{
    [Theory]
    [InlineData("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z")]
    [InlineData("2026-11-23T10:00:00.123456+02:00", "2026-11-23T08:00:00.123456Z")]
    [InlineData("2026-11-23T10:00:00-0130", "2026-11-23T11:30:00Z")]
    [InlineData("2026-11-23 10:00", "2026-11-23T10:00:00Z")]
    [InlineData(" 2026-11-23 ", "2026-11-23T00:00:00Z")]
    public void A_time_is_read_in_ISO_8601(string sent, string meant) =>
        Assert.Equal(DateTimeOffset.Parse(meant, null), FieldReader.Time(new RawField { Form = sent }).Value);

    [Theory]
    [InlineData("")]
    [InlineData("11/23/2026")]
    [InlineData("Nov 23")]
    [InlineData("12:30")]
    [InlineData("2026-11")]
    [InlineData("2026-11-23T")]
    [InlineData("2026-11-23T10")]
    [InlineData("2026-02-30T10:00:00Z")]
    [InlineData("2026-11-23T25:00:00Z")]
    [InlineData("Mon, 23 Nov 2026 10:00:00 GMT")]
    [InlineData("0001-01-01T00:00:00+10:00")]
    public void Nothing_else_is_a_time(string sent) =>
        Assert.True(FieldReader.Time(new RawField { Form = sent }).IsFault);

    [Fact]
    public async Task A_number_beyond_all_bounds_is_refused_in_the_catalogues_words_where_there_are_some()
    {
        const long huge = 1_000_000_000_000;
        using var teacher = await stack.Teacher();
        var wrong = await teacher.Post("coupon/create/", new { discount_percentage = huge, max_uses = -huge });
        wrong.ExpectFault(
            "discount_percentage",
            "Discount percentage must be between 1 and 100.",
            "Discount percentage cannot exceed 100%."
        );
        wrong.ExpectFault("max_uses", "Max uses must be greater than 0.");
        var endless = await teacher.Post(
            "teacher/assessments/",
            new { duration_minutes = huge, passing_score = -huge }
        );
        endless.ExpectFault("duration_minutes", "Ensure this value is less than or equal to 2147483647.");
        endless.ExpectFault("passing_score", "Passing score must be greater than 0.");
    }
}
