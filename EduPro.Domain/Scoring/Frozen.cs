using System.Text.Json.Serialization;

namespace EduPro.Domain.Scoring;

/// <summary>The kinds of questions; in JSON by their wire names.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuestionType>))]
public enum QuestionType
{
    [JsonStringEnumMemberName("multiple_choice")]
    MultipleChoice,

    [JsonStringEnumMemberName("true_false")]
    TrueFalse,

    [JsonStringEnumMemberName("short_answer")]
    ShortAnswer,

    [JsonStringEnumMemberName("essay")]
    Essay,
}

/// <summary>Where an attempt stands; in JSON by its wire name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptStatus>))]
public enum AttemptStatus
{
    [JsonStringEnumMemberName("in_progress")]
    InProgress,

    /// <summary>Handed in; at least one answer awaits a teacher.</summary>
    [JsonStringEnumMemberName("submitted")]
    Submitted,

    [JsonStringEnumMemberName("graded")]
    Graded,
}

/// <summary>
/// A question as it was when the attempt started; what the attempt is scored on, whatever a teacher changes later.
/// Lists compare by reference, so compare ids, not records.
/// </summary>
/// <param name="Image">Name of the picture's blob, null for none.</param>
/// <param name="Explanation">What the student reads after handing in, null for nothing.</param>
public sealed record FrozenQuestion(
    Guid Id,
    QuestionType Type,
    int Points,
    bool IsRequired,
    string Text,
    IReadOnlyList<FrozenOption> Options,
    string? Image = null,
    string? Explanation = null
);

public sealed record FrozenOption(Guid Id, string Text, bool IsCorrect, int Order);

/// <summary>
/// What a student gave for one question. Only the fields of the question's type count; a true_false question takes
/// the boolean or the option.
/// </summary>
public sealed record GivenAnswer(
    Guid QuestionId,
    string? TextAnswer = null,
    IReadOnlyList<Guid>? SelectedOptions = null,
    bool? TrueFalseAnswer = null
);

/// <summary>The stored form of frozen questions and saved answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<FrozenQuestion>))]
[JsonSerializable(typeof(List<FrozenQuestion>))]
[JsonSerializable(typeof(IReadOnlyList<GivenAnswer>))]
[JsonSerializable(typeof(List<GivenAnswer>))]
[JsonSerializable(typeof(IReadOnlyDictionary<Guid, GivenAnswer>))]
public sealed partial class ScoringJson : JsonSerializerContext;
