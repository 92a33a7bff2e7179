namespace EduPro.Api.Http;

/// <summary>The answer of a write that has nothing to show.</summary>
internal sealed record Done(string Message);
