using EduPro.Domain.Accounts;
using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EduPro.Data;

public partial class EduProDb
{
    public DbSet<Enrollment> Enrollments => Set<Enrollment>();
    public DbSet<ModuleEnrollment> ModuleEnrollments => Set<ModuleEnrollment>();
    public DbSet<LessonProgress> LessonProgress => Set<LessonProgress>();

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
}
