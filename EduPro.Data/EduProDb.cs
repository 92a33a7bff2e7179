using Microsoft.EntityFrameworkCore;

namespace EduPro.Data;

/// <summary>
/// The database. Names are snake_case, keys UUIDs that .NET makes, times UTC, money <c>numeric(12,2)</c>, enums their
/// names in snake_case; what must hold under concurrency is a constraint. Each area's tables stand in a file of its
/// own.
/// </summary>
public sealed partial class EduProDb(DbContextOptions<EduProDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(EduProDb).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<decimal>().HavePrecision(12, 2);
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }
}
