using System.Text.Json.Nodes;
using EduPro.Api.Http;
using EduPro.Domain.Scoring;

namespace EduPro.Api.Features.Assessments;

/// <summary>How the web client in use speaks of assessments.</summary>
internal static class AssessmentsV1
{
    public static readonly Dialect Assessment = new Dialect().Adds<AssessmentShape>(
        (assessment, json) =>
        {
            json["is_published"] = assessment.IsActive;
            json["is_timed"] = assessment.DurationMinutes is not null;
            json["time_limit"] = assessment.DurationMinutes;
            json["total_questions"] = assessment.QuestionsCount;
            json["total_marks"] = assessment.TotalPoints;
            json["related_to"] = assessment.RelatedTo.Title;
            // Only the detail has these, and there the place is an object.
            if (assessment is { Questions: { } questions, Results: { } results })
            {
                json["related_to"] = new JsonObject
                {
                    ["type"] = assessment.RelatedTo.Type,
                    ["title"] = assessment.RelatedTo.Title,
                };
                json["total_attempts"] = results.TotalAttempts;
                json["average_score"] = results.AverageScore;
                foreach (var (question, shown) in questions.Zip(json["questions"]!.AsArray()))
                    Widen(question, shown!.AsObject());
            }
        }
    );

    public static readonly Dialect Question = new Dialect()
        .Accepts("question_text", "text")
        .Accepts("mark", "points")
        .Adds<QuestionShape>(Widen);

    public static readonly Dialect Option = new Dialect()
        .Accepts("option_text", "text")
        .Adds<OptionShape>((option, json) => json["option_text"] = option.Text);

    public static readonly Dialect Start = new Dialect().Adds<StartAttempt.Response>(
        (started, json) =>
        {
            json["time_limit"] = started.ExpiresAt is { } end ? (int)(end - started.StartedAt).TotalMinutes : null;
            json["assessment"]!["questions"] = new JsonArray([
                .. started.Questions.Select(q => new JsonObject
                {
                    ["id"] = q.Id,
                    ["question_text"] = q.Text,
                    ["question_type"] = WireName(q.QuestionType),
                    ["mark"] = q.Points,
                    ["image"] = q.Image,
                    ["options"] = new JsonArray([
                        .. q.Options.Select(o => new JsonObject { ["id"] = o.Id, ["option_text"] = o.Text }),
                    ]),
                }),
            ]);
        }
    );

    public static readonly Dialect Answers = new Dialect().Accepts("answers.question_id", "question");

    public static readonly Dialect Attempts = new Dialect().Adds<AttemptShape>(
        (attempt, json) =>
        {
            json["assessment_title"] = attempt.Assessment.Title;
            json["assessment_type"] = json["assessment"]!["assessment_type"]!.DeepClone();
            json["time_taken"] = Figures.TimeTaken(attempt.StartedAt, attempt.SubmittedAt);
            json["is_passed"] = attempt.Passed;
        }
    );

    public static readonly Dialect Result = new Dialect().Replaces<GetResult.Response>(
        (result, _) =>
            result.Status is AttemptStatus.Graded
                ? Results.Json(InTheClientsWords(result), WireJson.Options)
                : Results.Json(
                    new Done("Please wait until all questions are graded."),
                    WireJson.Options,
                    statusCode: StatusCodes.Status202Accepted
                )
    );

    public static readonly Dialect Pending = new Dialect().Adds<ListPendingGrading.Response>(
        (answer, json) =>
        {
            json["student_name"] = answer.Student.FullName;
            json["attempt_id"] = answer.Attempt;
            json["assessment_title"] = answer.Assessment.Title;
            json["question_text"] = answer.Question.Text;
            json["question_mark"] = answer.Question.Points;
            json["text_answer"] = answer.StudentAnswer;
            json["marks_awarded"] = null;
            json["is_correct"] = null;
            json["teacher_feedback"] = null;
        }
    );

    public static readonly Dialect Grade = new Dialect()
        .Accepts("marks_awarded", "points_earned")
        .Accepts("teacher_feedback", "feedback");

    private static void Widen(QuestionShape question, JsonObject json)
    {
        json["question_text"] = question.Text;
        json["mark"] = question.Points;
        foreach (var (option, shown) in question.Options.Zip(json["options"]!.AsArray()))
            shown!["option_text"] = option.Text;
    }

    private static JsonObject InTheClientsWords(GetResult.Response result)
    {
        var json = System.Text.Json.JsonSerializer.SerializeToNode(result, WireJson.Options)!.AsObject();
        json["assessment_title"] = result.Assessment.Title;
        json["time_taken"] = Figures.TimeTaken(result.StartedAt, result.SubmittedAt);
        json["is_passed"] = result.Passed;
        foreach (var (answer, shown) in result.Answers.Zip(json["answers"]!.AsArray()))
        {
            var isText = answer.Question.QuestionType is QuestionType.ShortAnswer or QuestionType.Essay;
            shown!["question"] = answer.Question.Text;
            shown["selected_option_text"] =
                isText ? null
                : answer.StudentAnswer is string[] chosen ? string.Join(", ", chosen)
                : (string)answer.StudentAnswer;
            shown["text_answer"] = isText ? (string)answer.StudentAnswer : null;
            shown["marks_awarded"] = answer.PointsEarned;
            shown["teacher_feedback"] = answer.Feedback;
        }
        return json;
    }

    private static string WireName(QuestionType type) =>
        Http.Binding.FieldReader.WireName(typeof(QuestionType), type.ToString());
}
