using System.Text.Json;
using System.Text.Unicode;

namespace Acceleration;

/// <summary>The <c>weight_map</c> of a sharded checkpoint: which file holds which tensor. Its other members, the writer's notes, are skipped.</summary>
internal static class ShardIndex
{
    private const string MapKey = "weight_map";
    private const string Extension = ".safetensors";
    private const int MaxDepth = 16;

    /// <summary>Reads and checks an index; opens no shard.</summary>
    /// <returns>The tensors' names of each shard, in the order of the index.</returns>
    /// <exception cref="CheckpointException">It is no index, or names a shard that is not a file in its folder.</exception>
    public static IReadOnlyDictionary<string, HashSet<string>> Read(string path)
    {
        var json = ReadAt.Whole(path, SafetensorsHeader.MaxJsonBytes, "an index of shards");
        if (!Utf8.IsValid(json))
        {
            throw new CheckpointException(path, null, "the index is not valid UTF-8.");
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return Parse(ref reader, path);
        }
        catch (JsonException error)
        {
            throw new CheckpointException(path, null, $"the index is not valid JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new CheckpointException(path, null, $"the index holds an invalid string: {error.Message}", error);
        }
    }

    private static OrderedDictionary<string, HashSet<string>> Parse(ref Utf8JsonReader reader, string path)
    {
        OrderedDictionary<string, HashSet<string>>? shards = null;
        reader.Read();
        Require(reader.TokenType == JsonTokenType.StartObject, path, "the index must be a JSON object.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isMap = reader.ValueTextEquals(MapKey);
            reader.Read();
            if (isMap)
            {
                Require(shards is null, path, $"the index has '{MapKey}' twice.");
                shards = ParseMap(ref reader, path);
            }
            else
            {
                reader.Skip();
            }
        }

        // Throws JsonException unless only white space follows the object.
        reader.Read();
        Require(shards is not null, path, $"the index has no '{MapKey}', which says what file holds which tensor.");
        Require(shards!.Count > 0, path, $"the '{MapKey}' of the index is empty.");
        return shards;
    }

    private static OrderedDictionary<string, HashSet<string>> ParseMap(ref Utf8JsonReader reader, string path)
    {
        var seen = new HashSet<string>();
        var shards = new OrderedDictionary<string, HashSet<string>>();
        Require(reader.TokenType == JsonTokenType.StartObject, path, $"the '{MapKey}' of the index must be an object of file names.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var tensor = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new CheckpointException(path, tensor, $"the index must give it a file name, found {reader.TokenType}.");
            }

            var shard = reader.GetString()!;
            if (!seen.Add(tensor))
            {
                throw new CheckpointException(path, tensor, "the index names this tensor twice.");
            }

            if (!shards.TryGetValue(shard, out var tensors))
            {
                RequireBeside(path, tensor, shard);
                shards[shard] = tensors = [];
            }

            tensors.Add(tensor);
        }

        return shards;
    }

    /// <summary>An index may only name files that lie beside it, on every system: whoever wrote it must not choose what else is read.</summary>
    private static void RequireBeside(string path, string tensor, string shard)
    {
        if (!shard.EndsWith(Extension, StringComparison.Ordinal) || shard.Length == Extension.Length || shard.AsSpan().ContainsAny("/\\:") || shard.Any(char.IsControl))
        {
            throw new CheckpointException(path, tensor, $"the index says that it lies in '{CheckpointException.Shorten(shard)}'; a shard is a {Extension} file in the folder of the index, named without a folder.");
        }
    }

    private static void Require(bool holds, string path, string reason)
    {
        if (!holds)
        {
            throw new CheckpointException(path, null, reason);
        }
    }
}
