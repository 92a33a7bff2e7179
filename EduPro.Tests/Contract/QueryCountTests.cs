using EduPro.Benchmarks;
using EduPro.Tests.Support;
using Npgsql;

namespace EduPro.Tests.Contract;

/// <summary>
/// Each operation of the contract asks the database at most twice when it reads and four times when it writes, not
/// counting whose token it is, which is known for some seconds.
/// </summary>
public sealed class QueryCountTests(ContractSchool school, QueryCountTests.Counted counted)
    : IClassFixture<ContractSchool>,
        IClassFixture<QueryCountTests.Counted>
{
    private const int OfRead = 2,
        OfWrite = 4;

    [Theory]
    [MemberData(nameof(Operation.Names), MemberType = typeof(Operation))]
    public async Task Each_operation_asks_the_database_seldom(string name)
    {
        var operation = Operation.Of(name);
        var most = operation.Method == "GET" ? OfRead : OfWrite;
        var queries = await QueriesOf(operation);
        // What was known of the session may have come to its end just before; not twice in a row.
        if (queries > most)
            queries = await QueriesOf(operation);
        Assert.InRange(queries, 0, most);
    }

    private async Task<long> QueriesOf(Operation operation)
    {
        await school.Renew();
        var call = await school.CallOf(operation.Name);
        using var caller = counted.Api.As(school.CallerOf(operation));
        if (caller.Access.Length > 0)
            (await caller.Get("course/list/")).Expect(200);
        var before = await counted.Queries();
        (await caller.Send(HttpMethod.Parse(operation.Method), "/api/" + call.Path, call.Body)).Expect(
            operation.Success
        );
        return await counted.Queries() - before;
    }

    /// <summary>An API that says how often it asked the database.</summary>
    public sealed class Counted(Stack stack) : IAsyncLifetime
    {
        private const string Service = "counted";

        private readonly string folder = Directory.CreateTempSubdirectory("edupro-counted-").FullName;
        private NpgsqlDataSource database = null!;

        public ServiceProcess Api { get; private set; } = null!;

        public Task<long> Queries() => new Gauges(folder, database).Queries(Service);

        public async ValueTask InitializeAsync()
        {
            database = NpgsqlDataSource.Create(await stack.ConnectionString("edupro"));
            Api = await ServiceProcess.Api(
                stack,
                [
                    .. Gauges.EnvironmentFor(folder).Select(setting => (setting.Key, setting.Value)),
                    ("OTEL_SERVICE_NAME", Service),
                ]
            );
            using var anybody = Api.Stranger(stack);
            (await anybody.Get("course/category/list/")).Expect(200);
            Assert.True(await Queries() > 0, "Nothing is counted.");
        }

        public async ValueTask DisposeAsync()
        {
            await Api.DisposeAsync();
            await database.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
