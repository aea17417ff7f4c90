namespace Acceleration;

/// <summary>Opens checkpoints of any form.</summary>
public static class Checkpoint
{
    /// <summary>What the names of indices of shards end with.</summary>
    internal const string IndexSuffix = ".safetensors.index.json";

    private const string FileSuffix = ".safetensors";

    /// <summary>Opens a checkpoint and validates all its headers; reads no tensor data.</summary>
    /// <param name="path">
    /// A .safetensors file, the .safetensors.index.json of several, or a folder that holds one of either. In a folder an index goes before files; with several indices, or several files and no index, one must be named.
    /// </param>
    /// <exception cref="CheckpointException">It is missing, unreadable, ambiguous, or violates the format.</exception>
    public static ICheckpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? Only(path) : path;
        return file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ShardedCheckpoint.Open(file) : SafetensorsFile.Open(file);
    }

    private static string Only(string folder)
    {
        try
        {
            string[] found = [.. Directory.EnumerateFiles(folder, "*" + IndexSuffix)];
            if (found.Length == 0)
            {
                found = [.. Directory.EnumerateFiles(folder, "*" + FileSuffix)];
            }

            return found.Length == 1
                ? found[0]
                : throw new CheckpointException(folder, null, found.Length == 0
                    ? $"this is a directory without a {FileSuffix} file or an index of shards ({IndexSuffix[1..]}); name a checkpoint."
                    : $"this is a directory with {found.Length} checkpoints ({string.Join(", ", found.Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).Take(3))}{(found.Length > 3 ? ", ..." : "")}); name one of them.");
        }
        catch (Exception error) when (error is not CheckpointException && error is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(folder, error);
        }
    }
}
