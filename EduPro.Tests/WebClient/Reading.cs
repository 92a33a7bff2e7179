using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.WebClient;

/// <summary>
/// What the client reads of an answer, as its list writes it: names with commas between; <c>user.{id,email}</c> reads
/// within, <c>results[].{id}</c> within each item of a list that is not empty, <c>price(number)</c> wants that type.
/// </summary>
internal static class Reading
{
    /// <summary>Fails unless the answer has these fields.</summary>
    public static Reply Reads(this Reply reply, string fields)
    {
        new Reader(reply, fields).Fields("", [reply.Json]);
        return reply;
    }

    /// <summary>Fails unless the answer is a bare list, not empty, whose items have these fields.</summary>
    public static Reply ReadsEach(this Reply reply, string fields)
    {
        var reader = new Reader(reply, fields);
        reader.Fields("[]", reader.Items("", [reply.Json]));
        return reply;
    }

    private sealed class Reader(Reply reply, string fields)
    {
        private readonly string text = string.Concat(fields.Where(c => !char.IsWhiteSpace(c)));
        private int at;

        public void Fields(string path, IReadOnlyList<JsonElement> values)
        {
            do Field(path, values);
            while (Skip(','));
        }

        public JsonElement[] Items(string path, IReadOnlyList<JsonElement> lists)
        {
            Assert.All(lists, list => Assert.True(list.ValueKind is JsonValueKind.Array, Fault(path, "is no list")));
            JsonElement[] items = [.. lists.SelectMany(list => list.EnumerateArray())];
            Assert.True(items.Length > 0, Fault(path, "is empty, so nothing was looked at"));
            return items;
        }

        private void Field(string path, IReadOnlyList<JsonElement> parents)
        {
            var name = Until(",.[({}");
            var values = parents.Select(parent => Property(path, parent, name)).ToArray();
            path = $"{path}.{name}";
            if (Skip('['))
            {
                _ = Skip(']');
                values = Items(path, values);
                path += "[]";
            }
            if (Skip('('))
            {
                var kind = Enum.Parse<JsonValueKind>(Until(")"), ignoreCase: true);
                _ = Skip(')');
                Assert.All(values, value => Assert.True(value.ValueKind == kind, Fault(path, $"is no {kind}")));
            }
            var deeper = Skip('.');
            if (Skip('{'))
            {
                Fields(path, values);
                Assert.True(Skip('}'), $"not closed: {text[at..]}");
            }
            else if (deeper)
                Field(path, values);
        }

        private JsonElement Property(string path, JsonElement parent, string name)
        {
            Assert.True(parent.ValueKind is JsonValueKind.Object, Fault(path, "is no object"));
            Assert.True(parent.TryGetProperty(name, out var value), Fault(path, $"lacks {name}"));
            return value;
        }

        private string Until(string ends)
        {
            var end = text.AsSpan(at).IndexOfAny(ends);
            var word = end < 0 ? text[at..] : text.Substring(at, end);
            at += word.Length;
            Assert.True(word.Length > 0, $"a name is missing: {text[at..]}");
            return word;
        }

        private bool Skip(char c)
        {
            var skips = at < text.Length && text[at] == c;
            at += skips ? 1 : 0;
            return skips;
        }

        private string Fault(string path, string what) =>
            $"{reply.Request}: {(path.Length == 0 ? "the answer" : path)} {what}\n{reply.Text}";
    }
}
