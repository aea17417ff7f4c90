using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>Lists. In tags numbers are joined by dots where they are whole, all else by slashes.</summary>
internal sealed class ListForm(Type element, ValueForm item, AllowedAttribute? allowed) : ValueForm
{
    /// <summary>Entries a list may have: ten times what the longest published ones need.</summary>
    public const int Longest = 10_000;
    private readonly string _separator = item.IsWhole ? "." : "/";

    public override bool NeedsKey => item is ChoiceForm;

    public override bool IsWhole => item.IsWhole;

    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(json, path, allowed);
        }

        if (json.GetArrayLength() > Longest)
        {
            throw new PlanException(path, $"a list has {Longest} entries at most; this one has {json.GetArrayLength()}.");
        }

        return Of([.. json.EnumerateArray().Select((e, i) => item.Read(e, $"{path}[{i}]", vocabulary))]);
    }

    public override void Write(Utf8JsonWriter json, object value, string path)
    {
        var i = 0;
        json.WriteStartArray();
        foreach (var entry in (IEnumerable)value)
        {
            item.Write(json, entry, $"{path}[{i++}]");
        }

        json.WriteEndArray();
    }

    public override JsonObject Schema(SchemaWriter schema) => new() { ["type"] = "array", ["items"] = item.Schema(schema) };

    public override void WriteTag(TagWriter tag, int level, string key, object value)
    {
        object[] entries = [.. ((IEnumerable)value).Cast<object>()];
        if (entries.Length == 0)
        {
            tag.Put(level, key + "empty");
            return;
        }

        if (item.IsWhole)
        {
            tag.Put(level, key + string.Join('.', entries.Select(Names.Number)), endsInNumber: true);
            return;
        }

        tag.Put(level, key);
        var inside = tag.Open(_separator);
        for (var i = 0; i < entries.Length; i++)
        {
            item.WriteTag(tag, inside, i == 0 ? "" : _separator, entries[i]);
        }
    }

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary)
    {
        if (tag.Take("empty"))
        {
            return Of([]);
        }

        var start = tag.Position;
        var entries = new List<object>();
        do
        {
            if (entries.Count == Longest)
            {
                throw new PlanException(tag.At(start), $"a list has {Longest} entries at most.");
            }

            entries.Add(item.ReadTag(tag, vocabulary));
        }
        while (tag.Take(_separator));
        if (!item.IsWhole)
        {
            tag.Take(",");
        }

        return Of(entries);
    }

    public override bool BeginsWith(char c) => item.BeginsWith(c);

    public override string Expected(AllowedAttribute? allowed) => allowed?.Text(IsWhole) ?? $"an array of which each is {item.Expected(null)}";

    public override string Show(object value) => $"[{string.Join(", ", ((IEnumerable)value).Cast<object>().Select(item.Show))}]";

    public override bool Same(object? a, object? b) =>
        a is IEnumerable x && b is IEnumerable y ? x.Cast<object>().SequenceEqual(y.Cast<object>()) : Equals(a, b);

    private object Of(IReadOnlyList<object> entries)
    {
        var list = Array.CreateInstance(element, entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            list.SetValue(entries[i], i);
        }

        return list;
    }
}
