using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Assessments;

[JsonSerializable(typeof(IReadOnlyList<AssessmentShape>))]
[JsonSerializable(typeof(IReadOnlyList<QuestionShape>))]
[JsonSerializable(typeof(IReadOnlyList<OptionShape>))]
[JsonSerializable(typeof(StartAttempt.Response), TypeInfoPropertyName = "StartAttemptResponse")]
[JsonSerializable(typeof(StartAttempt.Response.Question), TypeInfoPropertyName = "StartAttemptResponseQuestion")]
[JsonSerializable(typeof(SaveAnswers.Response), TypeInfoPropertyName = "SaveAnswersResponse")]
[JsonSerializable(typeof(SubmitAttempt.Response), TypeInfoPropertyName = "SubmitAttemptResponse")]
[JsonSerializable(typeof(IReadOnlyList<AttemptShape>))]
[JsonSerializable(typeof(GetResult.Response), TypeInfoPropertyName = "GetResultResponse")]
[JsonSerializable(typeof(GetResult.Response.Question), TypeInfoPropertyName = "GetResultResponseQuestion")]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(
    typeof(IReadOnlyList<ListPendingGrading.Response>),
    TypeInfoPropertyName = "ListPendingGradingResponses"
)]
[JsonSerializable(typeof(ListPendingGrading.Response), TypeInfoPropertyName = "ListPendingGradingResponse")]
[JsonSerializable(typeof(ListPendingGrading.Response.By), TypeInfoPropertyName = "ListPendingGradingResponseBy")]
[JsonSerializable(typeof(GetGrades.Response), TypeInfoPropertyName = "GetGradesResponse")]
[JsonSerializable(typeof(GradeAnswer.Response), TypeInfoPropertyName = "GradeAnswerResponse")]
[JsonSerializable(
    typeof(IReadOnlyList<ListAttemptsOfAssessment.Response>),
    TypeInfoPropertyName = "ListAttemptsOfAssessmentResponses"
)]
[JsonSerializable(typeof(ListAttemptsOfAssessment.Response), TypeInfoPropertyName = "ListAttemptsOfAssessmentResponse")]
[JsonSerializable(
    typeof(ListAttemptsOfAssessment.Response.By),
    TypeInfoPropertyName = "ListAttemptsOfAssessmentResponseBy"
)]
[JsonSerializable(
    typeof(Envelope<ListAttemptsOfStudent.Response>),
    TypeInfoPropertyName = "ListAttemptsOfStudentEnvelope"
)]
[JsonSerializable(
    typeof(IReadOnlyList<ListAttemptsOfStudent.Response>),
    TypeInfoPropertyName = "ListAttemptsOfStudentResponses"
)]
[JsonSerializable(typeof(ListAttemptsOfStudent.Response), TypeInfoPropertyName = "ListAttemptsOfStudentResponse")]
internal sealed partial class AssessmentsJson : JsonSerializerContext;
