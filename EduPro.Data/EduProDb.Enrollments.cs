using EduPro.Domain.Accounts;
using EduPro.Domain.Catalogue;
using EduPro.Domain.Enrollments;
using EduPro.Domain.Idempotency;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EduPro.Data;

public partial class EduProDb
{
    public DbSet<Enrollment> Enrollments => Set<Enrollment>();
    public DbSet<ModuleEnrollment> ModuleEnrollments => Set<ModuleEnrollment>();
    public DbSet<LessonProgress> LessonProgress => Set<LessonProgress>();
    public DbSet<Coupon> Coupons => Set<Coupon>();
    public DbSet<LedgerEntry> LedgerEntries => Set<LedgerEntry>();
    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<TeacherMonth> TeacherMonths => Set<TeacherMonth>();
    public DbSet<Rating> Ratings => Set<Rating>();
    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    private sealed class EnrollmentMapping : IEntityTypeConfiguration<Enrollment>
    {
        public void Configure(EntityTypeBuilder<Enrollment> enrollment)
        {
            enrollment.HasIndex(e => new { e.StudentId, e.CourseId }).IsUnique();
            enrollment
                .HasIndex(e => new
                {
                    e.CourseId,
                    e.EnrolledAt,
                    e.Id,
                })
                .IsDescending(false, true, true);
            enrollment
                .HasIndex(e => new
                {
                    e.TeacherId,
                    e.EnrolledAt,
                    e.Id,
                })
                .IsDescending(false, true, true);
            enrollment.HasOne(e => e.Course).WithMany().OnDelete(DeleteBehavior.Restrict);
            enrollment.HasOne<Teacher>().WithMany().HasForeignKey(e => e.TeacherId);
        }
    }

    private sealed class ModuleEnrollmentMapping : IEntityTypeConfiguration<ModuleEnrollment>
    {
        public void Configure(EntityTypeBuilder<ModuleEnrollment> enrollment)
        {
            enrollment.HasIndex(e => new { e.StudentId, e.ModuleId }).IsUnique();
            enrollment.HasOne<Student>().WithMany().HasForeignKey(e => e.StudentId);
        }
    }

    private sealed class LessonProgressMapping : IEntityTypeConfiguration<LessonProgress>
    {
        public void Configure(EntityTypeBuilder<LessonProgress> progress)
        {
            progress.HasKey(p => new { p.StudentId, p.LessonId });
            progress.HasIndex(p => new { p.StudentId, p.CourseId });
            progress.HasOne<Student>().WithMany().HasForeignKey(p => p.StudentId);
        }
    }

    private sealed class CouponMapping : IEntityTypeConfiguration<Coupon>
    {
        public void Configure(EntityTypeBuilder<Coupon> coupon)
        {
            coupon.Property(c => c.Code).HasMaxLength(Coupon.LongestCode);
            coupon.Property(c => c.CodeKey).HasComputedColumnSql("upper(code)", stored: true);
            coupon.HasIndex(c => new { c.TeacherId, c.CodeKey }).IsUnique().HasFilter("deleted_at IS NULL");
            coupon
                .HasIndex(c => new
                {
                    c.TeacherId,
                    c.CreatedAt,
                    c.Id,
                })
                .IsDescending(false, true, true)
                .HasFilter("deleted_at IS NULL");
            coupon.ToTable(t =>
            {
                t.HasCheckConstraint("ck_coupons_discount", "discount_percentage BETWEEN 1 AND 100");
                t.HasCheckConstraint("ck_coupons_voucher", "voucher_value > 0");
                t.HasCheckConstraint("ck_coupons_dates", "valid_until > valid_from");
                t.HasCheckConstraint("ck_coupons_uses", "usage_count >= 0");
                t.HasCheckConstraint("ck_coupons_limit", "usage_count <= max_uses");
            });
        }
    }

    private static void MapSale<T>(EntityTypeBuilder<T> sale)
        where T : Sale
    {
        sale.HasOne<Teacher>().WithMany().HasForeignKey(s => s.TeacherId).OnDelete(DeleteBehavior.Restrict);
        sale.HasOne(s => s.Student).WithMany().OnDelete(DeleteBehavior.Restrict);
        sale.HasOne(s => s.Coupon).WithMany().OnDelete(DeleteBehavior.Restrict);
    }

    private sealed class LedgerEntryMapping : IEntityTypeConfiguration<LedgerEntry>
    {
        public void Configure(EntityTypeBuilder<LedgerEntry> entry)
        {
            MapSale(entry);
            entry.HasIndex(e => new { e.CouponId, e.StudentId }).IsUnique().HasFilter("coupon_id IS NOT NULL");
            entry.HasIndex(e => new { e.TeacherId, e.PaidAt });
            entry.HasIndex(e => e.CourseId);
            entry.ToTable(t => t.HasCheckConstraint("ck_ledger_entries_net", "net = gross - discount"));
        }
    }

    private sealed class PaymentMapping : IEntityTypeConfiguration<Payment>
    {
        public void Configure(EntityTypeBuilder<Payment> payment)
        {
            MapSale(payment);
            payment.HasOne<Course>().WithMany().HasForeignKey(p => p.HeldCourseId).OnDelete(DeleteBehavior.Restrict);
            payment.HasOne<Module>().WithMany().HasForeignKey(p => p.HeldModuleId).OnDelete(DeleteBehavior.Restrict);
            // One payment at a time: a second would be a second charge.
            payment
                .HasIndex(p => new
                {
                    p.StudentId,
                    p.HeldCourseId,
                    p.HeldModuleId,
                })
                .IsUnique()
                .AreNullsDistinct(false)
                .HasFilter("status = 'Pending'");
            payment.HasIndex(p => p.CreatedAt).HasFilter("status = 'Pending'");
            payment.ToTable(t =>
                t.HasCheckConstraint("ck_payments_held", "(status = 'Pending') = (held_course_id IS NOT NULL)")
            );
        }
    }

    private sealed class TeacherMonthMapping : IEntityTypeConfiguration<TeacherMonth>
    {
        public void Configure(EntityTypeBuilder<TeacherMonth> month)
        {
            month.HasKey(m => new { m.TeacherId, m.Month });
            month.HasOne<Teacher>().WithMany().HasForeignKey(m => m.TeacherId);
        }
    }

    private sealed class RatingMapping : IEntityTypeConfiguration<Rating>
    {
        public void Configure(EntityTypeBuilder<Rating> rating)
        {
            rating.Property(r => r.Comment).HasMaxLength(500);
            rating.HasIndex(r => new { r.StudentId, r.CourseId }).IsUnique();
            rating
                .HasIndex(r => new
                {
                    r.CourseId,
                    r.CreatedAt,
                    r.Id,
                })
                .IsDescending(false, true, true);
            rating.ToTable(t => t.HasCheckConstraint("ck_ratings_value", "value BETWEEN 1 AND 5"));
        }
    }

    private sealed class IdempotencyKeyMapping : IEntityTypeConfiguration<IdempotencyKey>
    {
        public void Configure(EntityTypeBuilder<IdempotencyKey> key)
        {
            key.HasKey(k => new { k.UserId, k.Key });
            key.Property(k => k.Key).HasMaxLength(IdempotencyKey.LongestKey);
            key.HasOne<User>().WithMany().HasForeignKey(k => k.UserId);
            key.HasIndex(k => k.CreatedAt);
        }
    }
}
