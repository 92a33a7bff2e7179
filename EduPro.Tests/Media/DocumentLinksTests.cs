using System.Net;
using System.Web;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using EduPro.Media;
using Microsoft.Extensions.Time.Testing;

namespace EduPro.Tests.Media;

/// <summary>
/// Signed links as Azure makes them. Azurite cannot hand out user delegation keys, so here a stand-in for that one
/// request does; links signed with a shared key are followed for real in the storage tests.
/// </summary>
public sealed class DocumentLinksTests : IDisposable
{
    private const string Name = "documents/ab/abcdef.pdf";
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly KeyService _keys = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_azure_a_link_is_signed_with_a_user_delegation_key()
    {
        using var store = AzureStore();

        var url = await store.ReadUrlAsync(Name, "Übung 1.pdf", Ct);

        Assert.Equal($"https://edupro.blob.core.windows.net/documents/{Name}", url.GetLeftPart(UriPartial.Path));
        var query = HttpUtility.ParseQueryString(url.Query);
        Assert.Equal(("b", "r", "https"), (query["sr"], query["sp"], query["spr"]));
        Assert.Equal("2026-11-23T12:10:00Z", query["se"]);
        Assert.Equal("11111111-1111-1111-1111-111111111111", query["skoid"]);
        Assert.StartsWith("attachment", query["rscd"], StringComparison.Ordinal);
        Assert.Contains("filename*=UTF-8''%C3%9Cbung%201.pdf", query["rscd"], StringComparison.Ordinal);
        Assert.NotEmpty(query["sig"]!);
    }

    [Fact]
    public async Task The_key_is_asked_for_once_and_again_before_it_expires()
    {
        using var store = AzureStore();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.ReadUrlAsync(Name, $"{i}.pdf", Ct)));
        Assert.Equal(1, _keys.Requests);

        _time.Advance(TimeSpan.FromHours(5));
        await store.ReadUrlAsync(Name, "a.pdf", Ct);
        Assert.Equal(1, _keys.Requests);

        _time.Advance(TimeSpan.FromMinutes(50));
        var url = await store.ReadUrlAsync(Name, "a.pdf", Ct);
        Assert.Equal(2, _keys.Requests);
        var query = HttpUtility.ParseQueryString(url.Query);
        Assert.True(
            string.CompareOrdinal(query["se"], query["ske"]) <= 0,
            $"The link ({query["se"]}) would outlive its key ({query["ske"]})."
        );
    }

    [Fact]
    public async Task A_key_service_that_is_down_is_reported_and_asked_again_later()
    {
        using var store = AzureStore();
        _keys.IsDown = true;
        await Assert.ThrowsAsync<MediaUnavailableException>(() => store.ReadUrlAsync(Name, "a.pdf", Ct));

        _keys.IsDown = false;
        Assert.NotNull(await store.ReadUrlAsync(Name, "a.pdf", Ct));
    }

    [Theory]
    [InlineData("http://127.0.0.1:10000/edupro", "https,http")]
    [InlineData("https://edupro.blob.core.windows.net", "https")]
    public async Task With_a_shared_key_no_other_key_is_asked_for(string endpoint, string protocols)
    {
        var key = new StorageSharedKeyCredential("edupro", Convert.ToBase64String(new byte[64]));
        using var store = new MediaStore(new BlobServiceClient(new Uri(endpoint), key, Options()), _time);

        var query = HttpUtility.ParseQueryString((await store.ReadUrlAsync(Name, "a.pdf", Ct)).Query);

        Assert.Equal((protocols, "2026-11-23T12:10:00Z"), (query["spr"], query["se"]));
        Assert.Null(query["skoid"]);
        Assert.Equal(0, _keys.Requests);
    }

    public void Dispose() => _keys.Dispose();

    private MediaStore AzureStore() =>
        new(
            new BlobServiceClient(new Uri("https://edupro.blob.core.windows.net"), new AnyCredential(), Options()),
            _time
        );

    private BlobClientOptions Options() =>
        new() { Transport = new HttpClientTransport(_keys), Retry = { MaxRetries = 0 } };

    private sealed class AnyCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext context, CancellationToken ct) =>
            new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext context, CancellationToken ct) =>
            new(GetToken(context, ct));
    }

    private sealed class KeyService : HttpMessageHandler
    {
        private int _requests;

        public int Requests => _requests;

        public bool IsDown { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            if (IsDown)
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            Interlocked.Increment(ref _requests);
            Assert.Contains("comp=userdelegationkey", request.RequestUri!.Query, StringComparison.Ordinal);
            var asked = System.Xml.Linq.XElement.Parse(await request.Content!.ReadAsStringAsync(ct));
            return new HttpResponseMessage
            {
                Content = new StringContent(
                    $"""
                    <?xml version="1.0" encoding="utf-8"?>
                    <UserDelegationKey>
                      <SignedOid>11111111-1111-1111-1111-111111111111</SignedOid>
                      <SignedTid>22222222-2222-2222-2222-222222222222</SignedTid>
                      <SignedStart>{asked.Element("Start")!.Value}</SignedStart>
                      <SignedExpiry>{asked.Element("Expiry")!.Value}</SignedExpiry>
                      <SignedService>b</SignedService>
                      <SignedVersion>2025-01-05</SignedVersion>
                      <Value>{Convert.ToBase64String(new byte[32])}</Value>
                    </UserDelegationKey>
                    """,
                    System.Text.Encoding.UTF8,
                    "application/xml"
                ),
            };
        }
    }
}
