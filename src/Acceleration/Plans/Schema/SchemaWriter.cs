using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>The JSON schema of plans, from the descriptions of their entries.</summary>
internal sealed class SchemaWriter(PlanVocabulary vocabulary)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly SortedDictionary<string, JsonObject?> _definitions = new(StringComparer.Ordinal);

    public static string Of(PlanVocabulary vocabulary)
    {
        var writer = new SchemaWriter(vocabulary);
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = PlanJson.SchemaId,
            ["title"] = "Acceleration plan",
        };
        var plan = writer.Object(Description.Of(typeof(AccelerationPlan)));
        var properties = plan["properties"]!.AsObject();
        properties.Insert(0, "version", new JsonObject { ["const"] = AccelerationPlan.Version });
        properties.Insert(0, "$schema", new JsonObject { ["type"] = "string" });
        plan["required"] = new JsonArray("version");
        foreach (var (key, value) in plan)
        {
            root[key] = value?.DeepClone();
        }

        root["$defs"] = new JsonObject(writer._definitions.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return root.ToJsonString(Readable) + "\n";
    }

    /// <summary>One of the entries that can stand for a type.</summary>
    public JsonObject Choice(Type family) => Defined(Names.Camel(family.IsInterface ? family.Name[1..] : family.Name), () =>
    {
        var entries = vocabulary.Of(family);
        var bare = entries.Where(e => !e.Parameters.Any(p => p.IsRequired)).Select(e => (JsonNode)e.Name).ToArray();
        var named = entries.Select(e => (JsonNode)new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [e.Name] = Record(e) },
            ["required"] = new JsonArray(e.Name),
            ["additionalProperties"] = false,
        });
        return new() { ["oneOf"] = new JsonArray([.. bare.Length == 0 ? [] : new JsonNode[] { new JsonObject { ["enum"] = new JsonArray(bare) } }, .. named]) };
    });

    /// <summary>The parameters of one entry.</summary>
    public JsonObject Record(Description entry) => Defined(entry.Type.Name, () => Object(entry));

    private JsonObject Object(Description entry)
    {
        var properties = new JsonObject();
        foreach (var parameter in entry.Parameters)
        {
            var schema = parameter.Form.Schema(this);
            parameter.Allowed?.Into(schema);
            properties[parameter.Name] = parameter.IsNullable ? new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) } : schema;
        }

        var made = new JsonObject { ["type"] = "object", ["properties"] = properties };
        string[] required = [.. entry.Parameters.Where(p => p.IsRequired).Select(p => p.Name)];
        if (required.Length > 0)
        {
            made["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        }

        made["additionalProperties"] = false;
        return made;
    }

    private JsonObject Defined(string name, Func<JsonObject> make)
    {
        if (_definitions.TryAdd(name, null))
        {
            _definitions[name] = make();
        }

        return new() { ["$ref"] = $"#/$defs/{name}" };
    }
}
