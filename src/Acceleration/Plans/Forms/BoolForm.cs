using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>Switches. In tags the key stands for the value that is not the default.</summary>
internal sealed class BoolForm : ValueForm
{
    public override bool IsFree => false;

    public override bool NeedsKey => true;

    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(json, path),
    };

    public override void Write(Utf8JsonWriter json, object value, string path) => json.WriteBooleanValue((bool)value);

    public override JsonObject Schema(SchemaWriter schema) => new() { ["type"] = "boolean" };

    public override void WriteTag(TagWriter tag, int level, string key, object value) => tag.Put(level, key);

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary) => Switched.Instance;

    public override string Expected(AllowedAttribute? allowed) => "true or false";

    public override string Show(object value) => (bool)value ? "true" : "false";

    /// <summary>Stands for the value that is not the default until the default is known.</summary>
    public sealed class Switched
    {
        public static Switched Instance { get; } = new();
    }
}
