using EduPro.Data;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EduPro.MigrationService;

/// <summary>Section <c>Admin</c>: the first admin. Without a username none is made.</summary>
internal sealed class AdminOptions
{
    public string? Username { get; init; }
    public string? Email { get; init; }
    public string? Password { get; init; }
}

/// <summary>
/// Brings the database to this version and makes the first admin. One waits for another, and the admin is inserted only
/// where no such user exists: run twice, or two at once, it does no harm.
/// </summary>
internal sealed partial class Migrator(
    EduProDb db,
    IOptions<AdminOptions> options,
    TimeProvider clock,
    ILogger<Migrator> logger
)
{
    /// <summary>Any number that nobody else takes for an advisory lock in this database.</summary>
    private const long Lock = 0x656475_70726f;

    /// <returns>The exit code: 0, or 1 where the database has a history that this version cannot continue.</returns>
    public async Task<int> Run(CancellationToken ct)
    {
        // Entity Framework's own lock ends with each migration: another could apply the next one in between.
        await db.Database.CreateExecutionStrategy().ExecuteAsync(db.Database.OpenConnectionAsync, ct);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Lock})", ct);
        var pending = (await db.Database.GetPendingMigrationsAsync(ct)).ToList();
        var foreign = (await db.Database.GetAppliedMigrationsAsync(ct)).Except(db.Database.GetMigrations()).ToList();
        // Foreign alone is a newer version's database, which this one can serve.
        if (pending.Count > 0 && foreign.Count > 0)
        {
            Diverged(string.Join(", ", foreign));
            return 1;
        }
        Migrating(pending.Count);
        await db.Database.MigrateAsync(ct);
        await CreateAdmin(options.Value, ct);
        return 0;
    }

    private async Task CreateAdmin(AdminOptions admin, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(admin.Username))
        {
            NoAdmin();
            return;
        }
        if (string.IsNullOrEmpty(admin.Email) || string.IsNullOrEmpty(admin.Password))
            throw new InvalidOperationException("Set Admin:Email and Admin:Password beside Admin:Username.");
        var now = clock.GetUtcNow();
        var inserted = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO users
                (id, type, username, email, first_name, last_name, slug, password_hash, is_active, created_at, failed_logins)
            VALUES
                ({Guid.CreateVersion7(now)}, {nameof(UserType.Admin)}, {admin.Username}, {admin.Email}, 'Admin', '',
                 {admin.Username.ToLowerInvariant()}, {PasswordHash.Create(admin.Password)}, true, {now}, 0)
            ON CONFLICT DO NOTHING
            """,
            ct
        );
        if (inserted > 0)
            AdminCreated(admin.Username);
    }

    [LoggerMessage(LogLevel.Information, "{Count} migrations to apply")]
    private partial void Migrating(int count);

    [LoggerMessage(
        LogLevel.Critical,
        "The database was made by migrations that this version does not have ({Foreign}). A local one: start with --fresh"
    )]
    private partial void Diverged(string foreign);

    [LoggerMessage(LogLevel.Information, "Admin {Username} created")]
    private partial void AdminCreated(string username);

    [LoggerMessage(LogLevel.Warning, "No admin is configured (Admin:Username), so none was created")]
    private partial void NoAdmin();
}
