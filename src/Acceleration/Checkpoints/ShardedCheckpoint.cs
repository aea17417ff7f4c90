using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A checkpoint in several safetensors files, with an index that says which tensor lies in which, as Hugging Face's libraries write large ones.
/// </summary>
/// <remarks>
/// Shards lie in the folder of the index, whatever it says: a name with a folder in it is refused. A shard may be a symbolic link, as it is in Hugging Face's cache; links are made by whoever owns the folder, not
/// by the index. Index and shards must hold exactly the same tensors. For mapped shards the same holds as for <see cref="SafetensorsFile"/>.
/// </remarks>
public sealed class ShardedCheckpoint : ICheckpoint
{
    private readonly IReadOnlyList<SafetensorsFile> _shards;
    private readonly Dictionary<string, SafetensorsFile> _homes;

    private ShardedCheckpoint(string filePath, IReadOnlyList<SafetensorsFile> shards)
    {
        FilePath = filePath;
        _shards = shards;
        Names = [.. shards.SelectMany(s => s.Names)];
        _homes = shards.SelectMany(s => s.Names.Select(n => (Name: n, Shard: s))).ToDictionary(h => h.Name, h => h.Shard);
        Tensors = shards.SelectMany(s => s.Tensors).ToDictionary().AsReadOnly();
        Metadata = shards[0].Metadata.Where(m => shards.All(s => s.Metadata.TryGetValue(m.Key, out var value) && value == m.Value)).ToDictionary().AsReadOnly();
    }

    /// <inheritdoc/>
    public string FilePath { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens the shards of an index and validates all headers; reads no tensor data.</summary>
    /// <param name="path">Path of a .safetensors.index.json file.</param>
    /// <exception cref="CheckpointException">
    /// The index is missing, malformed or names a file outside its folder, a shard is missing or violates the format, or the index and the shards do not hold the same tensors.
    /// </exception>
    public static ShardedCheckpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var index = ShardIndex.Read(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var shards = new List<SafetensorsFile>(index.Count);
        try
        {
            foreach (var (name, tensors) in index)
            {
                shards.Add(OpenShard(path, Path.Combine(folder, name), tensors));
            }

            return new(path, shards);
        }
        catch
        {
            shards.ForEach(s => s.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null) => HomeOf(name).Read(name, dtype, device);

    /// <inheritdoc/>
    public Tensor ReadCopy(string name, ScalarType? dtype = null, Device? device = null) => HomeOf(name).ReadCopy(name, dtype, device);

    /// <inheritdoc/>
    public void ReadInto(string name, Tensor target) => HomeOf(name).ReadInto(name, target);

    /// <inheritdoc/>
    public string Fingerprint() => ShortHash.Of(string.Join('\n', _shards.Select(s => s.Fingerprint())));

    /// <summary>Ends reading. Tensors already read stay valid and keep their shard mapped until they are disposed.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }
    }

    private static SafetensorsFile OpenShard(string index, string path, HashSet<string> tensors)
    {
        SafetensorsFile shard;
        try
        {
            shard = SafetensorsFile.Open(path);
        }
        catch (CheckpointException error) when (error.InnerException is FileNotFoundException)
        {
            throw new CheckpointException(index, tensors.First(), $"the index says that it lies in '{CheckpointException.Shorten(Path.GetFileName(path))}', which is not there.", error);
        }

        try
        {
            RequireAgreement(index, shard, tensors);
            return shard;
        }
        catch
        {
            shard.Dispose();
            throw;
        }
    }

    /// <summary>That every tensor is in its shard, and in no other: each shard holds exactly what the index says.</summary>
    private static void RequireAgreement(string index, SafetensorsFile shard, HashSet<string> tensors)
    {
        var file = CheckpointException.Shorten(Path.GetFileName(shard.FilePath));
        if (tensors.FirstOrDefault(t => !shard.Tensors.ContainsKey(t)) is { } missing)
        {
            throw new CheckpointException(index, missing, $"the index says that it lies in '{file}', which does not hold it.");
        }

        if (shard.Names.FirstOrDefault(n => !tensors.Contains(n)) is { } unlisted)
        {
            throw new CheckpointException(shard.FilePath, unlisted, $"the index '{Path.GetFileName(index)}' does not say that it lies in this file.");
        }
    }

    private SafetensorsFile HomeOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _homes.TryGetValue(name, out var shard) ? shard : throw CheckpointException.Missing(FilePath, name, Names);
    }
}
