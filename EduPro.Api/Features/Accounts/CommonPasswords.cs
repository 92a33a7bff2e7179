using System.Collections.Frozen;
using System.Reflection;

namespace EduPro.Api.Features.Accounts;

/// <summary>The thirty thousand passwords that people choose most, in lower case, from zxcvbn's list.</summary>
internal static class CommonPasswords
{
    public static IReadOnlySet<string> All { get; } = Read();

    private static FrozenSet<string> Read()
    {
        const string list = "zxcvbn-core.Dictionaries.passwords.lst";
        using var stream =
            typeof(Zxcvbn.Zxcvbn).GetTypeInfo().Assembly.GetManifestResourceStream(list)
            ?? throw new InvalidOperationException($"zxcvbn-core carries no {list}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries).ToFrozenSet();
    }
}
