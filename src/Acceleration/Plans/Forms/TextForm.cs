using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>Text, and site selectors by their tags. In tags all but letters, digits and - . = @ _ is written as %XX.</summary>
internal sealed class TextForm(Type type) : ValueForm
{
    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary) =>
        json.ValueKind == JsonValueKind.String ? Parsed(json.GetString()!, path) : throw Wrong(json, path);

    public override void Write(Utf8JsonWriter json, object value, string path) => json.WriteStringValue(value.ToString());

    public override JsonObject Schema(SchemaWriter schema) => new() { ["type"] = "string" };

    public override void WriteTag(TagWriter tag, int level, string key, object value)
    {
        tag.Put(level, key + TagText.Escape(value.ToString()!));
        tag.Open(TagText.Plain);
    }

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary)
    {
        var at = tag.At(tag.Position);
        var text = tag.Text();
        tag.Take(",");
        return Parsed(text, at);
    }

    public override bool BeginsWith(char c) => TagText.Plain.Contains(c) || c == '%';

    public override string Expected(AllowedAttribute? allowed) => type == typeof(Where) ? "the tag of a site selector such as \"network\"" : "text";

    public override string Show(object value) => $"'{value}'";

    private object Parsed(string text, string path)
    {
        if (type == typeof(string))
        {
            return text;
        }

        try
        {
            return Where.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new PlanException(path, e.Message.Split(" (Parameter")[0], e);
        }
    }
}
