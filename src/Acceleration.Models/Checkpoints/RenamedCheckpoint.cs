using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A checkpoint of one layout seen in another: other names, parts of stored tensors, a configuration that the file does not have. The checkpoint underneath stays its owner's.</summary>
internal sealed class RenamedCheckpoint : ICheckpoint
{
    private readonly ICheckpoint _inner;
    private readonly IReadOnlyDictionary<string, TensorSource> _sources;

    /// <param name="inner">The checkpoint.</param>
    /// <param name="sources">Every tensor that shall be there, by its name in the new layout.</param>
    /// <param name="metadata">What it shall say of itself.</param>
    public RenamedCheckpoint(ICheckpoint inner, IReadOnlyDictionary<string, TensorSource> sources, IReadOnlyDictionary<string, string> metadata)
    {
        (_inner, _sources, Metadata) = (inner, sources, metadata);
        var order = inner.Names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i);
        Names = [.. sources.OrderBy(s => order[s.Value.Stored]).Select(s => s.Key)];
        Tensors = sources.ToDictionary(s => s.Key, s => Entry(s.Key, s.Value)).AsReadOnly();
    }

    public string FilePath => _inner.FilePath;

    public string Name => _inner.Name;

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null) => Made(name, stored => _inner.Read(stored, dtype, device));

    public Tensor ReadCopy(string name, ScalarType? dtype = null, Device? device = null) => Made(name, stored => _inner.ReadCopy(stored, dtype, device));

    public string Fingerprint() => _inner.Fingerprint();

    public void Dispose()
    {
        // The checkpoint underneath is its owner's.
    }

    private Tensor Made(string name, Func<string, Tensor> read)
    {
        var source = _sources.TryGetValue(name, out var known) ? known : throw new CheckpointException(FilePath, name, "the file has no such tensor.");
        using var scope = NewDisposeScope();
        return source.Apply(read(source.Stored)).MoveToOuterDisposeScope();
    }

    private TensorEntry Entry(string name, TensorSource source)
    {
        var stored = _inner.Tensors[source.Stored];
        var shape = stored.Shape;
        var fits = (source.Count is not { } count || (shape.Count > 0 && source.First + count <= shape[0]))
            && (!source.SwapsHalves || (shape.Count > 0 && shape[0] % 2 == 0))
            && (!source.Transposes || shape.Count == 2)
            && (!source.DropsUnits || shape.Skip(2).All(s => s == 1));
        return fits
            ? stored.As(name, source.ShapeOf(shape))
            : throw new CheckpointException(FilePath, source.Stored, $"its shape is [{string.Join(", ", shape)}], of which '{name}' cannot be made.");
    }
}
