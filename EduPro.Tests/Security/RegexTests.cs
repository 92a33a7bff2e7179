using System.Reflection;
using System.Text.RegularExpressions;
using EduPro.Api;
using EduPro.Data;
using EduPro.Domain.Text;
using EduPro.Media;
using EduPro.Worker.Jobs;

namespace EduPro.Tests.Security;

public sealed class RegexTests
{
    [Fact]
    public void Each_regular_expression_has_a_time_out()
    {
        Type[] one = [typeof(EduProApi), typeof(EduProDb), typeof(Slugs), typeof(MediaStore), typeof(PollVideos)];
        const BindingFlags own =
            BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var all = one.SelectMany(type => type.Assembly.GetTypes())
            .SelectMany(type => type.GetMembers(own))
            .Select(member => (member, regex: member.GetCustomAttribute<GeneratedRegexAttribute>()))
            .Where(each => each.regex is not null)
            .ToList();

        Assert.InRange(all.Count, 12, int.MaxValue);
        Assert.All(
            all,
            each =>
                Assert.True(
                    each.regex!.MatchTimeoutMilliseconds is > 0 and <= 1000,
                    $"{each.member.DeclaringType}.{each.member.Name}"
                )
        );
    }
}
