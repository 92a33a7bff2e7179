using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EduPro.Domain.Accounts;
using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EduPro.Data;

public partial class EduProDb
{
    public DbSet<Assessment> Assessments => Set<Assessment>();
    public DbSet<Question> Questions => Set<Question>();
    public DbSet<QuestionOption> QuestionOptions => Set<QuestionOption>();
    public DbSet<Attempt> Attempts => Set<Attempt>();
    public DbSet<Answer> Answers => Set<Answer>();
    public DbSet<GradeChange> GradeChanges => Set<GradeChange>();

    private sealed class AssessmentMapping : IEntityTypeConfiguration<Assessment>
    {
        public void Configure(EntityTypeBuilder<Assessment> assessment)
        {
            assessment.Property(a => a.Title).HasMaxLength(200);
            assessment
                .HasIndex(a => new
                {
                    a.TeacherId,
                    a.CreatedAt,
                    a.Id,
                })
                .IsDescending(false, true, true);
            assessment.HasOne(a => a.Course).WithMany().OnDelete(DeleteBehavior.Cascade);
            assessment.HasOne(a => a.Module).WithMany().OnDelete(DeleteBehavior.SetNull);
            assessment.HasOne(a => a.Lesson).WithMany().OnDelete(DeleteBehavior.SetNull);
            assessment.ToTable(t =>
            {
                t.HasCheckConstraint(
                    "ck_assessments_place",
                    "num_nonnulls(module_id, lesson_id) = 0 OR num_nonnulls(module_id, lesson_id) = 1 AND course_id IS NOT NULL"
                );
                t.HasCheckConstraint("ck_assessments_passing_score", "passing_score BETWEEN 1 AND 100");
                t.HasCheckConstraint("ck_assessments_duration_minutes", "duration_minutes > 0");
                t.HasCheckConstraint("ck_assessments_max_attempts", "max_attempts > 0");
            });
        }
    }

    private sealed class QuestionMapping : IEntityTypeConfiguration<Question>
    {
        public void Configure(EntityTypeBuilder<Question> question)
        {
            question.HasIndex(q => new { q.AssessmentId, q.Order });
            question.ToTable(t =>
            {
                t.HasCheckConstraint("ck_questions_order", "\"order\" > 0");
                t.HasCheckConstraint("ck_questions_points", "points > 0");
            });
        }
    }

    private sealed class QuestionOptionMapping : IEntityTypeConfiguration<QuestionOption>
    {
        public void Configure(EntityTypeBuilder<QuestionOption> option)
        {
            option.HasIndex(o => new { o.QuestionId, o.Order });
            option.ToTable(t => t.HasCheckConstraint("ck_question_options_order", "\"order\" > 0"));
        }
    }

    private sealed class AttemptMapping : IEntityTypeConfiguration<Attempt>
    {
        public void Configure(EntityTypeBuilder<Attempt> attempt)
        {
            attempt
                .HasIndex(a => new
                {
                    a.AssessmentId,
                    a.StudentId,
                    a.Number,
                })
                .IsUnique();
            attempt
                .HasIndex(a => new { a.AssessmentId, a.StudentId }, "ix_attempts_running")
                .IsUnique()
                .HasFilter("status = 'InProgress'");
            attempt.HasIndex(a => a.ExpiresAt).HasFilter("status = 'InProgress'");
            attempt
                .HasIndex(a => new
                {
                    a.StudentId,
                    a.StartedAt,
                    a.Id,
                })
                .IsDescending(false, true, true);
            attempt
                .HasIndex(a => new { a.TeacherId, a.SubmittedAt }, "ix_attempts_ungraded")
                .HasFilter("status = 'Submitted'");
            attempt.HasOne<Teacher>().WithMany().HasForeignKey(a => a.TeacherId);
            AsJson(attempt.Property(a => a.Questions), ScoringJson.Default.IReadOnlyListFrozenQuestion);
            AsJson(attempt.Property(a => a.Saved), ScoringJson.Default.IReadOnlyDictionaryGuidGivenAnswer);
            attempt.ToTable(t => t.HasCheckConstraint("ck_attempts_score", "score BETWEEN 0 AND total_points"));
        }

        /// <summary>Stores the value as jsonb. It is replaced, never changed, so that its reference tells.</summary>
        private static void AsJson<T>(PropertyBuilder<T> property, JsonTypeInfo<T> type)
            where T : class =>
            property
                .HasColumnType("jsonb")
                .HasConversion(
                    value => JsonSerializer.Serialize(value, type),
                    json => Read(json, type),
                    new ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => value.GetHashCode(), value => value)
                );

        /// <summary>By way of bytes: of text the serializer rents three a character, which here are large objects.</summary>
        private static T Read<T>(string json, JsonTypeInfo<T> type) =>
            JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), type)!;
    }

    private sealed class AnswerMapping : IEntityTypeConfiguration<Answer>
    {
        public void Configure(EntityTypeBuilder<Answer> answer)
        {
            answer.HasIndex(a => new { a.AttemptId, a.QuestionId }).IsUnique();
            answer.ToTable(t => t.HasCheckConstraint("ck_answers_points_earned", "points_earned BETWEEN 0 AND points"));
        }
    }

    private sealed class GradeChangeMapping : IEntityTypeConfiguration<GradeChange>
    {
        public void Configure(EntityTypeBuilder<GradeChange> change)
        {
            change.HasOne(c => c.Answer).WithMany();
            change.HasIndex(c => c.AnswerId);
        }
    }
}
