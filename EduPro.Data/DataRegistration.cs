using EduPro.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Hosting;

namespace EduPro.Data;

/// <summary>How a service gets <see cref="EduProDb"/>.</summary>
public static class DataRegistration
{
    /// <summary>Adds a pooled, retrying <see cref="EduProDb"/> on the connection string <c>edupro</c>.</summary>
    public static void AddEduProDb(this IHostApplicationBuilder builder) =>
        builder.AddDatabase<EduProDb>(options => options.UseSnakeCaseNamingConvention());

    private sealed class DesignTime : IDesignTimeDbContextFactory<EduProDb>
    {
        public EduProDb CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<EduProDb>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
    }
}
