using System.Text.Json;

namespace Acceleration.Fuzz;

/// <summary>Changes JSON by its structure: what stays valid JSON gets further than damaged bytes.</summary>
/// <param name="words">Keys and texts that mean something to the reader.</param>
/// <param name="longest">Entries that a list may get.</param>
internal sealed class JsonMutator(IReadOnlyList<string> words, int longest = 12_000)
{
    private const int Deepest = 300;

    // Lists repeated in lists would multiply.
    private const int MostValues = 100_000;

    /// <summary>One to four changes.</summary>
    /// <param name="random">Random numbers.</param>
    /// <param name="tree">Is changed.</param>
    /// <param name="other">Where parts may come from.</param>
    public void Change(Random random, JsonTree tree, JsonTree other)
    {
        for (var changes = 1 + (random.OneIn(2) ? 0 : random.Next(4)); changes > 0; changes--)
        {
            ChangeOnce(random, tree, other);
        }
    }

    private void ChangeOnce(Random random, JsonTree tree, JsonTree other)
    {
        var all = tree.All();
        var place = random.Of(all);
        var containers = all.Where(t => t.IsContainer && t.Members.Count > 0).ToArray();
        var parent = containers.Length > 0 ? random.Of(containers) : null;
        switch (random.Next(11))
        {
            case 0 when parent is not null:
                parent.Members.RemoveAt(random.Next(parent.Members.Count));
                break;
            case 1 when parent is not null:
                var (key, value) = random.Of(parent.Members);
                parent.Members.Insert(random.Next(parent.Members.Count + 1), (random.OneIn(2) ? key : Key(random), value.Copy()));
                break;
            case 2 when parent is not null:
                var at = random.Next(parent.Members.Count);
                parent.Members[at] = (Key(random), parent.Members[at].Value);
                break;
            case 3 when parent is not null:
                parent.Members.Reverse(0, random.Next(parent.Members.Count + 1));
                break;
            case 4:
                place.Become(random.Of(other.All()).Copy());
                break;
            case 5:
                place.Become(Nested(random, place.Copy()));
                break;
            case 6 when parent is not null && parent.Kind == JsonValueKind.Array:
                var repeated = random.Of(parent.Members);
                parent.Members.AddRange(Enumerable.Repeat(repeated, Math.Min(MostValues / all.Count, random.OneIn(20) ? longest : random.Next(1, 80))));
                break;
            case 7 or 8:
                place.Become(JsonTree.Written(random.Of(Hostile.Numbers)));
                break;
            default:
                place.Become(Value(random));
                break;
        }
    }

    private JsonTree Value(Random random) => random.Next(6) switch
    {
        0 => JsonTree.Written(random.Of(["null", "true", "false"])),
        1 => JsonTree.Empty(JsonValueKind.Object),
        2 => JsonTree.Empty(JsonValueKind.Array),
        3 => JsonTree.Written(random.Of(Hostile.Numbers)),
        _ => JsonTree.Written(Key(random)),
    };

    private static JsonTree Nested(Random random, JsonTree inner)
    {
        for (var depth = random.OneIn(5) ? random.Next(Deepest) : random.Next(1, 4); depth > 0; depth--)
        {
            var outer = JsonTree.Empty(random.OneIn(2) ? JsonValueKind.Array : JsonValueKind.Object);
            outer.Members.Add(("\"x\"", inner));
            inner = outer;
        }

        return inner;
    }

    /// <summary>A text as JSON writes it, or not quite.</summary>
    private string Key(Random random) => random.Next(8) switch
    {
        0 => random.Of(["\"\\ud800\"", "\"\\u0000\"", "\"\\x\"", "\"\\udc00x\"", "\"\n\"", "x", "'x'", "\""]),
        1 or 2 => JsonSerializer.Serialize(random.Text()),
        _ => JsonSerializer.Serialize(random.Of(words)),
    };
}
