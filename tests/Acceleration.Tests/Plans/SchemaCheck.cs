using System.Text.Json.Nodes;

namespace Acceleration.Tests.Plans;

/// <summary>As much of JSON schema as the schema of plans uses. A keyword that it does not know is an error, so that nothing goes unchecked.</summary>
internal static class SchemaCheck
{
    /// <summary>Why a document does not follow a schema, or null.</summary>
    public static string? Fault(JsonObject schema, string json) => Fault(schema, schema, JsonNode.Parse(json), "");

    private static string? Fault(JsonObject root, JsonObject schema, JsonNode? value, string path)
    {
        foreach (var (keyword, rule) in schema)
        {
            if (Fault(root, schema, keyword, rule!, value, path) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? Fault(JsonObject root, JsonObject schema, string keyword, JsonNode rule, JsonNode? value, string path)
    {
        string? Unless(bool holds) => holds ? null : $"{path}: {keyword} {rule.ToJsonString()} against {value?.ToJsonString() ?? "null"}";
        switch (keyword)
        {
            case "$schema" or "$id" or "$defs" or "title":
                return null;
            case "$ref":
                return Fault(root, root["$defs"]![rule.GetValue<string>().Split('/')[^1]]!.AsObject(), value, path);
            case "type":
                return Unless(IsA(rule.GetValue<string>(), value));
            case "const":
                return Unless(JsonNode.DeepEquals(rule, value));
            case "enum":
                return Unless(rule.AsArray().Any(e => JsonNode.DeepEquals(e, value)));
            case "anyOf":
                return Unless(rule.AsArray().Any(s => Fault(root, s!.AsObject(), value, path) is null));
            case "oneOf":
                return Unless(rule.AsArray().Count(s => Fault(root, s!.AsObject(), value, path) is null) == 1);
            case "required":
                return Unless(rule.AsArray().All(k => value is not JsonObject o || o.ContainsKey(k!.GetValue<string>())));
            case "additionalProperties":
                return Unless(value is not JsonObject all || all.All(m => schema["properties"]!.AsObject().ContainsKey(m.Key)));
            case "properties":
                return value is not JsonObject members ? null : members.Where(m => rule[m.Key] is not null).Select(m => Fault(root, rule[m.Key]!.AsObject(), m.Value, $"{path}.{m.Key}")).FirstOrDefault(f => f is not null);
            case "items":
                return value is not JsonArray items ? null : items.Select((v, i) => Fault(root, rule.AsObject(), v, $"{path}[{i}]")).FirstOrDefault(f => f is not null);
            case "prefixItems":
                return value is not JsonArray list ? null : list.Zip(rule.AsArray()).Select(p => Fault(root, p.Second!.AsObject(), p.First, path)).FirstOrDefault(f => f is not null);
            case "minItems":
                return Unless(value is not JsonArray some || some.Count >= rule.GetValue<int>());
            case "uniqueItems":
                return Unless(value is not JsonArray distinct || distinct.Select(v => v!.ToJsonString()).Distinct().Count() == distinct.Count);
            case "minimum":
                return Unless(Number(value) is not { } a || a >= Number(rule));
            case "exclusiveMinimum":
                return Unless(Number(value) is not { } b || b > Number(rule));
            case "maximum":
                return Unless(Number(value) is not { } c || c <= Number(rule));
            case "exclusiveMaximum":
                return Unless(Number(value) is not { } d || d < Number(rule));
            default:
                throw new NotSupportedException($"Say here what the keyword {keyword} means.");
        }
    }

    private static bool IsA(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue s && s.TryGetValue<string>(out _),
        "boolean" => value is JsonValue b && b.TryGetValue<bool>(out _),
        "integer" => Number(value) is { } n && n == Math.Floor(n),
        "number" => Number(value) is not null,
        _ => throw new NotSupportedException(type),
    };

    private static double? Number(JsonNode? value) => value is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number ? v.GetValue<double>() : null;
}
