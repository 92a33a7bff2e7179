using System.Text.Json.Serialization;
using EduPro.Api.Http;

namespace EduPro.Api.Features.Ratings;

/// <summary>Chapter 7: what students think of courses.</summary>
internal static class RatingsEndpoints
{
    public static void AddRatings(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => ListRatings.Loader());
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RatingsJson.Default)
        );
    }

    public static void MapRatings(this RouteGroupBuilder api)
    {
        var ratings = api.MapGroup("").WithTags("Ratings");
        ratings
            .MapGet("courses/{course_id}/list-ratings/", ListRatings.Handle)
            .AllowAnonymous()
            .CachedPublicly()
            .WithSummary("List a course's ratings")
            .Refuses(Problems.CourseNotFound)
            .Produces<IReadOnlyList<CourseRatingShape>>();
        ratings
            .MapPost("courses/{course_id}/ratings/create/", RateCourse.Handle)
            .ForStudents()
            .WithSummary("Rate a course")
            .Refuses(Problems.CourseNotFound, Problems.NotEnrolledToRate, Problems.AlreadyRated)
            .Produces<Done>(201);
        // The contract's spelling, and the correct one.
        foreach (var path in new[] { "retrive-upadate-delete-ratings", "retrieve-update-delete-ratings" })
        {
            var rating = ratings.MapGroup($"course/{path}/{{id}}");
            rating
                .MapGet("/", GetRating.Handle)
                .ForStudents(denied: Problems.NotYourRating)
                .WithSummary("Show a rating of one's own")
                .Refuses(Problems.RatingNotFound, Problems.NotYourRating)
                .Produces<RatingShape>();
            rating
                .MapMethods("/", ["PUT", "PATCH"], ChangeRating.Update)
                .ForStudents(denied: Problems.NotYourRating)
                .WithSummary("Change a rating of one's own")
                .Refuses(Problems.RatingNotFound, Problems.NotYourRating)
                .Produces<RatingShape>();
            rating
                .MapDelete("/", ChangeRating.Delete)
                .ForStudents(denied: Problems.NotYourRating)
                .WithSummary("Delete a rating of one's own")
                .Refuses(Problems.RatingNotFound, Problems.NotYourRating)
                .Produces<RatingShape>();
        }
    }
}

[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(RatingShape))]
[JsonSerializable(typeof(IReadOnlyList<CourseRatingShape>))]
internal sealed partial class RatingsJson : JsonSerializerContext;
