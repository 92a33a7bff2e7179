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
        },
        """
        {
          "is_published": "is_active",
          "is_timed": { "type": "boolean" },
          "time_limit": "duration_minutes",
          "total_questions": "questions_count",
          "total_marks": "total_points",
          "related_to": {
            "anyOf": [{ "type": "string" }, { "type": { "type": "string" }, "title": { "type": "string" } }]
          },
          "total_attempts?": { "type": "integer", "format": "int32" },
          "average_score?": { "type": "number", "format": "double" }
        }
        """
    );

    public static readonly Dialect Question = new Dialect()
        .Accepts("question_text", "text")
        .Accepts("mark", "points")
        .Adds<QuestionShape>(Widen, """{ "question_text": "text", "mark": "points" }""");

    public static readonly Dialect Option = new Dialect()
        .Accepts("option_text", "text")
        .Adds<OptionShape>((option, json) => json["option_text"] = option.Text, """{ "option_text": "text" }""");

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
        },
        """
        {
          "time_limit": { "type": ["integer", "null"], "format": "int32" },
          "assessment": {
            "id": { "type": "string", "format": "uuid" },
            "title": { "type": "string" },
            "description": { "type": "string" },
            "max_attempts": { "type": "integer", "format": "int32" },
            "questions": {
              "type": "array",
              "items": {
                "id": { "type": "string", "format": "uuid" },
                "question_text": { "type": "string" },
                "question_type": { "$ref": "#/components/schemas/QuestionType" },
                "mark": { "type": "integer", "format": "int32" },
                "image": { "type": ["string", "null"], "format": "uri" },
                "options": {
                  "type": "array",
                  "items": {
                    "id": { "type": "string", "format": "uuid" },
                    "option_text": { "type": "string" }
                  }
                }
              }
            }
          }
        }
        """
    );

    public static readonly Dialect Answers = new Dialect().Accepts("answers.question_id", "question");

    public static readonly Dialect Attempts = new Dialect().Adds<AttemptShape>(
        (attempt, json) =>
        {
            json["assessment_title"] = attempt.Assessment.Title;
            json["assessment_type"] = json["assessment"]!["assessment_type"]!.DeepClone();
            json["time_taken"] = Figures.TimeTaken(attempt.StartedAt, attempt.SubmittedAt);
            json["is_passed"] = attempt.Passed;
        },
        """
        {
          "assessment_title": { "type": "string" },
          "assessment_type": { "$ref": "#/components/schemas/AssessmentType" },
          "time_taken": { "type": ["integer", "null"], "format": "int32" },
          "is_passed": "passed"
        }
        """
    );

    public static readonly Dialect Result = new Dialect().Replaces<GetResult.Response>(
        (result, _) =>
            result.Status is AttemptStatus.Graded
                ? Results.Json(InTheClientsWords(result), WireJson.Options)
                : Results.Json(
                    new Done("Please wait until all questions are graded."),
                    WireJson.Options,
                    statusCode: StatusCodes.Status202Accepted
                ),
        """
        {
          "200": {
            "id": { "type": "string", "format": "uuid" },
            "assessment": { "$ref": "#/components/schemas/AssessmentName" },
            "assessment_title": { "type": "string" },
            "attempt_number": { "type": "integer", "format": "int32" },
            "status": { "$ref": "#/components/schemas/AttemptStatus" },
            "started_at": { "type": "string", "format": "date-time" },
            "submitted_at": { "type": ["string", "null"], "format": "date-time" },
            "time_taken": { "type": ["integer", "null"], "format": "int32" },
            "score": { "type": "integer", "format": "int32" },
            "total_points": { "type": "integer", "format": "int32" },
            "percentage": { "type": "number", "format": "double" },
            "passed": { "type": "boolean" },
            "is_passed": { "type": "boolean" },
            "answers": {
              "type": "array",
              "items": {
                "id": { "type": "string", "format": "uuid" },
                "question": { "type": "string" },
                "student_answer": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
                "correct_answer": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
                "selected_option_text": { "type": ["string", "null"] },
                "text_answer": { "type": ["string", "null"] },
                "points_earned": { "type": "integer", "format": "int32" },
                "marks_awarded": { "type": "integer", "format": "int32" },
                "is_graded": { "type": "boolean" },
                "is_correct": { "type": ["boolean", "null"] },
                "feedback": { "type": ["string", "null"] },
                "teacher_feedback": { "type": ["string", "null"] },
                "explanation": { "type": ["string", "null"] }
              }
            }
          },
          "202": { "$ref": "#/components/schemas/Done" }
        }
        """
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
        },
        """
        {
          "student_name": { "type": "string" },
          "attempt_id": "attempt",
          "assessment_title": { "type": "string" },
          "question_text": { "type": "string" },
          "question_mark": { "type": "integer", "format": "int32" },
          "text_answer": { "type": "string" },
          "marks_awarded": { "type": "null" },
          "is_correct": { "type": "null" },
          "teacher_feedback": { "type": "null" }
        }
        """
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
