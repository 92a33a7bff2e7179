using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace EduPro.VdoCipherEmulator;

/// <summary>The page for people: what videos there are and how they do.</summary>
internal static class Page
{
    public static string Render(Videos videos, DateTimeOffset now)
    {
        var rows = new StringBuilder();
        foreach (var video in videos.Newest)
            rows.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html(video.Title)}<td><code>{Html(video.Id)}</code><td>{Html(video.StatusAt(now))}<td class=n>{video.LengthAt(now)} s<td class=n>{video.File?.Bytes.ToString("N0", CultureInfo.InvariantCulture) ?? "–"}<td>{video.CreatedAt:yyyy-MM-dd HH:mm:ss}\n"
            );
        if (rows.Length == 0)
            rows.Append("<tr><td colspan=6>No videos yet.");
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>VdoCipher emulator</title>
            <style>
              :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
              body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
              div { overflow-x: auto; }
              table { border-collapse: collapse; width: 100%; }
              th, td { border-bottom: 1px solid light-dark(#ddd, #444); padding: .5rem .75rem; text-align: left; }
              .n { text-align: right; font-variant-numeric: tabular-nums; }
              code { font-size: .85em; }
            </style>
            </head>
            <body>
            <h1>VdoCipher emulator</h1>
            <p>Videos live in memory until the emulator stops. Reload to see how they get on.</p>
            <div>
            <table>
            <thead><tr><th scope="col">Title<th scope="col">Id<th scope="col">Status<th scope="col" class="n">Length<th scope="col" class="n">Bytes<th scope="col">Created (UTC)</thead>
            <tbody>
            {{rows}}</tbody>
            </table>
            </div>
            </body>
            </html>
            """;
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
