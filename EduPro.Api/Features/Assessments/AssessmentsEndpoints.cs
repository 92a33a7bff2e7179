using EduPro.Api.Http;

namespace EduPro.Api.Features.Assessments;

/// <summary>Chapter 8: assessments, attempts and grading.</summary>
internal static class AssessmentsEndpoints
{
    private static readonly string[] PutOrPatch = ["PUT", "PATCH"];
    private static readonly string[] PostOrPut = ["POST", "PUT"];

    public static void AddAssessments(this WebApplicationBuilder builder) =>
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, AssessmentsJson.Default)
        );

    public static void MapAssessments(this RouteGroupBuilder api)
    {
        api = api.MapGroup("").ChangesNothingPublic();
        MapSetup(api.MapGroup("teacher").ForTeachers().WithTags("Assessments"));
        MapTaking(api.MapGroup("").ForStudents().WithTags("Attempts"));
        MapGrading(api.MapGroup("teacher").ForTeachers().WithTags("Grading"));
    }

    private static void MapSetup(RouteGroupBuilder teacher)
    {
        teacher
            .MapGet("assessments/", ListAssessments.Handle)
            .WithSummary("List one's assessments")
            .InV1(AssessmentsV1.Assessment)
            .Produces<IReadOnlyList<AssessmentShape>>();
        teacher
            .MapPost("assessments/", CreateAssessment.Handle)
            .WithSummary("Create an assessment")
            .Refuses(Problems.NotYourAssessment)
            .InV1(AssessmentsV1.Assessment)
            .Produces<AssessmentShape>(201);
        teacher
            .MapGet("courses/{course_id}/assessments/", ListAssessments.OfCourse)
            .WithSummary("List a course's assessments")
            .Refuses(Problems.CourseNotFound, Problems.NotYourAssessment)
            .InV1(AssessmentsV1.Assessment)
            .Produces<IReadOnlyList<AssessmentShape>>();
        teacher
            .MapPost("courses/{course_id}/assessments/", CreateAssessment.InCourse)
            .WithSummary("Create an assessment in a course")
            .Refuses(Problems.CourseNotFound, Problems.NotYourAssessment)
            .InV1(AssessmentsV1.Assessment)
            .Produces<AssessmentShape>(201);
        teacher
            .MapGet("assessments/{assessment_id}/", GetAssessment.Handle)
            .WithSummary("Show an assessment with its questions")
            .Refuses(Problems.AssessmentNotFound, Problems.PermissionDenied)
            .InV1(AssessmentsV1.Assessment)
            .Produces<AssessmentShape>();
        teacher
            .MapMethods("assessments/{assessment_id}/", PutOrPatch, UpdateAssessment.Handle)
            .WithSummary("Change an assessment")
            .Refuses(
                Problems.AssessmentNotFound,
                Problems.PermissionDenied,
                Problems.NotYourAssessment,
                Problems.AssessmentLocked
            )
            .InV1(AssessmentsV1.Assessment)
            .Produces<AssessmentShape>();
        teacher
            .MapDelete("assessments/{assessment_id}/", DeleteAssessment.Handle)
            .WithSummary("Delete an assessment without attempts")
            .Refuses(Problems.AssessmentNotFound, Problems.PermissionDenied, Problems.AssessmentLocked)
            .Produces<Done>();

        teacher
            .MapGet("assessments/{assessment_id}/questions/", ListQuestions.Handle)
            .WithSummary("List an assessment's questions")
            .Refuses(Problems.AssessmentNotFound, Problems.PermissionDenied)
            .InV1(AssessmentsV1.Question)
            .Produces<IReadOnlyList<QuestionShape>>();
        teacher
            .MapPost("assessments/{assessment_id}/questions/", CreateQuestion.Handle)
            .WithSummary("Add a question")
            .Refuses(Problems.AssessmentNotFound, Problems.PermissionDenied, Problems.AssessmentLocked)
            .InV1(AssessmentsV1.Question)
            .Produces<QuestionShape>(201);
        teacher
            .MapGet("assessments/questions/{question_id}/", GetQuestion.Handle)
            .WithSummary("Show a question")
            .Refuses(Problems.QuestionNotFound, Problems.PermissionDenied)
            .InV1(AssessmentsV1.Question)
            .Produces<QuestionShape>();
        teacher
            .MapMethods("assessments/questions/{question_id}/", PutOrPatch, UpdateQuestion.Handle)
            .WithSummary("Change a question")
            .Refuses(Problems.QuestionNotFound, Problems.PermissionDenied, Problems.AssessmentLocked)
            .InV1(AssessmentsV1.Question)
            .Produces<QuestionShape>();
        teacher
            .MapDelete("assessments/questions/{question_id}/", DeleteQuestion.Handle)
            .WithSummary("Delete a question")
            .Refuses(Problems.QuestionNotFound, Problems.PermissionDenied, Problems.AssessmentLocked)
            .Produces<Done>();

        teacher
            .MapGet("questions/{question_id}/options/", ListOptions.Handle)
            .WithSummary("List a question's options")
            .Refuses(Problems.QuestionNotFound, Problems.PermissionDenied)
            .InV1(AssessmentsV1.Option)
            .Produces<IReadOnlyList<OptionShape>>();
        teacher
            .MapPost("questions/{question_id}/options/", CreateOption.Handle)
            .WithSummary("Add an option")
            .Refuses(Problems.QuestionNotFound, Problems.PermissionDenied, Problems.AssessmentLocked)
            .InV1(AssessmentsV1.Option)
            .Produces<OptionShape>(201);
        teacher
            .MapGet("questions/options/{option_id}/", GetOption.Handle)
            .WithSummary("Show an option")
            .Refuses(Problems.OptionNotFound, Problems.PermissionDenied)
            .InV1(AssessmentsV1.Option)
            .Produces<OptionShape>();
        teacher
            .MapMethods("questions/options/{option_id}/", PutOrPatch, UpdateOption.Handle)
            .WithSummary("Change an option")
            .Refuses(Problems.OptionNotFound, Problems.PermissionDenied, Problems.AssessmentLocked)
            .InV1(AssessmentsV1.Option)
            .Produces<OptionShape>();
        teacher
            .MapDelete("questions/options/{option_id}/", DeleteOption.Handle)
            .WithSummary("Delete an option")
            .Refuses(Problems.OptionNotFound, Problems.PermissionDenied, Problems.AssessmentLocked)
            .Produces<Done>();
    }

    private static void MapTaking(RouteGroupBuilder api)
    {
        api.MapGet("student/assessments/{teacher_username}/", ListAvailableAssessments.Handle)
            .WithSummary("List a teacher's assessments that one may take")
            .Refuses(Problems.TeacherNotFound, Problems.AccountBlocked, Problems.NotRegistered)
            .InV1(AssessmentsV1.Assessment)
            .Produces<IReadOnlyList<AssessmentShape>>();
        api.MapPost("student/assessments/{assessment_id}/{teacher_username}/start/", StartAttempt.Handle)
            .WithSummary("Start an attempt, or take up the running one")
            .Refuses(
                Problems.TeacherNotFound,
                Problems.AssessmentNotFound,
                Problems.AccountBlocked,
                Problems.NotRegistered,
                Problems.NotEnrolledForAssessment,
                Problems.AssessmentNotAvailable,
                Problems.AlreadyAttempted,
                Problems.AssessmentExpired
            )
            .InV1(AssessmentsV1.Start)
            .Produces<StartAttempt.Response>()
            .Produces<StartAttempt.Response>(201);
        api.MapPut("students/attempts/{attempt_id}/answers/", SaveAnswers.Handle)
            .WithSummary("Save answers of a running attempt")
            .Refuses(
                Problems.AttemptNotFound,
                Problems.AccountBlocked,
                Problems.NotRegistered,
                Problems.AlreadySubmitted,
                Problems.AssessmentExpired
            )
            .InV1(AssessmentsV1.Answers)
            .Produces<SaveAnswers.Response>();
        api.MapMethods("students/attempts/{attempt_id}/submit/", PostOrPut, SubmitAttempt.Handle)
            .WithSummary("Hand in an attempt")
            .Refuses(
                Problems.AttemptNotFound,
                Problems.AccountBlocked,
                Problems.NotRegistered,
                Problems.AlreadySubmitted,
                Problems.AssessmentExpired
            )
            .Idempotent()
            .InV1(AssessmentsV1.Answers)
            .Produces<SubmitAttempt.Response>();
        api.MapGet("student/{teacher_username}/attempts/", ListAttempts.Handle)
            .WithSummary("List one's attempts with a teacher")
            .Refuses(Problems.TeacherNotFound, Problems.AccountBlocked, Problems.NotRegistered)
            .InV1(AssessmentsV1.Attempts)
            .Produces<IReadOnlyList<AttemptShape>>();
        api.MapGet("student/attempts/{attempt_id}/result/", GetResult.Handle)
            .WithSummary("Show what came of an attempt")
            .Refuses(Problems.AttemptNotFound, Problems.AccountBlocked, Problems.NotRegistered)
            .InV1(AssessmentsV1.Result)
            .Produces<GetResult.Response>();
    }

    private static void MapGrading(RouteGroupBuilder teacher)
    {
        teacher
            .MapGet("grading/pending/", ListPendingGrading.Handle)
            .WithSummary("List the answers that await grading")
            .InV1(AssessmentsV1.Pending)
            .Produces<IReadOnlyList<ListPendingGrading.Response>>();
        teacher
            .MapGet("courses/{course_id}/grading/pending/", ListPendingGrading.OfCourse)
            .WithSummary("List a course's answers that await grading")
            .Refuses(Problems.CourseNotFound, Problems.PermissionDenied, Problems.NotYourAssessment)
            .InV1(AssessmentsV1.Pending)
            .Produces<IReadOnlyList<ListPendingGrading.Response>>();
        teacher
            .MapGet("assessments/{assessment_id}/grading/pending/", ListPendingGrading.OfAssessment)
            .WithSummary("List an assessment's answers that await grading")
            .Refuses(Problems.AssessmentNotFound, Problems.PermissionDenied)
            .InV1(AssessmentsV1.Pending)
            .Produces<IReadOnlyList<ListPendingGrading.Response>>();
        teacher
            .MapGet("grading/answer/{answer_id}/", GetGrades.Handle)
            .WithSummary("Show an answer's grade and how it came about")
            .Refuses(Problems.AnswerNotFound, Problems.NotYourQuestionToGrade)
            .Produces<GetGrades.Response>();
        teacher
            .MapMethods("grading/answer/{answer_id}/", PostOrPut, GradeAnswer.Handle)
            .WithSummary("Grade an answer, or grade it again")
            .Refuses(Problems.AnswerNotFound, Problems.NotYourQuestionToGrade, Problems.GradedByRule)
            .InV1(AssessmentsV1.Grade)
            .Produces<GradeAnswer.Response>();
        teacher
            .MapGet("assessments/{assessment_id}/attempts/", ListAttemptsOfAssessment.Handle)
            .WithSummary("List an assessment's attempts")
            .Refuses(Problems.AssessmentNotFound, Problems.PermissionDenied)
            .Produces<IReadOnlyList<ListAttemptsOfAssessment.Response>>();
        teacher
            .MapGet("assessments/attempts/{student_username}/", ListAttemptsOfStudent.Handle)
            .WithSummary("List a student's attempts")
            .Refuses(Problems.StudentNotFound)
            .Produces<Envelope<ListAttemptsOfStudent.Response>>();
    }
}
