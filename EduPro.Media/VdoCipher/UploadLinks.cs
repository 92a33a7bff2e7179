using System.Diagnostics.CodeAnalysis;

namespace EduPro.Media.VdoCipher;

/// <summary>
/// The link to upload to comes from outside and we send a file to it, so it may only be a public HTTPS host: no
/// addresses, no single-label names (which service discovery would turn into a service of ours), no odd ports.
/// </summary>
internal static class UploadLinks
{
    public static bool TryParse(string? text, bool allowLoopbackHttp, [NotNullWhen(true)] out Uri? link) =>
        Uri.TryCreate(text, UriKind.Absolute, out link)
        && link.UserInfo.Length == 0
        && (
            link.Scheme == Uri.UriSchemeHttps
                ? link is { IsDefaultPort: true, HostNameType: UriHostNameType.Dns, IsLoopback: false }
                    && link.IdnHost.TrimEnd('.').Contains('.')
                : allowLoopbackHttp && link is { Scheme: "http", IsLoopback: true }
        );
}
