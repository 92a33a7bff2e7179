namespace EduPro.Tests.Contract;

/// <summary>
/// A line of <c>endpoints.tsv</c>, the contract's 99, or of <c>additions.tsv</c>, what the API has beside them.
/// </summary>
/// <param name="Caller">Who may call it, in the contract's words.</param>
/// <param name="Success">The status of its success.</param>
internal sealed record Operation(string Method, string Path, string Caller, int Success)
{
    public static readonly IReadOnlyList<Operation> All = Read("endpoints.tsv"),
        Additions = Read("additions.tsv");

    public string Name => $"{Method} {Path}";

    public static IEnumerable<TheoryDataRow<string>> Names() => All.Select(one => new TheoryDataRow<string>(one.Name));

    public static IEnumerable<TheoryDataRow<string>> NamesWithAdditions() =>
        All.Concat(Additions).Select(one => new TheoryDataRow<string>(one.Name));

    public static Operation Of(string name) => All.Single(one => one.Name == name);

    private static List<Operation> Read(string table) =>
        [
            .. Table
                .Read(table)
                .Select(line => new Operation(
                    line[1],
                    line[2],
                    line[3],
                    int.Parse(line[4], System.Globalization.CultureInfo.InvariantCulture)
                )),
        ];
}

/// <summary>The tables beside the tests: tab-separated, with a line of headings.</summary>
internal static class Table
{
    public static IEnumerable<string[]> Read(string name)
    {
        using var reader = new StreamReader(typeof(Table).Assembly.GetManifestResourceStream(name)!);
        _ = reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
            yield return line.Split('\t');
    }
}
