using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace EduPro.Tests.Contract;

public sealed partial class PromisesTests
{
    [Fact]
    public void Each_test_that_the_promises_name_exists()
    {
        var named = TestName().Matches(File.ReadAllText(Page())).Select(match => match.Groups[1].Value).ToHashSet();
        var classes = typeof(PromisesTests)
            .Assembly.GetTypes()
            .Where(type => type is { IsNested: false, Namespace: not null });
        var existing = classes
            .SelectMany(type =>
                type.GetMethods()
                    .Select(method => $"{type.Name}.{method.Name}")
                    .Append(type.Name)
                    .Append($"{type.Namespace!.Split('.')[^1]}.{type.Name}")
            )
            .ToHashSet();

        Assert.InRange(named.Count, 20, int.MaxValue);
        Assert.Subset(existing, named);
    }

    private static string Page([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/promises.md"));

    [GeneratedRegex(@"`((?:\w+\.)?\w+Tests(?:\.\w+)?)`")]
    private static partial Regex TestName();
}
