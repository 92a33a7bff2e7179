namespace EduPro.Api.Http;

/// <summary>The error catalogue, chapter by chapter as in the API document; what has no chapter there stands first.</summary>
internal static class Problems
{
    private const string Denied = "Permission denied";

    // Of every route
    public static readonly Problem InvalidPage = NotFound("Not found", "Invalid page.");
    public static readonly Problem RouteNotFound = NotFound("Not found", "No route matches this address.");
    public static readonly Problem MethodNotAllowed = new(405, "Method not allowed", "This route has no such method.");
    public static readonly Problem BodyTooLarge = new(413, "Request too large", "The request body is too large.");
    public static readonly Problem AddressTooLong = new(414, "Address too long", "The request's address is too long.");
    public static readonly Problem HeadersTooLarge = new(
        431,
        "Headers too large",
        "The request's headers are too many or too large."
    );
    public static readonly Problem UnsupportedMediaType = new(
        415,
        "Unsupported media type",
        "Send application/json, multipart/form-data or application/x-www-form-urlencoded."
    );
    public static readonly Problem ForeignOrigin = Forbidden(
        "Origin not allowed",
        "This origin may not send requests with cookies."
    );

    public static readonly Problem InvalidIdempotencyKey = Bad(
        "Invalid idempotency key",
        "The Idempotency-Key header takes 1 to 255 characters."
    );
    public static readonly Problem IdempotencyKeyReused = new(
        422,
        "Idempotency key reused",
        "This Idempotency-Key was already used for another request."
    );
    public static readonly Problem RequestInProgress = new(
        409,
        "Request in progress",
        "A request with this Idempotency-Key is still being processed."
    )
    {
        RetryAfter = 1,
    };

    public static Problem MalformedBody(string where) => Bad("Invalid request", where);

    // 1. User management
    public static readonly Problem CredentialsRequired = Bad("Invalid credentials", "Email and password are required.");
    public static readonly Problem UserNotFound = NotFound(
        "User not found",
        "No user found with the provided credentials."
    );
    public static readonly Problem AccountBlocked = Forbidden(
        "Account blocked",
        "Your account has been blocked by the teacher."
    );
    public static readonly Problem NotRegistered = Forbidden(Denied, "You are not registered with this teacher.");
    public static readonly Problem TeacherNotFound = NotFound(
        "Teacher not found",
        "Teacher with this username does not exist."
    );
    public static readonly Problem StudentNotFound = NotFound(
        "Student not found",
        "The specified student does not exist."
    );
    public static readonly Problem NotYourProfile = Forbidden(
        Denied,
        "You do not have permission to update this profile."
    );
    public static readonly Problem StudentsDenied = Forbidden(
        Denied,
        "You do not have permission to perform this action."
    );
    public static readonly Problem StudentsChallenge = new(
        401,
        "Authentication required",
        "Authentication credentials were not provided."
    );
    public static readonly Problem OtpExpired = Bad(
        "OTP expired",
        "The OTP code has expired. Please request a new one."
    );

    // 2. Courses
    public static readonly Problem OnlyTeachersCreateCourses = Forbidden(Denied, "Only teachers can create courses.");
    public static readonly Problem CourseNotFound = NotFound(
        "Course not found",
        "No course found with the provided ID."
    );
    public static readonly Problem NotYourCourseToUpdate = Forbidden(Denied, "You can only update your own courses.");
    public static readonly Problem NotYourCourseToDelete = Forbidden(Denied, "You can only delete your own courses.");
    public static readonly Problem CourseHasEnrollments = Bad(
        "Cannot delete course",
        "Course has active enrollments and cannot be deleted."
    );
    public static readonly Problem CategoryNotFound = NotFound(
        "Category not found",
        "No category found with the provided ID."
    );

    // 3. Modules
    public static readonly Problem CourseOfModuleNotFound = NotFound(
        "Course not found",
        "The specified course does not exist."
    );
    public static readonly Problem NotYourCourseForModules = Forbidden(
        Denied,
        "You can only create modules for your own courses."
    );
    public static readonly Problem ModuleNotFound = NotFound(
        "Module not found",
        "The specified module does not exist."
    );
    public static readonly Problem ModuleHasLessons = Bad(
        "Cannot delete module",
        "Module contains lessons and cannot be deleted."
    );

    // 4. Lessons
    public static readonly Problem LessonNotFound = NotFound(
        "Lesson not found",
        "The specified lesson does not exist."
    );
    public static readonly Problem NotEnrolledForProgress = Forbidden(
        "Not enrolled",
        "You must be enrolled in this course to update lesson progress."
    );

    // 5. Enrolment
    public static readonly Problem AlreadyEnrolled = Bad(
        "Already enrolled",
        "You are already enrolled in this course."
    );
    public static readonly Problem CourseNotAvailable = Bad(
        "Course not available",
        "This course is not published or available for enrollment."
    );
    public static readonly Problem OnlyStudentsEnroll = Forbidden(
        Denied,
        "You must be a student to enroll in courses."
    );
    public static readonly Problem CourseNotEnrolled = Bad(
        "Course not enrolled",
        "You must be enrolled in the course before enrolling in modules."
    );
    public static readonly Problem AlreadyEnrolledInModule = Bad(
        "Already enrolled",
        "You are already enrolled in this module."
    );
    public static readonly Problem EnrollmentNotFound = NotFound(
        "Enrollment not found",
        "The specified enrollment does not exist."
    );

    // 6. Coupons
    public static readonly Problem CouponNotFound = NotFound(
        "Coupon not found",
        "The specified coupon does not exist."
    );
    public static readonly Problem CouponExpired = Bad("Coupon expired", "This coupon has expired and cannot be used.");
    public static readonly Problem CouponUsedUp = Bad(
        "Usage limit reached",
        "This coupon has reached its maximum usage limit."
    );
    public static readonly Problem CouponAlreadyUsed = Bad("Already used", "You have already used this coupon.");

    // 7. Ratings
    public static readonly Problem NotEnrolledToRate = Forbidden(
        "Not enrolled",
        "You must be enrolled in this course to rate it."
    );
    public static readonly Problem AlreadyRated = Bad("Already rated", "You have already rated this course.");
    public static readonly Problem RatingNotFound = NotFound(
        "Rating not found",
        "The specified rating does not exist."
    );
    public static readonly Problem NotYourRating = Forbidden(Denied, "You can only modify your own ratings.");

    // 8. Assessments
    public static readonly Problem NotYourAssessment = Forbidden(
        Denied,
        "You can only create assessments for your own courses/modules/lessons."
    );
    public static readonly Problem AssessmentNotFound = NotFound(
        "Assessment not found",
        "The specified assessment does not exist."
    );
    public static readonly Problem AssessmentLocked = Bad(
        "Cannot modify assessment",
        "Assessment has attempts and cannot be modified."
    );
    public static readonly Problem QuestionNotFound = NotFound(
        "Question not found",
        "The specified question does not exist."
    );
    public static readonly Problem OptionNotFound = NotFound(
        "Option not found",
        "The specified option does not exist."
    );
    public static readonly Problem AssessmentNotAvailable = Bad(
        "Assessment not available",
        "This assessment is not active or available for students."
    );
    public static readonly Problem NotEnrolledForAssessment = Forbidden(
        "Not enrolled",
        "You must be enrolled in the course to take this assessment."
    );
    public static readonly Problem AlreadyAttempted = Bad(
        "Already attempted",
        "You have already attempted this assessment."
    );
    public static readonly Problem AssessmentExpired = Bad(
        "Assessment expired",
        "The time limit for this assessment has expired."
    );
    public static readonly Problem AttemptNotFound = NotFound(
        "Attempt not found",
        "The specified assessment attempt does not exist."
    );
    public static readonly Problem AlreadySubmitted = Bad(
        "Already submitted",
        "This assessment attempt has already been submitted."
    );
    public static readonly Problem AnswerNotFound = NotFound(
        "Answer not found",
        "The specified student answer does not exist."
    );
    public static readonly Problem NotYourQuestionToGrade = Forbidden(
        Denied,
        "You can only grade answers for your own questions."
    );
    public static readonly Problem GradedByRule = Bad("Cannot grade answer", "This answer is graded automatically.");

    // 9. Files
    public static readonly Problem FileCorrupted = Bad(
        "File corrupted",
        "The uploaded file appears to be corrupted and cannot be processed."
    );

    // 10. Authentication and permission
    public static readonly Problem AuthenticationRequired = new(
        401,
        "Authentication required",
        "You must be authenticated to perform this action."
    );
    public static readonly Problem InvalidToken = new(
        401,
        "Invalid token",
        "The provided token is invalid or expired."
    );
    public static readonly Problem TokenExpired = new(
        401,
        "Token expired",
        "The provided token has expired. Please refresh your token."
    );
    public static readonly Problem InvalidRefreshToken = Bad(
        "Invalid refresh token",
        "The provided refresh token is invalid."
    );
    public static readonly Problem PermissionDenied = Forbidden(
        Denied,
        "You do not have sufficient permissions to perform this action."
    );

    public static Problem WrongUserType(string plural) =>
        Forbidden("Wrong user type", $"This action is only available for {plural}.");

    // 11. Database and system
    public static readonly Problem IntegrityError = Bad(
        "Database integrity error",
        "The operation would violate database constraints."
    );
    public static readonly Problem InternalServerError = new(
        500,
        "Internal server error",
        "An unexpected error occurred. Please try again later."
    );

    public static Problem RateLimited(int retryAfter) =>
        new(429, "Rate limit exceeded", "Too many requests. Please try again later.") { RetryAfter = retryAfter };

    public static Problem RateLimitedUntil(DateTimeOffset time, TimeProvider clock) =>
        RateLimited(Math.Max(1, (int)Math.Ceiling((time - clock.GetUtcNow()).TotalSeconds)));

    public static Problem ServiceUnavailable(int retryAfter) =>
        new(503, "Service unavailable", "The service is temporarily unavailable. Please try again later.")
        {
            RetryAfter = retryAfter,
        };

    // 12. Business logic
    public static readonly Problem CourseFull = Bad(
        "Course full",
        "This course has reached its maximum enrollment capacity."
    );
    public static readonly Problem PrerequisitesNotMet = Bad(
        "Prerequisites not met",
        "You must complete the required prerequisites before enrolling in this course."
    );
    public static readonly Problem PaymentFailed = Bad(
        "Payment failed",
        "The payment could not be processed. Please try again."
    );
    public static readonly Problem InsufficientFunds = Bad(
        "Insufficient funds",
        "You do not have sufficient funds to complete this transaction."
    );
    public static readonly Problem PaymentInProgress = new(
        409,
        "Payment in progress",
        "A payment for this is still being processed. Please try again later."
    )
    {
        RetryAfter = 5,
    };
    public static readonly Problem GeographicRestriction = Bad(
        "Geographic restriction",
        "This content is not available in your geographic region."
    );

    private static Problem Bad(string error, string detail) => new(400, error, detail);

    private static Problem Forbidden(string error, string detail) => new(403, error, detail);

    private static Problem NotFound(string error, string detail) => new(404, error, detail);
}
