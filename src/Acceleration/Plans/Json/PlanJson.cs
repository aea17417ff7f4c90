using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Acceleration;

/// <summary>Whole plans as JSON.</summary>
internal static class PlanJson
{
    /// <summary>More than any plan needs, and little enough to be read at once.</summary>
    public const int LongestText = 1 << 20;
    public const string SchemaId = "urn:acceleration:plan:1";
    private const int Deepest = 64;
    private const string SchemaKey = "$schema";
    private const string VersionKey = "version";

    private static Description Root => Description.Of(typeof(AccelerationPlan));

    public static AccelerationPlan Read(string text, PlanVocabulary vocabulary)
    {
        if (text.Length > LongestText)
        {
            throw new PlanException("", $"{text.Length} characters are too many; {LongestText} at most.");
        }

        using var json = Parse(text);
        var root = json.RootElement;
        RequireText(root);
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw PlanException.NotAllowed("", PlanException.Shorten(root.GetRawText()), "an object");
        }

        RequireVersion(root);
        if (Only(root, SchemaKey) is { ValueKind: not JsonValueKind.String } schema)
        {
            throw PlanException.NotAllowed(SchemaKey, PlanException.Shorten(schema.GetRawText()), $"text, for example \"{SchemaId}\"");
        }

        var plan = (AccelerationPlan)JsonEntry.Read(Root, root, "", vocabulary, SchemaKey, VersionKey);
        plan.RequireConsistent();
        return plan;
    }

    public static string Write(AccelerationPlan plan, bool indented)
    {
        using var bytes = new MemoryStream();
        // Signs such as + and ^ are no danger in a file, and easier to read as they are.
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = indented, NewLine = "\n", MaxDepth = Deepest, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString(SchemaKey, SchemaId);
            json.WriteNumber(VersionKey, AccelerationPlan.Version);
            JsonEntry.WriteParameters(Root, json, plan, "");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new() { MaxDepth = Deepest });
        }
        catch (ArgumentException e)
        {
            throw new PlanException("", $"this is no Unicode text: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new PlanException("", $"this is no JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {PlanException.Shorten(e.Message.Split(" LineNumber:")[0])}", e);
        }
    }

    /// <summary>An escape that is half a character can be told by reading it only; whoever reads later need not expect it.</summary>
    private static void RequireText(JsonElement json)
    {
        try
        {
            switch (json.ValueKind)
            {
                case JsonValueKind.String:
                    json.GetString();
                    break;
                case JsonValueKind.Array:
                    foreach (var item in json.EnumerateArray())
                    {
                        RequireText(item);
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (var member in json.EnumerateObject())
                    {
                        _ = member.Name;
                        RequireText(member.Value);
                    }

                    break;
            }
        }
        catch (InvalidOperationException e)
        {
            throw new PlanException("", $"it holds an escape that is no character: {PlanException.Shorten(json.GetRawText())}", e);
        }
    }

    private static void RequireVersion(JsonElement root)
    {
        var version = Only(root, VersionKey) ?? throw new PlanException(VersionKey, $"the version is missing; write \"{VersionKey}\": {AccelerationPlan.Version}.");
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number < 1)
        {
            throw PlanException.NotAllowed(VersionKey, PlanException.Shorten(version.GetRawText()), $"the whole number {AccelerationPlan.Version}");
        }

        if (number != AccelerationPlan.Version)
        {
            throw PlanException.NotAllowed(VersionKey, $"{number}", $"{AccelerationPlan.Version}, the only one this version of the library reads");
        }
    }

    private static JsonElement? Only(JsonElement root, string key)
    {
        JsonElement[] found = [.. root.EnumerateObject().Where(m => m.Name == key).Select(m => m.Value)];
        return found.Length > 1 ? throw new PlanException(key, "the key is given twice.") : found.Length == 1 ? found[0] : null;
    }
}
