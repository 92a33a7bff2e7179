using System.Text.Json;
using CsCheck;
using EduPro.Domain.Scoring;
using Xunit;

namespace EduPro.Tests.Domain;

public class ScoringTests
{
    private static readonly Guid A = new("00000000-0000-7000-8000-00000000000a");
    private static readonly Guid B = new("00000000-0000-7000-8000-00000000000b");
    private static readonly Guid C = new("00000000-0000-7000-8000-00000000000c");
    private static readonly Guid Q = new("00000000-0000-7000-8000-000000000001");

    private static FrozenQuestion Question(QuestionType type, params FrozenOption[] options) =>
        new(Q, type, 5, false, "?", options);

    private static FrozenOption Right(Guid id, string text) => new(id, text, true, 1);

    private static FrozenOption Wrong(Guid id, string text) => new(id, text, false, 2);

    private static int? Earned(FrozenQuestion question, GivenAnswer? answer) =>
        AttemptScoring.Score([question], answer is null ? [] : [answer], 60).Answers.Single().PointsEarned;

    private static GivenAnswer Choose(params Guid[] options) => new(Q, SelectedOptions: options);

    private static GivenAnswer Write(string text) => new(Q, text);

    private static GivenAnswer Say(bool value) => new(Q, TrueFalseAnswer: value);

    [Fact]
    public void Multiple_choice_takes_all_correct_options_and_no_other()
    {
        var question = Question(QuestionType.MultipleChoice, Right(A, "2"), Right(B, "3"), Wrong(C, "4"));

        Assert.Equal(5, Earned(question, Choose(A, B)));
        Assert.Equal(5, Earned(question, Choose(B, A, B)));
        Assert.Equal(0, Earned(question, Choose(A)));
        Assert.Equal(0, Earned(question, Choose(A, B, C)));
        Assert.Equal(0, Earned(question, Choose(C)));
        Assert.Equal(0, Earned(question, Choose()));
        Assert.Equal(0, Earned(question, null));
        Assert.Equal(0, Earned(question, Write("2")));
    }

    [Fact]
    public void A_question_without_a_usable_key_gives_nothing()
    {
        Assert.Equal(0, Earned(Question(QuestionType.MultipleChoice, Wrong(A, "2")), Choose()));
        Assert.Equal(0, Earned(Question(QuestionType.TrueFalse, Wrong(A, "True")), Say(true)));
        Assert.Equal(0, Earned(Question(QuestionType.TrueFalse, Right(A, "True"), Right(B, "False")), Say(true)));
    }

    [Theory]
    [InlineData("True", "False")]
    [InlineData("true", "FALSE")]
    [InlineData(" True ", "False")]
    public void True_false_is_decided_by_the_text_of_the_correct_option(string right, string wrong)
    {
        var question = Question(QuestionType.TrueFalse, Right(A, right), Wrong(B, wrong));
        var negated = Question(QuestionType.TrueFalse, Wrong(A, right), Right(B, wrong));

        Assert.Equal(5, Earned(question, Say(true)));
        Assert.Equal(0, Earned(question, Say(false)));
        Assert.Equal(5, Earned(question, Choose(A)));
        Assert.Equal(0, Earned(question, Choose(B)));
        Assert.Equal(5, Earned(negated, Say(false)));
        Assert.Equal(0, Earned(negated, Say(true)));
        Assert.Equal(5, Earned(negated, Choose(B)));
        Assert.Equal(0, Earned(negated, Choose(A)));
        Assert.Equal(0, Earned(question, null));
    }

    [Fact]
    public void True_false_takes_no_two_bets()
    {
        var question = Question(QuestionType.TrueFalse, Right(A, "True"), Wrong(B, "False"));

        Assert.Equal(0, Earned(question, Choose(A, B)));
        Assert.Equal(0, Earned(question, new GivenAnswer(Q, SelectedOptions: [B], TrueFalseAnswer: true)));
        Assert.Equal(0, Earned(question, new GivenAnswer(Q, SelectedOptions: [A], TrueFalseAnswer: false)));
        Assert.Equal(5, Earned(question, new GivenAnswer(Q, SelectedOptions: [A], TrueFalseAnswer: true)));
        Assert.Equal(0, Earned(question, Choose(A, C)));
    }

    [Theory]
    [InlineData("Paris", 5)]
    [InlineData("  paris\n", 5)]
    [InlineData("PÂRIS", 5)]
    [InlineData("Lutece", 5)]
    [InlineData("Pa ris", 0)]
    [InlineData("Lyon", 0)]
    [InlineData("   ", 0)]
    public void Short_answers_with_a_key_ignore_case_accents_and_outer_blanks(string answer, int points)
    {
        var question = Question(QuestionType.ShortAnswer, Right(A, "Paris"), Right(B, " Lutèce "), Wrong(C, "Lyon"));

        Assert.False(AttemptScoring.IsManual(question));
        Assert.Equal(points, Earned(question, Write(answer)));
    }

    [Fact]
    public void Essays_and_short_answers_without_a_key_await_a_teacher_unless_blank()
    {
        FrozenQuestion[] manual =
        [
            Question(QuestionType.Essay, Right(A, "Paris")),
            Question(QuestionType.ShortAnswer),
            Question(QuestionType.ShortAnswer, Wrong(A, "Paris")),
        ];

        Assert.All(manual, q => Assert.True(AttemptScoring.IsManual(q)));
        Assert.All(manual, q => Assert.Null(Earned(q, Write("Paris"))));
        Assert.All(manual, q => Assert.Equal(0, Earned(q, Write(" \t"))));
        Assert.All(manual, q => Assert.Equal(0, Earned(q, null)));
    }

    [Theory]
    [InlineData(2, 3, 66, true)]
    [InlineData(2, 3, 67, false)]
    [InlineData(3, 5, 60, true)]
    [InlineData(29, 100, 29, true)]
    [InlineData(59_999, 100_000, 60, false)]
    [InlineData(60_000, 100_000, 60, true)]
    [InlineData(0, 7, 1, false)]
    [InlineData(2_000_000_000, 2_000_000_000, 100, true)]
    public void Passing_compares_the_exact_percentage(int earned, int total, int passingScore, bool passed)
    {
        var score = new AttemptScore([new(A, earned, true, earned), new(B, total - earned, true, 0)], passingScore);

        Assert.Equal(total, score.TotalPoints);
        Assert.Equal(earned, score.Score);
        Assert.Equal(passed, score.Passed);
    }

    [Fact]
    public void Nothing_to_earn_is_not_passed()
    {
        var score = AttemptScoring.Score([], [], 1);

        Assert.Equal((0, 0, 0m, false), (score.Score, score.TotalPoints, score.Percentage, score.Passed));
        Assert.Equal(AttemptStatus.Graded, score.Status);
    }

    [Fact]
    public void What_awaits_grading_keeps_an_attempt_submitted_until_the_last_grade()
    {
        FrozenQuestion[] questions =
        [
            new(A, QuestionType.Essay, 3, true, "Why?", []),
            new(B, QuestionType.ShortAnswer, 2, true, "Who?", []),
            new(C, QuestionType.TrueFalse, 1, true, "So?", [Right(Q, "True")]),
        ];
        var score = AttemptScoring.Score(
            questions,
            [new(A, "Because."), new(B, "Me."), new(C, TrueFalseAnswer: true)],
            50
        );
        Assert.Equal((1, 6, 16.67m, false), (score.Score, score.TotalPoints, score.Percentage, score.Passed));
        Assert.Equal(AttemptStatus.Submitted, score.Status);

        score = score.Regrade(A, 2);
        Assert.Equal((3, true, AttemptStatus.Submitted), (score.Score, score.Passed, score.Status));

        score = score.Regrade(B, 2);
        Assert.Equal((5, 83.33m, AttemptStatus.Graded), (score.Score, score.Percentage, score.Status));

        score = score.Regrade(A, 0);
        Assert.Equal((3, AttemptStatus.Graded), (score.Score, score.Status));

        Assert.Throws<InvalidOperationException>(() => score.Regrade(C, 1));
        Assert.Throws<InvalidOperationException>(() => score.Regrade(Q, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => score.Regrade(A, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => score.Regrade(A, -1));
    }

    [Fact]
    public void Stored_points_score_as_they_did()
    {
        var rows = new Dictionary<Guid, int?> { [A] = 3, [B] = null };
        FrozenQuestion[] questions =
        [
            new(A, QuestionType.MultipleChoice, 3, false, "?", [Right(Q, "x")]),
            new(B, QuestionType.Essay, 4, false, "?", []),
            new(C, QuestionType.Essay, 5, false, "?", []),
        ];

        var score = AttemptScoring.FromStored(questions, rows, 25);

        Assert.Equal([3, null, 0], score.Answers.Select(a => a.PointsEarned));
        Assert.Equal(
            (3, 12, true, AttemptStatus.Submitted),
            (score.Score, score.TotalPoints, score.Passed, score.Status)
        );
    }

    [Fact]
    public void Grades_have_the_words_of_the_catalogue()
    {
        Assert.Empty(AttemptScoring.GradeFaults(5, 0));
        Assert.Empty(AttemptScoring.GradeFaults(5, 5));
        Assert.Equal(["Points earned cannot be negative."], AttemptScoring.GradeFaults(5, -1));
        Assert.Equal(["Points earned cannot exceed question points."], AttemptScoring.GradeFaults(5, 6));
    }

    [Fact]
    public void Frozen_questions_survive_their_stored_form()
    {
        List<FrozenQuestion> questions = [Question(QuestionType.ShortAnswer, Right(A, "مدرسة"), Wrong(B, "x"))];
        List<GivenAnswer> answers = [new(Q, "x", [A, B], false), new(Q)];

        var json = JsonSerializer.Serialize(questions, ScoringJson.Default.ListFrozenQuestion);
        var read = JsonSerializer.Deserialize(json, ScoringJson.Default.ListFrozenQuestion)!;
        var saved = JsonSerializer.Serialize(answers, ScoringJson.Default.ListGivenAnswer);
        var loaded = JsonSerializer.Deserialize(saved, ScoringJson.Default.ListGivenAnswer)!;

        Assert.Contains("\"type\":\"short_answer\"", json, StringComparison.Ordinal);
        Assert.Contains("\"is_required\":false", json, StringComparison.Ordinal);
        Assert.Equal(questions[0] with { Options = [] }, read[0] with { Options = [] });
        Assert.Equal(questions[0].Options, read[0].Options);
        Assert.Equal([A, B], loaded[0].SelectedOptions!);
        Assert.Equal(("x", false), (loaded[0].TextAnswer, loaded[0].TrueFalseAnswer));
        Assert.Equal(answers[1], loaded[1]);
    }

    private sealed record Exam(FrozenQuestion[] Questions, GivenAnswer[] Answers, int PassingScore)
    {
        public AttemptScore Score() => AttemptScoring.Score(Questions, Answers, PassingScore);
    }

    // Texts come from the options' own words so that right answers occur.
    private static readonly Gen<string> Word = Gen.OneOf("True", "False", "paris", "Pâris ", "rome", "", "  ");

    private static readonly Gen<(FrozenQuestion, GivenAnswer?)> Answered =
        from type in Gen.Enum<QuestionType>()
        from points in Gen.Int[1, 20]
        from required in Gen.Bool
        from options in Gen.Select(
            Gen.Guid,
            Word,
            Gen.Bool,
            (id, text, right) => new FrozenOption(id, text, right, 1)
        ).Array[0, 4]
        from id in Gen.Guid
        from picks in Gen.Bool.Array[options.Length]
        from text in Word.Null()
        from value in Gen.Bool.Nullable()
        from form in Gen.Int[0, 3]
        select (
            new FrozenQuestion(id, type, points, required, "?", options),
            form switch
            {
                0 => null,
                1 => new GivenAnswer(id, text, [.. options.Where(o => o.IsCorrect).Select(o => o.Id)], value),
                2 => new GivenAnswer(id, text, null, value),
                _ => new GivenAnswer(id, text, [.. options.Where((_, i) => picks[i]).Select(o => o.Id)], value),
            }
        );

    private static readonly Gen<Exam> Exams = Gen.Select(
        Answered.Array[0, 8],
        Gen.Int[1, 100],
        (answered, passing) =>
            new Exam(
                [.. answered.Select(a => a.Item1)],
                [.. answered.Select(a => a.Item2).OfType<GivenAnswer>()],
                passing
            )
    );

    [Fact]
    public void The_generated_exams_know_every_outcome()
    {
        var seen = Exams.Array[500].Single().SelectMany(e => e.Score().Answers).ToArray();

        Assert.Contains(seen, a => a.PointsEarned is null);
        Assert.Contains(seen, a => a.PointsEarned == 0 && !a.IsManual);
        Assert.Contains(seen, a => a.PointsEarned == 0 && a.IsManual);
        Assert.Contains(seen, a => a.PointsEarned == a.Points);
    }

    [Fact]
    public void A_score_is_never_negative_and_never_above_the_total() =>
        Exams.Sample(exam =>
        {
            var score = exam.Score();
            Assert.Equal(exam.Questions.Select(q => q.Id), score.Answers.Select(a => a.QuestionId));
            Assert.All(score.Answers, a => Assert.InRange(a.PointsEarned ?? 0, 0, a.Points));
            Assert.InRange(score.Score, 0, score.TotalPoints);
            Assert.InRange(score.Percentage, 0, 100);
            Assert.Equal(exam.Questions.Sum(q => q.Points), score.TotalPoints);
        });

    [Fact]
    public void A_score_does_not_depend_on_the_order_of_the_answers() =>
        Gen.Select(Exams, Gen.Int)
            .Sample(
                (exam, salt) =>
                {
                    var shuffled = exam.Answers.OrderBy(a => HashCode.Combine(a.QuestionId, salt)).ToArray();
                    Assert.Equal(exam.Score().Answers, (exam with { Answers = shuffled }).Score().Answers);
                    Array.Reverse(shuffled);
                    Assert.Equal(exam.Score().Answers, (exam with { Answers = shuffled }).Score().Answers);
                }
            );

    [Fact]
    public void A_partial_submission_scores_its_gaps_as_blanks() =>
        Gen.Select(Exams, Gen.Bool.Array[8])
            .Sample(
                (exam, keep) =>
                {
                    var kept = exam.Answers.Where((_, i) => keep[i]).ToArray();
                    var named = kept.Select(a => a.QuestionId).ToHashSet();
                    var blanked = exam.Answers.Select(a =>
                        named.Contains(a.QuestionId) ? a : new GivenAnswer(a.QuestionId, " ", [])
                    );

                    var partial = (exam with { Answers = kept }).Score();

                    Assert.Equal((exam with { Answers = [.. blanked] }).Score().Answers, partial.Answers);
                    Assert.All(partial.Answers, a => Assert.True(named.Contains(a.QuestionId) || a.PointsEarned == 0));
                    Assert.True(partial.Score <= exam.Score().Score);
                }
            );

    [Fact]
    public void A_score_is_stable_under_regrading() =>
        Gen.Select(Exams, Gen.Int[0, 20].Array[8], Gen.Int[0, 20].Array[8])
            .Sample(
                (exam, first, second) =>
                {
                    var score = exam.Score();
                    var manual = score.Answers.Select((a, i) => (a, i)).Where(x => x.a.IsManual).ToArray();

                    var once = manual.Aggregate(score, (s, x) => Grade(s, x.a, second[x.i]));
                    var twice = manual
                        .Reverse()
                        .Aggregate(
                            manual.Aggregate(score, (s, x) => Grade(s, x.a, first[x.i])),
                            (s, x) => Grade(s, x.a, second[x.i])
                        );

                    Assert.Equal(once.Answers, twice.Answers);
                    Assert.Equal(AttemptStatus.Graded, twice.Status);
                    Assert.Equal(
                        score.Answers.Where(a => !a.IsManual).Sum(a => a.PointsEarned!.Value)
                            + manual.Sum(x => Math.Min(second[x.i], x.a.Points)),
                        twice.Score
                    );
                    var rows = twice.Answers.ToDictionary(a => a.QuestionId, a => a.PointsEarned);
                    Assert.Equal(
                        twice.Answers,
                        AttemptScoring.FromStored(exam.Questions, rows, exam.PassingScore).Answers
                    );
                }
            );

    private static AttemptScore Grade(AttemptScore score, AnswerScore answer, int points) =>
        score.Regrade(answer.QuestionId, Math.Min(points, answer.Points));
}
