using System.Text.Json.Nodes;
using EduPro.Api.Http;
using EduPro.Api.Http.Binding;

namespace EduPro.Api.Features.Catalogue;

/// <summary>How chapters 2 to 4 are spoken under <c>/api/v1/</c>: forms leave fields empty that they mean to leave out.</summary>
internal static class CatalogueV1
{
    private const string Urls = """
        {
          "document_url": { "type": ["string", "null"], "format": "uri" },
          "thumbnail_url": { "type": ["string", "null"], "format": "uri" }
        }
        """;

    public static readonly Dialect CreateCourse = new Dialect().Accepts(
        fields =>
        {
            fields.RemoveEmpty("price");
            if (!fields.Has("price"))
                fields.Set("price", "0");
        },
        """{ "price?": {} }"""
    );

    public static readonly Dialect UpdateCourse = new Dialect().Accepts(fields => fields.RemoveEmpty("price"));

    public static readonly Dialect Modules = new Dialect().Adds<ModuleShape>(
        (module, json) => json["price"] = JsonValue.Create(module.Price),
        """{ "price": { "type": "number" } }"""
    );

    public static readonly Dialect CreateModule = new Dialect().Accepts(fields => fields.RemoveEmpty("order", "price"));

    public static readonly Dialect UpdateModule = CreateModule;

    public static readonly Dialect Lessons = new Dialect().Adds<LessonShape>(
        (lesson, json) =>
        {
            AddUrls(lesson.Document, json);
            // One-time passwords are made for one lesson at a time.
            (json["otp"], json["playback_info"]) = (null, null);
        },
        """
        {
          "document_url": { "type": ["string", "null"], "format": "uri" },
          "thumbnail_url": { "type": ["string", "null"], "format": "uri" },
          "otp": { "type": "null" },
          "playback_info": { "type": "null" }
        }
        """
    );

    public static readonly Dialect Lesson = new Dialect().Adds<LessonDetail>(
        (lesson, json) => AddUrls(lesson.Document, json),
        Urls
    );

    public static readonly Dialect CreateLesson = new Dialect()
        .Accepts(fields => fields.RemoveEmpty("order", "video", "document", "thumbnail"))
        .Adds<Catalogue.CreateLesson.Response>((lesson, json) => AddUrls(lesson.Document, json), Urls);

    public static readonly Dialect UpdateLesson = new Dialect().Accepts(fields => fields.RemoveEmpty("order", "video"));

    private static void AddUrls(Uri? document, JsonObject json) =>
        (json["document_url"], json["thumbnail_url"]) = (document?.AbsoluteUri, json["thumbnail"]?.DeepClone());

    private static void RemoveEmpty(this RequestFields fields, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (fields.TryGet(name, out var field) && field.IsEmptyForm)
                fields.Remove(name);
    }
}
