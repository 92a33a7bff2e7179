using EduPro.Api.Http;
using EduPro.Api.Http.Binding;

namespace EduPro.Api.Features.Catalogue;

/// <summary>How chapters 2 to 4 are spoken under <c>/api/v1/</c>: forms leave fields empty that they mean to leave out.</summary>
internal static class CatalogueV1
{
    public static readonly Dialect CreateCourse = new Dialect().Accepts(fields =>
    {
        fields.RemoveEmpty("price");
        if (!fields.Has("price"))
            fields.Set("price", "0");
    });

    public static readonly Dialect UpdateCourse = new Dialect().Accepts(fields => fields.RemoveEmpty("price"));

    public static readonly Dialect CreateModule = new Dialect().Accepts(fields => fields.RemoveEmpty("order", "price"));

    private static void RemoveEmpty(this RequestFields fields, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (fields.TryGet(name, out var field) && field.IsEmptyForm)
                fields.Remove(name);
    }
}
