namespace EduPro.Media;

/// <summary>
/// Blob storage did not answer, or refused us: a dependency is down (503 with <c>Retry-After</c>), the request was
/// fine. The inner exception is the storage client's.
/// </summary>
public sealed class MediaUnavailableException : Exception
{
    /// <summary>Without a cause.</summary>
    public MediaUnavailableException()
        : this("Blob storage is unavailable.") { }

    /// <summary>With a message.</summary>
    public MediaUnavailableException(string message)
        : base(message) { }

    /// <summary>With the storage client's exception.</summary>
    public MediaUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}
