using EduPro.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace EduPro.Media;

/// <summary>How a service gets its media.</summary>
public static class MediaRegistration
{
    /// <summary>Adds <see cref="MediaStore"/> and <see cref="ImageUploads"/> on the connection string <c>blobs</c>.</summary>
    public static void AddEduProMedia(this IHostApplicationBuilder builder)
    {
        builder.AddBlobs();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<MediaStore>();
        builder.Services.AddSingleton<ImageUploads>();
    }
}
