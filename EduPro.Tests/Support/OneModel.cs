using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace EduPro.Tests.Support;

/// <summary>
/// One model for all that runs the API's code in this process, as in a process of the API: a compiled query knows only
/// the model that it was compiled for.
/// </summary>
internal static class OneModel
{
    private static readonly MemoryCache Cache = new(new MemoryCacheOptions());

    public static void Use(DbContextOptionsBuilder options) => options.UseMemoryCache(Cache);
}
