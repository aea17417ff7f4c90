using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>Records that need no name, because one type alone can stand there.</summary>
internal sealed class RecordForm(Type type) : ValueForm
{
    // Looked up when used: a description asks for the forms of its parameters while it is made.
    private Description Record => Description.Of(type);

    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary) =>
        json.ValueKind == JsonValueKind.Object ? JsonEntry.Read(Record, json, path, vocabulary) : throw Wrong(json, path);

    public override void Write(Utf8JsonWriter json, object value, string path) => JsonEntry.Write(Record, json, value, path);

    public override JsonObject Schema(SchemaWriter schema) => schema.Record(Record);

    public override void WriteTag(TagWriter tag, int level, string key, object value) => TagEntry.Write(tag, level, key, value);

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary) => TagEntry.Read(Record, tag, vocabulary, isNested: true);

    public override bool BeginsWith(char c) => Record.Free?.Form.BeginsWith(c) ?? false;

    public override string Expected(AllowedAttribute? allowed) => $"an object with {string.Join(", ", Record.Parameters.Select(p => '"' + p.Name + '"'))}";

    public override string Show(object value) => value.ToString()!;
}
