using System.Text.Json;

namespace Acceleration;

/// <summary>The parameters of an entry as a JSON object.</summary>
internal static class JsonEntry
{
    /// <summary>Reads them; what is not given has its default.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="json">An object.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="vocabulary">The known entries.</param>
    /// <param name="others">Keys that belong to somebody else.</param>
    public static object Read(Description entry, JsonElement json, string path, PlanVocabulary vocabulary, params IReadOnlyList<string> others)
    {
        var given = new Dictionary<Parameter, object?>();
        foreach (var member in json.EnumerateObject().Where(m => !others.Contains(m.Name)))
        {
            var parameter = entry.Parameters.FirstOrDefault(p => p.Name == member.Name)
                ?? throw PlanException.Unknown(path, "key", member.Name, [.. entry.Parameters.Select(p => p.Name), .. others]);
            var at = Join(path, parameter.Name);
            var value = Read(parameter, member.Value, at, vocabulary);
            if (!given.TryAdd(parameter, value))
            {
                throw new PlanException(at, "the key is given twice.");
            }
        }

        return entry.Create(given, p => p is null ? path : Join(path, p.Name));
    }

    /// <summary>Writes those that differ from their defaults.</summary>
    public static void Write(Description entry, Utf8JsonWriter json, object value, string path)
    {
        json.WriteStartObject();
        WriteParameters(entry, json, value, path);
        json.WriteEndObject();
    }

    /// <summary>Writes them into an object that has been begun.</summary>
    public static void WriteParameters(Description entry, Utf8JsonWriter json, object value, string path)
    {
        var usual = entry.Parameters.Count == 0 ? value : entry.Usual(value);
        foreach (var parameter in entry.Parameters)
        {
            var own = parameter.Of(value);
            if (!parameter.IsRequired && parameter.Form.Same(own, parameter.Of(usual)))
            {
                continue;
            }

            json.WritePropertyName(parameter.Name);
            if (own is null)
            {
                json.WriteNullValue();
            }
            else
            {
                parameter.Form.Write(json, own, Join(path, parameter.Name));
            }
        }
    }

    private static object? Read(Parameter parameter, JsonElement json, string path, PlanVocabulary vocabulary)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return parameter.IsNullable ? null : throw PlanException.NotAllowed(path, "null", parameter.Form.Expected(parameter.Allowed));
        }

        try
        {
            return parameter.Form.Read(json, path, vocabulary);
        }
        catch (PlanException e) when (e.Path == path && e.Allowed is not null && parameter.Allowed is not null)
        {
            // A value of another type is told the range, too.
            throw PlanException.NotAllowed(path, e.Value!, parameter.Form.Expected(parameter.Allowed), e);
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
