using EduPro.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace EduPro.Tests.Contract;

/// <summary>What holds of the routing table as a whole, read from the composed API without running it.</summary>
public sealed class RoutesTests
{
    /// <summary>Routes that anyone may call; a new one must be added here on purpose.</summary>
    private static readonly HashSet<string> Anonymous =
    [
        "GET /api/course/category/list",
        "GET /api/course/course-detail/*",
        "GET /api/course/course-search-filter",
        "GET /api/course/list",
        "GET /api/course/teacher-list/*",
        "GET /api/courses/*/list-ratings",
        "GET /api/courses/*/modules",
        "GET /api/lessons/*",
        "GET /api/modules/*",
        "GET /api/modules/*/lessons",
        "GET /api/teacher/teacher-profile/*",
        "GET /api/video/check-status/*",
        // Answers 401 itself: the refresh token's cookie is enough to log out.
        "POST /api/logout",
        "POST /api/password-reset/confirm",
        "POST /api/password-reset/request",
        "POST /api/password-reset/verify",
        "POST /api/student/login/*",
        "POST /api/student/refresh/*",
        "POST /api/student/student-register",
        "POST /api/student/student-register/*",
        "POST /api/teacher/login",
        "POST /api/teacher/teacher-register",
        "POST /api/token/refresh",
        "POST /api/video/hooks/vdocipher",
    ];

    private static readonly IReadOnlyList<Route> Routes = Read();

    /// <summary>The operations of the contract: method, path with <c>*</c> for parameters, and who calls.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Operations() =>
        Operation.All.Select(operation => new TheoryDataRow<string, string>(
            $"{operation.Method} {Pattern(operation.Path)}",
            operation.Caller
        ));

    [Fact]
    public void The_contract_has_99_operations() => Assert.Equal(99, Operations().Count());

    [Theory]
    [MemberData(nameof(Operations))]
    public void Each_operation_of_the_contract_exists_under_both_prefixes(string operation, string caller)
    {
        foreach (var prefixed in new[] { operation, operation.Replace("/api/", "/api/v1/", StringComparison.Ordinal) })
        {
            var route = Assert.Single(Routes, route => route.Operation == prefixed);
            Assert.True(route.IsAnonymous || caller != "anonymous", prefixed);
        }
    }

    [Fact]
    public void Each_route_stands_in_one_of_the_tables()
    {
        var known = Operation
            .All.Concat(Operation.Additions)
            .Select(operation => $"{operation.Method} {Pattern(operation.Path)}")
            .ToList();
        foreach (var prefix in new[] { "/api/", "/api/v1/" })
            Assert.Equal(
                known.Order(StringComparer.Ordinal),
                Routes
                    .Where(route => route.IsV1 == (prefix == "/api/v1/"))
                    .Select(route => route.Operation.Replace(prefix, "/api/", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public void Each_route_has_the_same_policy_under_both_prefixes() =>
        Assert.Equal(
            Routes.Where(route => !route.IsV1).Select(route => (route.Operation, route.Policy)).Order(),
            Routes
                .Where(route => route.IsV1)
                .Select(route =>
                    (Operation: route.Operation.Replace("/api/v1/", "/api/", StringComparison.Ordinal), route.Policy)
                )
                .Order()
        );

    [Fact]
    public void Each_route_has_a_policy_or_stands_in_the_list_of_anonymous_ones()
    {
        Assert.NotEmpty(Routes);
        Assert.All(
            Routes,
            route =>
            {
                var listed = Anonymous.Contains(route.Operation.Replace("/api/v1/", "/api/", StringComparison.Ordinal));
                Assert.True(route.IsAnonymous == listed && (listed || route.Policy is not null), route.Operation);
            }
        );
    }

    [Fact]
    public void Each_route_tells_the_reference_what_it_does()
    {
        Assert.NotEmpty(Routes);
        Assert.All(Routes, route => Assert.False(string.IsNullOrWhiteSpace(route.Summary), route.Operation));
    }

    private sealed record Route(string Operation, bool IsAnonymous, string? Policy, string? Summary)
    {
        public bool IsV1 => Operation.Contains(" /api/v1/", StringComparison.Ordinal);
    }

    private static List<Route> Read() =>
        [
            .. ComposedApi
                .Endpoints.Where(endpoint =>
                    endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)
                )
                .SelectMany(endpoint =>
                    endpoint
                        .Metadata.GetRequiredMetadata<IHttpMethodMetadata>()
                        .HttpMethods.Select(method => new Route(
                            $"{method} {Pattern(endpoint.RoutePattern.RawText!)}",
                            endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
                            endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy,
                            endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary
                        ))
                ),
        ];

    private static string Pattern(string path) =>
        string.Join(
            '/',
            path.TrimEnd('/').Split('/').Select(step => step.StartsWith('<') || step.StartsWith('{') ? "*" : step)
        );
}
