using System.Text.Json;

namespace Acceleration.Models;

/// <summary>What a <c>tokenizer.json</c> of T5 does to a text, in the terms of the SentencePiece model that it was made of.</summary>
internal static class JsonNormalizer
{
    private const string Map = "precompiled_charsmap";

    /// <summary>The compiled map of characters; empty for none.</summary>
    /// <param name="normalizer">The normalizer, or null.</param>
    /// <exception cref="CheckpointException">It does what no SentencePiece model does.</exception>
    public static byte[] CharacterMap(ModelJson? normalizer)
    {
        switch (normalizer?.Text("type"))
        {
            case null when normalizer is null:
                return [];
            case "Precompiled":
                try
                {
                    return normalizer.Find(Map) is null ? [] : Convert.FromBase64String(normalizer.Text(Map)!);
                }
                catch (FormatException e)
                {
                    throw new CheckpointException(normalizer.File, null, $"'{normalizer.At}{Map}' is not written in base 64.", e);
                }

            // Several spaces become one, and none stays at an end: as SentencePiece joins them.
            case "Strip" or "Replace":
                return [];
            case "Sequence":
                return Parts(normalizer, "normalizers").Select(CharacterMap).FirstOrDefault(m => m.Length > 0) ?? [];
            case var other:
                throw normalizer.Wrong("type", $"known: {other}; known are Precompiled, Strip, Replace and Sequence");
        }
    }

    /// <summary>Whether a text begins with a space, said or not.</summary>
    /// <param name="splitter">The pre-tokenizer, or null.</param>
    /// <exception cref="CheckpointException">It splits as no SentencePiece model does.</exception>
    public static bool AddsPrefix(ModelJson? splitter)
    {
        switch (splitter?.Text("type"))
        {
            case null when splitter is null:
            case "WhitespaceSplit":
                return true;
            case "Metaspace":
                return splitter.Text("prepend_scheme") is { } scheme ? scheme != "never" : splitter.Flag("add_prefix_space") ?? true;
            case "Sequence":
                return Parts(splitter, "pretokenizers").All(AddsPrefix);
            case var other:
                throw splitter.Wrong("type", $"known: {other}; known are Metaspace, WhitespaceSplit and Sequence");
        }
    }

    private static IEnumerable<ModelJson> Parts(ModelJson json, string key) => json.Array(key).Select(p =>
        p.ValueKind == JsonValueKind.Object ? new ModelJson(json.File, p, $"{json.At}{key}.") : throw json.Wrong(key, "a list of objects"));
}
