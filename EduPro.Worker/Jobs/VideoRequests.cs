using EduPro.Media.VdoCipher;

namespace EduPro.Worker.Jobs;

/// <summary>VdoCipher, asked by at most four jobs of this process at once.</summary>
internal sealed class VideoRequests(VdoCipherClient client) : IDisposable
{
    public const int AtOnce = 4;

    private readonly SemaphoreSlim free = new(AtOnce);

    public async Task<T> Ask<T>(Func<VdoCipherClient, Task<T>> request, CancellationToken ct)
    {
        await free.WaitAsync(ct);
        try
        {
            return await request(client);
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose() => free.Dispose();
}
