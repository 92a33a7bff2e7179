using EduPro.Domain.Accounts;
using EduPro.Domain.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EduPro.Data;

public partial class EduProDb
{
    public DbSet<User> Users => Set<User>();
    public DbSet<Teacher> Teachers => Set<Teacher>();
    public DbSet<Student> Students => Set<Student>();
    public DbSet<TeacherStudent> TeacherStudents => Set<TeacherStudent>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<PasswordReset> PasswordResets => Set<PasswordReset>();
    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();

    private sealed class UserMapping : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> user)
        {
            user.Property(u => u.UsernameKey).HasComputedColumnSql("lower(username)", stored: true);
            user.Property(u => u.EmailKey).HasComputedColumnSql("lower(email)", stored: true);
            user.HasIndex(u => u.UsernameKey).IsUnique();
            user.HasIndex(u => u.EmailKey).IsUnique();
            user.HasIndex(u => u.Phone).IsUnique();
            user.HasIndex(u => u.Slug).IsUnique();
            user.Property(u => u.Username).HasMaxLength(150);
            user.Property(u => u.FirstName).HasMaxLength(150);
            user.Property(u => u.LastName).HasMaxLength(150);
            user.Property(u => u.Email).HasMaxLength(254);
            user.Property(u => u.Phone).HasMaxLength(15);
            user.HasOne(u => u.Teacher).WithOne(t => t.User).HasForeignKey<Teacher>(t => t.Id);
            user.HasOne(u => u.Student).WithOne(s => s.User).HasForeignKey<Student>(s => s.Id);
        }
    }

    private sealed class TeacherStudentMapping : IEntityTypeConfiguration<TeacherStudent>
    {
        public void Configure(EntityTypeBuilder<TeacherStudent> relation)
        {
            relation.HasIndex(r => new { r.TeacherId, r.StudentId }).IsUnique();
            relation.HasIndex(r => r.StudentId);
            relation.Property(r => r.NameKey).HasDefaultValue("");
            relation
                .HasIndex(r => new
                {
                    r.TeacherId,
                    r.NameKey,
                    r.Id,
                })
                .HasFilter("removed_at IS NULL");
        }
    }

    private sealed class SessionMapping : IEntityTypeConfiguration<Session>
    {
        public void Configure(EntityTypeBuilder<Session> session)
        {
            session.HasIndex(s => s.UserId);
            session.HasIndex(s => s.ExpiresAt);
        }
    }

    private sealed class PasswordResetMapping : IEntityTypeConfiguration<PasswordReset>
    {
        public void Configure(EntityTypeBuilder<PasswordReset> reset)
        {
            reset.HasKey(r => r.UserId);
            reset.HasOne(r => r.User).WithOne().HasForeignKey<PasswordReset>(r => r.UserId);
        }
    }

    private sealed class OutboxMailMapping : IEntityTypeConfiguration<OutboxMail>
    {
        public void Configure(EntityTypeBuilder<OutboxMail> mail)
        {
            mail.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
            mail.HasIndex(m => m.NextAttemptAt).HasFilter("sent_at IS NULL AND dead_at IS NULL");
        }
    }
}
