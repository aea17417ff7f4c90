using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>One entry of several types: <c>{ "interval": { "every": 3 } }</c>; an entry without parameters may be its name alone.</summary>
internal sealed class ChoiceForm(Type family) : ValueForm
{
    public override bool NeedsKey => true;

    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary)
    {
        var known = vocabulary.Of(family);
        if (json.ValueKind == JsonValueKind.String)
        {
            return Create(json.GetString()!, default, path, known, vocabulary);
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(json, path);
        }

        string[] names = [.. json.EnumerateObject().Select(p => p.Name)];
        return names.Length switch
        {
            1 => Create(names[0], json.EnumerateObject().First().Value, path, known, vocabulary),
            0 => throw new PlanException(path, $"the name of {What} is missing; write {{ \"{known[0].Name}\": {{ ... }} }}."),
            _ => throw new PlanException(path, $"one name is expected, not {string.Join(" and ", names.Take(3).Select(n => $"'{PlanException.Shorten(n)}'"))}: each entry is an object of its own."),
        };
    }

    public override void Write(Utf8JsonWriter json, object value, string path)
    {
        var entry = Described(value, path);
        json.WriteStartObject();
        json.WritePropertyName(entry.Name);
        JsonEntry.Write(entry, json, value, $"{path}.{entry.Name}");
        json.WriteEndObject();
    }

    public override JsonObject Schema(SchemaWriter schema) => schema.Choice(family);

    public override void WriteTag(TagWriter tag, int level, string key, object value)
    {
        if (Description.Has(value.GetType()))
        {
            TagEntry.Write(tag, level, key, value);
        }
        else
        {
            // Good enough to be read by people: what has no [Entry] is in no vocabulary either.
            tag.Put(level, key + (value.GetType().GetProperty("Tag")?.GetValue(value) ?? value));
        }
    }

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary)
    {
        var known = vocabulary.Of(family);
        var at = tag.Position;
        var prefix = tag.Longest(known.Select(d => d.Prefix).Where(p => p.Length > 0)) ?? "";
        if (known.FirstOrDefault(d => d.Prefix == prefix) is not { } entry)
        {
            throw PlanException.NotAllowed(tag.At(at), tag.Rest(at), $"{What}: one of {string.Join(", ", known.Select(d => d.Prefix))}", meant: Meant(tag.Rest(at), known));
        }

        tag.Take(prefix);
        return TagEntry.Read(entry, tag, vocabulary, isNested: true);
    }

    public override string Expected(AllowedAttribute? allowed) => $"{What}: an object with its name";

    public override string Show(object value) => value.ToString()!;

    internal static Description Described(object value, string path) => Description.Has(value.GetType())
        ? Description.Of(value.GetType())
        : throw new PlanException(path, $"{value.GetType().Name} has no [Entry(\"name\", \"TAG\")], so a plan cannot hold it.");

    private static string? Meant(string rest, IReadOnlyList<Description> known)
    {
        var word = string.Concat(rest.Trim('\'').TakeWhile(char.IsAsciiLetter));
        return NearestName.Of(word, known.Select(d => d.Prefix).Where(p => p.Length > 0), Math.Max(1, word.Length / 3)) is { } nearest ? $"'{nearest}'" : null;
    }

    private string What => PlanVocabulary.NameOf(family);

    private object Create(string name, JsonElement json, string path, IReadOnlyList<Description> known, PlanVocabulary vocabulary)
    {
        var entry = known.FirstOrDefault(d => d.Name == name) ?? throw PlanException.Unknown(path, PlanVocabulary.WhatIs(family), name, [.. known.Select(d => d.Name)]);
        var inside = $"{path}.{name}";
        return json.ValueKind switch
        {
            JsonValueKind.Undefined => entry.Create(new Dictionary<Parameter, object?>(), _ => inside),
            JsonValueKind.Object => JsonEntry.Read(entry, json, inside, vocabulary),
            _ => throw PlanException.NotAllowed(inside, PlanException.Shorten(json.GetRawText()), $"an object with {(entry.Parameters.Count == 0 ? "nothing in it" : string.Join(", ", entry.Parameters.Select(p => '"' + p.Name + '"')))}"),
        };
    }
}
