using EduPro.Api.Features.Accounts;
using EduPro.Api.Features.Assessments;
using EduPro.Api.Features.Catalogue;
using EduPro.Api.Features.Coupons;
using EduPro.Api.Features.Enrollments;
using EduPro.Api.Features.Media;
using EduPro.Api.Features.Ratings;
using EduPro.Api.Features.Revenue;
using EduPro.Api.Features.Video;
using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Media;
using EduPro.ServiceDefaults;
using FluentValidation;
using Microsoft.AspNetCore.Http.Json;

namespace EduPro.Api;

/// <summary>The composition of the API, read top to bottom: what it is made of, then what a request passes.</summary>
internal static class EduProApi
{
    private const string Prefix = "/api",
        V1Prefix = "/api/v1";

    public static void AddEduProApi(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.AddEduProDb(longestStatement: TimeSpan.FromSeconds(2));
        builder.AddCache();
        builder.AddEduProMedia();
        builder.AddEduProAuthentication();
        builder.AddAccounts();
        builder.AddCatalogue();
        builder.AddAssessments();
        builder.AddVideo();
        builder.AddEnrollments();
        builder.AddCoupons();
        builder.AddRatings();
        builder.AddRevenue();

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.PostConfigure<JsonOptions>(json => PublicFiles.WriteAddresses(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.AddProxies();
        builder.AddRequestLimits();
        builder.AddOverloadProtection();
        builder.AddRateLimits();
        builder.AddIdempotency();
        builder.AddPublicCaching();
        // Rules that need nothing of the request are made once.
        foreach (var (needs, lifetime) in new[] { (false, ServiceLifetime.Singleton), (true, ServiceLifetime.Scoped) })
            builder.Services.AddValidatorsFromAssemblyContaining<CorsOrigins>(
                lifetime,
                rules => rules.ValidatorType.GetConstructor(Type.EmptyTypes) is null == needs,
                includeInternalTypes: true
            );
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddExceptionHandler<ErrorHandling>();
        builder.Services.AddEduProOpenApi();
        builder.AddEduProCors();
        ValidatorOptions.Global.LanguageManager.Enabled = false;
    }

    public static void UseEduProApi(this WebApplication app)
    {
        app.UseProxies();
        app.UseResponseHeaders();
        app.UseHeadAsGet();
        app.UseEduProCors();
        app.UseKeptResponses();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(ErrorHandling.WriteStatus);
        app.UseRouting();
        app.UseOverloadProtection();
        app.UseEduProAuthentication();
        app.UseRateLimits();
        app.UseRequestLimits();
        app.UseCredentialChecks();
        app.UseAuthorization();
        app.UseIdempotency();
        app.UsePublicCaching();
        app.UseKeptDocuments();

        app.MapDefaultEndpoints();
        app.MapReference();
        app.MapMedia();
        MapFeatures(app.MapGroup(Prefix));
        MapFeatures(Dialect.Speak(app.MapGroup(V1Prefix)));
    }

    private static void MapFeatures(RouteGroupBuilder api)
    {
        api.DisableAntiforgery();
        api.MapAccounts();
        api.MapCatalogue();
        api.MapAssessments();
        api.MapVideo();
        api.MapEnrollments();
        api.MapCoupons();
        api.MapRatings();
        api.MapRevenue();
    }
}
