using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>Numbers: invariant, and the shortest text that gives the same number again.</summary>
internal sealed class NumberForm(Type type) : ValueForm
{
    public override bool IsWhole => type != typeof(double);

    public override object Read(JsonElement json, string path, PlanVocabulary vocabulary)
    {
        if (json.ValueKind == JsonValueKind.Number)
        {
            if (type == typeof(int) && json.TryGetInt32(out var i))
            {
                return i;
            }

            if (type == typeof(long) && json.TryGetInt64(out var l))
            {
                return l;
            }

            if (type == typeof(double) && json.TryGetDouble(out var d) && double.IsFinite(d))
            {
                return d;
            }
        }

        throw Wrong(json, path);
    }

    public override void Write(Utf8JsonWriter json, object value, string path)
    {
        if (value is double d)
        {
            if (!double.IsFinite(d))
            {
                throw PlanException.NotAllowed(path, Names.Number(d), "finite: JSON has no such number");
            }

            json.WriteNumberValue(d);
        }
        else
        {
            json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
    }

    public override JsonObject Schema(SchemaWriter schema) => new() { ["type"] = IsWhole ? "integer" : "number" };

    public override void WriteTag(TagWriter tag, int level, string key, object value) => tag.Put(level, key + Names.Number(value), endsInNumber: true);

    public override object ReadTag(TagReader tag, PlanVocabulary vocabulary)
    {
        var at = tag.Position;
        var text = tag.Number(IsWhole);
        object? number = null;
        if (type == typeof(double))
        {
            number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) && double.IsFinite(d) ? d : null;
        }
        else if (type == typeof(int))
        {
            number = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null;
        }
        else
        {
            number = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null;
        }

        return number ?? throw PlanException.NotAllowed(tag.At(at), text.Length == 0 ? tag.Rest(at) : $"'{text}'", Expected(null));
    }

    public override bool BeginsWith(char c) => char.IsAsciiDigit(c) || c is '-' or '.';

    public override string Expected(AllowedAttribute? allowed) => allowed?.Text(IsWhole) ?? (IsWhole ? "a whole number" : "a finite number");
}
