namespace EduPro.Api.Http;

/// <summary>The answer of routes that only say what they did.</summary>
internal sealed record MessageResponse(string Message);
