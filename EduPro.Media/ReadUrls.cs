using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Microsoft.Net.Http.Headers;

namespace EduPro.Media;

/// <summary>
/// Signs download URLs: with the account's key where we have one (Azurite), else with a user delegation key (Azure,
/// where shared keys are off), which is asked for once and used until shortly before it expires.
/// </summary>
internal sealed class ReadUrls(BlobServiceClient service, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeyValidity = TimeSpan.FromHours(6);

    private readonly SemaphoreSlim _renewal = new(1);
    private volatile UserDelegationKey? _key;

    public async Task<Uri> SignAsync(BlobClient blob, string downloadName, CancellationToken ct)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(downloadName);
        var now = time.GetUtcNow();
        var sas = new BlobSasBuilder(BlobSasPermissions.Read, now + Validity)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            StartsOn = now - ClockSkew,
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
            ContentDisposition = disposition.ToString(),
        };
        return blob.CanGenerateSasUri
            ? blob.GenerateSasUri(sas)
            : new BlobUriBuilder(blob.Uri)
            {
                Sas = sas.ToSasQueryParameters(await KeyAsync(ct), service.AccountName),
            }.ToUri();
    }

    public void Dispose() => _renewal.Dispose();

    private async Task<UserDelegationKey> KeyAsync(CancellationToken ct)
    {
        if (Current() is { } key)
            return key;

        await _renewal.WaitAsync(ct);
        try
        {
            return Current() ?? (_key = await RequestKeyAsync(ct));
        }
        finally
        {
            _renewal.Release();
        }
    }

    /// <summary>The key, if it outlives a URL that is signed now.</summary>
    private UserDelegationKey? Current() =>
        _key is { } key && key.SignedExpiresOn - time.GetUtcNow() > Validity + ClockSkew ? key : null;

    private async Task<UserDelegationKey> RequestKeyAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return await service.GetUserDelegationKeyAsync(now - ClockSkew, now + KeyValidity, ct);
    }
}
