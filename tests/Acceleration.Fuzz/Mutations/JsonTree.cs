using System.Text;
using System.Text.Json;

namespace Acceleration.Fuzz;

/// <summary>JSON that may be wrong: members twice, numbers that are none, any text as it is written.</summary>
internal sealed class JsonTree
{
    private JsonTree(JsonValueKind kind, string raw = "") => (Kind, Raw) = (kind, raw);

    public JsonValueKind Kind { get; private set; }

    /// <summary>What is written for a value that is neither object nor list.</summary>
    public string Raw { get; private set; }

    /// <summary>Members of an object, or entries of a list (without keys), as they are written.</summary>
    public List<(string Key, JsonTree Value)> Members { get; } = [];

    public bool IsContainer => Kind is JsonValueKind.Object or JsonValueKind.Array;

    public static JsonTree Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    public static JsonTree Of(JsonElement json)
    {
        var tree = new JsonTree(json.ValueKind, json.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? "" : json.GetRawText());
        if (json.ValueKind == JsonValueKind.Object)
        {
            tree.Members.AddRange(json.EnumerateObject().Select(m => (JsonSerializer.Serialize(m.Name), Of(m.Value))));
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            tree.Members.AddRange(json.EnumerateArray().Select(v => ("", Of(v))));
        }

        return tree;
    }

    /// <summary>A value as it is written.</summary>
    public static JsonTree Written(string raw) => new(JsonValueKind.Undefined, raw);

    public static JsonTree Empty(JsonValueKind kind) => new(kind);

    public JsonTree Copy()
    {
        var copy = new JsonTree(Kind, Raw);
        copy.Members.AddRange(Members.Select(m => (m.Key, m.Value.Copy())));
        return copy;
    }

    /// <summary>Becomes another value.</summary>
    public void Become(JsonTree other)
    {
        (Kind, Raw) = (other.Kind, other.Raw);
        var members = other.Members.ToArray();
        Members.Clear();
        Members.AddRange(members);
    }

    /// <summary>This value and all inside of it.</summary>
    public List<JsonTree> All()
    {
        var all = new List<JsonTree> { this };
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(all[i].Members.Select(m => m.Value));
        }

        return all;
    }

    public JsonTree? Member(string name) => Members.FirstOrDefault(m => m.Key == $"\"{name}\"").Value;

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        if (!IsContainer)
        {
            text.Append(Raw);
            return;
        }

        text.Append(Kind == JsonValueKind.Object ? '{' : '[');
        for (var i = 0; i < Members.Count; i++)
        {
            text.Append(i == 0 ? "" : ",");
            if (Kind == JsonValueKind.Object)
            {
                text.Append(Members[i].Key).Append(':');
            }

            Members[i].Value.Write(text);
        }

        text.Append(Kind == JsonValueKind.Object ? '}' : ']');
    }
}
