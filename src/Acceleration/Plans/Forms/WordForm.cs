using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>One of a closed set of named values: an enum, or a class with static instances.</summary>
internal sealed class WordForm(IReadOnlyList<NamedValue> values) : ValueForm
{
    public override bool IsFree => false;

    public override IReadOnlyList<string> Words { get; } = [.. values.Select(v => v.Word)];

    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            throw Wrong(json, path);
        }

        var name = json.GetString()!;
        return values.FirstOrDefault(v => v.Name == name)?.Value ?? throw PlanException.Unknown(path, "value", name, [.. values.Select(v => v.Name)]);
    }

    public override void Write(Utf8JsonWriter json, object value, string path) => json.WriteStringValue(Named(value, path).Name);

    public override JsonObject Schema(SchemaWriter schema) => new() { ["enum"] = new JsonArray([.. values.Select(v => (JsonNode)v.Name)]) };

    public override void WriteTag(TagWriter tag, int level, string key, object value) => tag.Put(level, key + Named(value, key).Word);

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary)
    {
        var at = tag.Position;
        return values.FirstOrDefault(v => v.Word == tag.Longest(Words)) is { } value && tag.Take(value.Word)
            ? value.Value
            : throw PlanException.NotAllowed(tag.At(at), tag.Rest(at), $"one of {string.Join(", ", Words)}");
    }

    public override string Expected(AllowedAttribute? allowed) => $"one of {string.Join(", ", values.Select(v => '"' + v.Name + '"'))}";

    public override string Show(object value) => values.FirstOrDefault(v => v.Value.Equals(value))?.Name ?? value.ToString()!;

    private NamedValue Named(object value, string path) =>
        values.FirstOrDefault(v => v.Value.Equals(value)) ?? throw PlanException.NotAllowed(path, value.ToString()!, Expected(null));
}
