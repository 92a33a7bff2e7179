using EduPro.Api.Http;
using EduPro.Media.VdoCipher;

namespace EduPro.Api.Features.Video;

/// <summary>Chapter 10: VdoCipher. What it does for lessons stands in <see cref="LessonVideo"/>.</summary>
internal static class VideoEndpoints
{
    public static void AddVideo(this WebApplicationBuilder builder)
    {
        builder.AddVdoCipher();
        builder.Services.AddScoped<LessonVideo>();
        builder.Services.AddScoped<Playback>();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, VideoJson.Default)
        );
    }

    public static void MapVideo(this RouteGroupBuilder api)
    {
        var video = api.MapGroup("").WithTags("Video");
        video
            .MapPost("course/create-vdocipher-upload-credentials/", CreateUploadCredentials.Handle)
            .ForTeachers()
            .ChangesNothingPublic()
            .WithSummary("Get credentials to upload a video with")
            .Produces<CreateUploadCredentials.Response>();
        video
            .MapPost("video/hooks/vdocipher/", ReceiveHook.Handle)
            .AllowAnonymous()
            .WithSummary("Hear that a video is ready; the signature is the credential")
            .Refuses(Problems.AuthenticationRequired)
            .Produces<ReceiveHook.Response>();
    }
}
