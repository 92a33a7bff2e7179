using EduPro.Domain.Assessments;
using EduPro.Domain.Scoring;
using Microsoft.Extensions.Time.Testing;

namespace EduPro.Tests.Assessments;

public sealed class AttemptTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private Attempt Start(int? minutes = 30)
    {
        var assessment = new Assessment
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            TeacherId = Guid.CreateVersion7(clock.GetUtcNow()),
            Title = "Primes",
            Description = "",
            Type = AssessmentType.Quiz,
            DurationMinutes = minutes,
            PassingScore = 50,
            CreatedAt = clock.GetUtcNow(),
            UpdatedAt = clock.GetUtcNow(),
        };
        Question[] questions = [Essay(2), Essay(1)];
        return Attempt.Start(assessment, questions, Guid.CreateVersion7(clock.GetUtcNow()), 1, clock.GetUtcNow());

        Question Essay(int order) =>
            new()
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                AssessmentId = assessment.Id,
                Text = "?",
                Type = QuestionType.Essay,
                Points = 5,
                Order = order,
            };
    }

    [Fact]
    public void Time_runs_out_after_the_duration_and_two_seconds_of_grace()
    {
        var attempt = Start();

        clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(2));
        Assert.False(attempt.IsOverdue(clock.GetUtcNow()));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(attempt.IsOverdue(clock.GetUtcNow()));
    }

    [Fact]
    public void Without_a_limit_time_never_runs_out()
    {
        var attempt = Start(minutes: null);

        clock.Advance(TimeSpan.FromDays(1000));
        Assert.False(attempt.IsOverdue(clock.GetUtcNow()));
        Assert.Throws<InvalidOperationException>(attempt.RunOut);
    }

    [Fact]
    public void An_attempt_that_ran_out_ends_when_its_time_did_and_only_once()
    {
        var attempt = Start();
        clock.Advance(TimeSpan.FromHours(2));

        attempt.RunOut();

        Assert.Equal(attempt.ExpiresAt, attempt.SubmittedAt);
        Assert.Equal((AttemptStatus.Graded, 0, 10), (attempt.Status, attempt.Score, attempt.TotalPoints));
        Assert.Throws<InvalidOperationException>(() => attempt.Submit([], clock.GetUtcNow()));
    }

    [Fact]
    public void Grading_counts_what_is_graded_and_records_each_change()
    {
        var attempt = Start();
        attempt.Submit(attempt.Questions.Select(q => new GivenAnswer(q.Id, "x")), clock.GetUtcNow());
        Assert.Equal((AttemptStatus.Submitted, 0), (attempt.Status, attempt.Score));

        var first = attempt.Grade(attempt.Answers[0], 5, "Fine", null, clock.GetUtcNow());
        Assert.Equal((AttemptStatus.Submitted, 5, true), (attempt.Status, attempt.Score, attempt.Passed));
        attempt.Grade(attempt.Answers[1], 3, null, null, clock.GetUtcNow());
        var again = attempt.Grade(attempt.Answers[0], 1, "Less fine", true, clock.GetUtcNow());

        Assert.Equal((AttemptStatus.Graded, 4, false), (attempt.Status, attempt.Score, attempt.Passed));
        Assert.Equal((null, 5), (first.PointsBefore, first.Points));
        Assert.Equal((5, 1), (again.PointsBefore, again.Points));
        Assert.True(attempt.Answers[0].IsCorrect);
        Assert.False(attempt.Answers[1].IsCorrect);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            attempt.Grade(attempt.Answers[0], 6, null, null, clock.GetUtcNow())
        );
        Assert.Equal(1, attempt.Answers[0].PointsEarned);
    }

    [Fact]
    public void An_assessment_is_available_while_active_from_its_start_to_before_its_end()
    {
        var now = clock.GetUtcNow();
        var assessment = new Assessment
        {
            Id = Guid.CreateVersion7(now),
            TeacherId = Guid.CreateVersion7(now),
            Title = "",
            Description = "",
            Type = AssessmentType.Quiz,
            PassingScore = 50,
            CreatedAt = now,
            UpdatedAt = now,
        };
        Assert.True(assessment.IsAvailable(now));

        (assessment.AvailableFrom, assessment.AvailableUntil) = (now, now.AddHours(1));
        Assert.False(assessment.IsAvailable(now.AddTicks(-1)));
        Assert.True(assessment.IsAvailable(now));
        Assert.True(assessment.IsAvailable(now.AddHours(1).AddTicks(-1)));
        Assert.False(assessment.IsAvailable(now.AddHours(1)));

        assessment.IsActive = false;
        Assert.False(assessment.IsAvailable(now));
    }
}
