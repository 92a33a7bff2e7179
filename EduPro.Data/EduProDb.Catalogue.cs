using EduPro.Domain.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace EduPro.Data;

public partial class EduProDb
{
    /// <summary>The words of a course, those of the title above those of the description.</summary>
    public const string SearchVector = "search_vector";

    public DbSet<Category> Categories => Set<Category>();
    public DbSet<Course> Courses => Set<Course>();
    public DbSet<Module> Modules => Set<Module>();
    public DbSet<Lesson> Lessons => Set<Lesson>();

    /// <summary>Which transactions a query sees: <c>pg_current_snapshot()</c>, as text.</summary>
    [DbFunction("search_snapshot", IsNullable = false)]
    public static string SearchSnapshot() => throw new NotSupportedException();

    /// <summary>
    /// Whether a query sees that something changed that searches look at (words, price, category, publication) since the
    /// query with this snapshot, in a course whose text holds all the terms, before or after; for no terms, in any course.
    /// </summary>
    /// <param name="snapshot">Less than a quarter of an hour old.</param>
    [DbFunction("search_changed_since", IsNullable = false)]
    public static bool SearchChangedSince(string snapshot, string[] terms) => throw new NotSupportedException();

    private sealed class CategoryMapping : IEntityTypeConfiguration<Category>
    {
        public void Configure(EntityTypeBuilder<Category> category)
        {
            category.Property(c => c.Name).HasMaxLength(100);
            category.Property(c => c.NameKey).HasComputedColumnSql("lower(name)", stored: true);
            category.HasIndex(c => c.NameKey).IsUnique();
        }
    }

    private sealed class CourseMapping : IEntityTypeConfiguration<Course>
    {
        public void Configure(EntityTypeBuilder<Course> course)
        {
            course.Property(c => c.Title).HasMaxLength(200);
            course.ToTable(t => t.HasCheckConstraint("ck_courses_price", "price >= 0"));
            course.HasIndex(c => new { c.CreatedAt, c.Id }).IsDescending().HasFilter("is_published");
            course
                .HasIndex(c => new
                {
                    c.TeacherId,
                    c.CreatedAt,
                    c.Id,
                })
                .IsDescending(false, true, true);
            course
                .HasIndex(c => new
                {
                    c.CategoryId,
                    c.CreatedAt,
                    c.Id,
                })
                .IsDescending(false, true, true);
            course.HasIndex(c => new { c.Price, c.Id }).HasFilter("is_published");
            course.HasIndex(c => new { c.SearchTitle, c.Id }).HasFilter("is_published");
            course.HasIndex(c => c.SearchTitle).HasMethod("gin").HasOperators("gin_trgm_ops");
            course.HasIndex(c => c.SearchText).HasMethod("gin").HasOperators("gin_trgm_ops");
            course
                .Property<NpgsqlTsVector>(SearchVector)
                .HasComputedColumnSql(
                    "setweight(to_tsvector('simple', search_title), 'A') || to_tsvector('simple', search_text)",
                    stored: true
                );
            course.HasIndex(SearchVector).HasMethod("gin");
            course.HasOne(c => c.Category).WithMany().OnDelete(DeleteBehavior.Restrict);
            course
                .HasMany(c => c.Prerequisites)
                .WithMany()
                .UsingEntity(
                    "course_prerequisites",
                    right => right.HasOne(typeof(Course)).WithMany().HasForeignKey("prerequisite_id"),
                    left => left.HasOne(typeof(Course)).WithMany().HasForeignKey("course_id")
                );
        }
    }

    private sealed class ModuleMapping : IEntityTypeConfiguration<Module>
    {
        public void Configure(EntityTypeBuilder<Module> module)
        {
            module.Property(m => m.Title).HasMaxLength(200);
            module.HasIndex(m => new { m.CourseId, m.Order });
            module.ToTable(t => t.HasCheckConstraint("ck_modules_order", "\"order\" > 0"));
        }
    }

    private sealed class LessonMapping : IEntityTypeConfiguration<Lesson>
    {
        public void Configure(EntityTypeBuilder<Lesson> lesson)
        {
            lesson.Property(l => l.Title).HasMaxLength(200);
            lesson.Property(l => l.VideoId).HasMaxLength(100);
            lesson.HasIndex(l => new { l.ModuleId, l.Order });
            lesson.HasIndex(l => l.CourseId);
            lesson.HasIndex(l => l.VideoPollAt).HasFilter("video_poll_at IS NOT NULL");
            lesson.HasIndex(l => l.VideoId).HasFilter("video_id IS NOT NULL");
            lesson.HasIndex(l => l.StagedVideo).HasFilter("staged_video IS NOT NULL");
            lesson.HasOne(l => l.Course).WithMany().OnDelete(DeleteBehavior.Cascade);
            lesson.ToTable(t => t.HasCheckConstraint("ck_lessons_order", "\"order\" > 0"));
        }
    }
}
