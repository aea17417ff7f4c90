using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>Flags: an array of names in JSON, words joined by dots in tags.</summary>
internal sealed class FlagsForm : ValueForm
{
    private readonly Type _type;
    private readonly IReadOnlyList<NamedValue> _flags;

    public FlagsForm(Type type)
    {
        _type = type;
        _flags = [.. EnumWords.Of(type).Where(f => System.Numerics.BitOperations.IsPow2(Bits(f.Value)))];
    }

    public override bool NeedsKey => true;

    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(json, path);
        }

        var (bits, i) = (0L, 0);
        foreach (var item in json.EnumerateArray())
        {
            var at = $"{path}[{i++}]";
            var name = item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(item, at);
            bits |= Bits((_flags.FirstOrDefault(f => f.Name == name) ?? throw PlanException.Unknown(at, "value", name, [.. _flags.Select(f => f.Name)])).Value);
        }

        return Enum.ToObject(_type, bits);
    }

    public override void Write(Utf8JsonWriter json, object value, string path)
    {
        json.WriteStartArray();
        foreach (var flag in Set(value, path))
        {
            json.WriteStringValue(flag.Name);
        }

        json.WriteEndArray();
    }

    public override JsonObject Schema(SchemaWriter schema) => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["enum"] = new JsonArray([.. _flags.Select(f => (JsonNode)f.Name)]) },
    };

    public override void WriteTag(TagWriter tag, int level, string key, object value) =>
        tag.Put(level, key + (Bits(value) == 0 ? "empty" : string.Join('.', Set(value, key).Select(f => f.Word))));

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary)
    {
        if (tag.Take("empty"))
        {
            return Enum.ToObject(_type, 0);
        }

        var bits = 0L;
        string[] words = [.. _flags.Select(f => f.Word)];
        do
        {
            var at = tag.Position;
            var word = tag.Longest(words) ?? throw PlanException.NotAllowed(tag.At(at), tag.Rest(at), $"some of {string.Join('.', words)}");
            tag.Take(word);
            bits |= Bits(_flags.First(f => f.Word == word).Value);
        }
        while (tag.Take("."));
        return Enum.ToObject(_type, bits);
    }

    public override string Expected(AllowedAttribute? allowed) => $"an array of {string.Join(", ", _flags.Select(f => '"' + f.Name + '"'))}";

    public override string Show(object value) => value.ToString()!;

    private static long Bits(object flag) => Convert.ToInt64(flag, CultureInfo.InvariantCulture);

    private IEnumerable<NamedValue> Set(object value, string path)
    {
        var bits = Bits(value);
        return _flags.Aggregate(bits, (rest, f) => rest & ~Bits(f.Value)) == 0
            ? _flags.Where(f => (bits & Bits(f.Value)) != 0)
            : throw PlanException.NotAllowed(path, value.ToString()!, Expected(null));
    }
}
