namespace EduPro.Api.Features.Media;

/// <summary>Public pictures, outside the API's prefixes.</summary>
internal static class MediaEndpoints
{
    public static void MapMedia(this WebApplication app) =>
        app.MapGet("/media/{**name}", ShowMedia.Handle)
            .AllowAnonymous()
            .WithTags("Media")
            .WithSummary("Show a picture")
            .Produces(200, contentType: "image/webp");
}
