using System.Text.Json;

namespace Acceleration.Models;

/// <summary>Tokens and merges of a CLIP tokenizer.</summary>
/// <param name="File">Where they come from, for messages.</param>
/// <param name="Ids">Tokens in their byte spelling, and their ids.</param>
/// <param name="Merges">Pairs of tokens in the order in which they are merged.</param>
internal sealed record ClipVocabulary(string File, IReadOnlyDictionary<string, int> Ids, IReadOnlyList<(string Left, string Right)> Merges)
{
    public const string VocabularyFile = "vocab.json";
    public const string MergesFile = "merges.txt";
    public const string WordEnd = "</w>";

    // The reference reads this many lines behind the first.
    private const int MostMerges = 49152 - 256 - 2;
    private const int MostIds = 1 << 24;

    /// <exception cref="CheckpointException">A file is missing or malformed.</exception>
    public static ClipVocabulary FromFiles(TokenizerFiles files)
    {
        var json = files.Object(VocabularyFile)!;
        var path = files.PathOf(MergesFile);
        string[] lines = [.. files.Text(MergesFile).Replace("\r\n", "\n", StringComparison.Ordinal).Trim().Split('\n').Skip(1).Take(MostMerges)];
        return new(json.File, Read(json), [.. lines.Select((l, i) => Pair(l.Split(' ', StringSplitOptions.RemoveEmptyEntries), path, $"line {i + 2}"))]);
    }

    /// <exception cref="CheckpointException">The model is another's, or malformed.</exception>
    public static ClipVocabulary FromJson(ModelJson json)
    {
        var model = json.Object("model")!;
        if (model.Text("end_of_word_suffix") != WordEnd)
        {
            throw model.Wrong("end_of_word_suffix", $"{WordEnd}, so that this is no tokenizer of CLIP");
        }

        var merges = model.Array("merges").Take(MostMerges).Select((m, i) => Pair(
            m.ValueKind == JsonValueKind.Array ? [.. m.EnumerateArray().Select(p => ModelJson.String(p) ?? "")] : ModelJson.String(m)?.Split(' ') ?? [],
            json.File,
            $"merge {i + 1}"));
        return new(json.File, Read(model.Object("vocab") ?? throw model.Wrong("vocab", "there")), [.. merges]);
    }

    private static (string Left, string Right) Pair(string[] parts, string file, string where) => parts is [{ Length: > 0 } left, { Length: > 0 } right]
        ? (left, right)
        : throw new CheckpointException(file, null, $"{where} is no pair of tokens with a space between them.");

    private static Dictionary<string, int> Read(ModelJson json)
    {
        var ids = new Dictionary<string, int>();
        foreach (var entry in json.Root.EnumerateObject())
        {
            ids[entry.Name] = ModelJson.Whole(entry.Value) is { } id and < MostIds ? id : throw json.Wrong(entry.Name, $"a whole number from 0, below {MostIds}");
        }

        return ids.Count > 0 ? ids : throw new CheckpointException(json.File, null, "the vocabulary is empty.");
    }
}
