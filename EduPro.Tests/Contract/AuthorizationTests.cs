using EduPro.Tests.Support;

namespace EduPro.Tests.Contract;

/// <summary>
/// Who may call what: <c>authorization.tsv</c> has a line for each operation and a column for each caller. Those of the
/// contract are called under <c>/api/</c>, the others under <c>/api/v1/</c>; <see cref="RoutesTests"/> sees to it that
/// both prefixes have the same policies.
/// </summary>
public sealed class AuthorizationTests(Stack stack, ContractSchool school) : IClassFixture<ContractSchool>
{
    private static readonly string[] Callers =
    [
        "anonymous",
        "foreign student",
        "enrolled student",
        "not enrolled student",
        "blocked student",
        "other teacher",
        "owner",
        "admin",
    ];

    private static readonly Dictionary<string, string[]> Expected = Table
        .Read("authorization.tsv")
        .ToDictionary(line => $"{line[0]} {line[1]}", line => line[2..]);

    [Theory]
    [MemberData(nameof(Operation.NamesWithAdditions), MemberType = typeof(Operation))]
    public async Task Each_caller_gets_the_status_of_the_table(string name)
    {
        var prefix = Operation.Additions.Any(addition => addition.Name == name) ? "/api/v1/" : "/api/";
        await school.Renew();
        var statuses = new List<string>();
        foreach (var who in Callers)
        {
            var call = await school.CallOf(name);
            using var session = name == "POST /api/logout/" ? await SessionOf(school.CallerOf(who)) : null;
            var caller = session ?? school.CallerOf(who);
            var reply = await caller.Send(HttpMethod.Parse(name.Split(' ')[0]), prefix + call.Path, call.Body);
            statuses.Add($"{reply.Status}");
        }
        Assert.Equal(string.Join('\t', Expected[name]), string.Join('\t', statuses));
    }

    [Fact]
    public void The_table_lets_nobody_at_what_is_not_theirs()
    {
        Assert.Equal(
            Operation.All.Concat(Operation.Additions).Select(operation => operation.Name).Order(StringComparer.Ordinal),
            Expected.Keys.Order(StringComparer.Ordinal)
        );
        foreach (var operation in Operation.All.Concat(Operation.Additions))
        {
            var served = Callers
                .Zip(Expected[operation.Name])
                .Where(cell => cell.Second.StartsWith('2'))
                .Select(cell => cell.First)
                .ToList();
            Assert.True(
                served.Count > 0 == (operation.Caller != "none of these")
                    && served.All(MayBeServed(operation).Contains),
                $"{operation.Name} for {operation.Caller} serves {string.Join(", ", served)}"
            );
        }
    }

    /// <summary>Whom an operation may serve at most, by the contract's word for its caller.</summary>
    private static string[] MayBeServed(Operation operation) =>
        (operation.Caller, operation.Path.Contains('<', StringComparison.Ordinal)) switch
        {
            ("anonymous" or "any user", _) => Callers,
            ("none of these", _) => [],
            ("admin", _) => ["admin"],
            ("teacher", false) => ["other teacher", "owner"],
            ("student", false) => ["foreign student", "enrolled student", "not enrolled student", "blocked student"],
            ("student", true) => ["foreign student", "enrolled student", "not enrolled student"],
            ("enrolled student" or "rating owner", _) => ["enrolled student"],
            ("student or course owner", _) => ["enrolled student", "owner"],
            _ => ["owner"],
        };

    /// <summary>Another session of a caller with a password, to end; null for those who come anew for each operation.</summary>
    private async Task<Caller?> SessionOf(Caller caller)
    {
        if (caller.Password.Length == 0)
            return null;
        var session = stack.Stranger();
        await session.LogIn("teacher/login/", caller.Username, caller.Password);
        return session;
    }
}
