using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using EduPro.Api;
using EduPro.Media.VdoCipher;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EduPro.Tests.Hosting;

public sealed partial class MetricsTests(Stack stack)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logins_are_counted_by_what_came_of_them()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory }
        );
        foreach (var server in new[] { "edupro", "cache", "blobs" })
            builder.Configuration[$"ConnectionStrings:{server}"] = await stack.ConnectionString(server);
        // One more than are counted here: registering has logged the teacher in.
        builder.Configuration["RateLimits:SignIn:Permits"] = "4";
        builder.Configuration["RateLimits:Factor"] = "1";
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddEduProApi();
        await using var api = builder.Build();
        api.UseEduProApi();
        await api.StartAsync(Ct);
        using var counted = new Measured(api.Services.GetRequiredService<IMeterFactory>(), "edupro.logins");
        using var teacher = await stack.Teacher();
        using var there = new Caller(stack, new Uri(api.Urls.Single()));

        async Task LogIn(string password, int status) =>
            (await there.Post("teacher/login/", new { username = teacher.Username, password })).Expect(status);
        await LogIn(teacher.Password, 200);
        await LogIn("Wrong-password-1", 404);
        await LogIn(teacher.Password, 200);
        await LogIn(teacher.Password, 429);

        Assert.Equal(["1 ok", "1 refused", "1 ok", "1 limited"], counted.Values);
    }

    [Fact]
    public void Each_metric_stands_in_the_operators_guide_with_its_unit()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var found = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters)
                    found.Add($"{instrument.Name} {instrument.Unit}");
            },
        };
        listener.Start();
        Assembly[] ours =
        [
            typeof(EduProApi).Assembly,
            typeof(VdoCipherClient).Assembly,
            typeof(MeasureLevels).Assembly,
        ];
        foreach (var constructor in ours.SelectMany(one => one.GetTypes()).SelectMany(type => type.GetConstructors()))
            if (
                constructor.GetParameters() is var needed
                && needed.Any(one => one.ParameterType == typeof(IMeterFactory))
            )
                _ = constructor.Invoke([.. needed.Select(one => Argument(one.ParameterType))]);

        var guide = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "operations.md"));
        var told = Row()
            .Matches(guide)
            .Select(row => $"{row.Groups["name"]} {row.Groups["unit"]}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(found, told);
        // What the guide was asked to tell of, each by one at least.
        string[] asked =
        [
            "logins",
            "mail.sent",
            "mail.pending",
            "mail.age",
            "videos.pending",
            "attempts.closed",
            "coupons.redemptions",
            "revenue",
            "cache.requests",
        ];
        Assert.All(
            asked,
            name => Assert.Contains(found, one => one.StartsWith($"edupro.{name} ", StringComparison.Ordinal))
        );

        object? Argument(Type type) =>
            type == typeof(IMeterFactory) ? meters
            : type == typeof(IOptions<VdoCipherOptions>) ? Options.Create(new VdoCipherOptions())
            : null;
    }

    [GeneratedRegex(@"^\| `(?<name>edupro\.[a-z.]+)` \| (?<unit>\S+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
