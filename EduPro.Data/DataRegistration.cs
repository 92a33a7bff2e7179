using EduPro.Data.Security;
using EduPro.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EduPro.Data;

/// <summary>How a service gets <see cref="EduProDb"/>.</summary>
public static class DataRegistration
{
    /// <summary>Adds a pooled, retrying <see cref="EduProDb"/> on the connection string <c>edupro</c>.</summary>
    /// <param name="longestStatement">A statement that takes longer, waits for locks included, fails.</param>
    public static void AddEduProDb(this IHostApplicationBuilder builder, TimeSpan longestStatement) =>
        builder.AddDatabase<EduProDb>(
            longestStatement,
            options => options.UseSnakeCaseNamingConvention().UseCustomPlans()
        );

    /// <summary>
    /// Adds <see cref="MasterKeys"/> and what is made with them: <see cref="OtpHashes"/> and <see cref="MailSeal"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The keys are missing or bad; the message says what to set.</exception>
    public static void AddSecrets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(MasterKeys.From(builder.Configuration, builder.Environment));
        builder.Services.AddSingleton<OtpHashes>();
        builder.Services.AddSingleton<MailSeal>();
    }

    private sealed class DesignTime : IDesignTimeDbContextFactory<EduProDb>
    {
        public EduProDb CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<EduProDb>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
    }
}
