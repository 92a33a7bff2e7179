using System.Globalization;

namespace EduPro.Benchmarks;

/// <summary>What to measure, and how long.</summary>
/// <param name="Quick">Only the scenarios that read.</param>
/// <param name="Scale">How many times the small data set; 1 or 100.</param>
/// <param name="Connections">How many clients ask at once, each one question at a time; <see cref="Scenario.Crowd"/> times as many in some scenarios.</param>
/// <param name="Seconds">How long each scenario is measured.</param>
/// <param name="Only">Part of the names of the scenarios to run; null for all.</param>
internal sealed record Options(bool Quick, int Scale, int Connections, double Seconds, string? Only)
{
    public const string Usage = """
        dotnet run -c Release --project EduPro.Benchmarks -- [--quick] [--scale 1|100] [--connections 16] [--seconds 5] [--only name]
        """;

    /// <exception cref="FormatException">An argument is none of ours.</exception>
    public static Options Parse(string[] args)
    {
        var options = new Options(false, 1, 16, 5, null);
        for (var i = 0; i < args.Length; i++)
        {
            string Next() => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");
            options = args[i] switch
            {
                "--quick" => options with { Quick = true, Seconds = 3 },
                "--scale" => options with { Scale = int.Parse(Next(), CultureInfo.InvariantCulture) },
                "--connections" => options with { Connections = int.Parse(Next(), CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(Next(), CultureInfo.InvariantCulture) },
                "--only" => options with { Only = Next() },
                var other => throw new FormatException($"What is {other}?\n{Usage}"),
            };
        }
        return options;
    }
}
