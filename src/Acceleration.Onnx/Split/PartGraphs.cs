using System.Collections.Concurrent;
using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>
/// Graphs of a split model that are ready to run, each made at its first call: a part alone where a strategy works at it, and what lies between two strategies as one. On the CPU they share their weights.
/// </summary>
/// <param name="models">The parts.</param>
/// <param name="loader">What prepares them.</param>
internal sealed class PartGraphs(PartModels models, SessionLoader loader) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<FusedGraph>> _graphs = [];
    private readonly SharedWeights? _weights = loader.SharesWeights ? new(models.Folder) : null;

    /// <summary>Names of the graphs that calls have made so far.</summary>
    public IEnumerable<string> Made => _graphs.Keys;

    /// <summary>A part alone; it is told the same values as in the manifest.</summary>
    public OnnxGraph Alone(SplitPart part) => Get(part.File, () => new(Load(part.File, models.Of(part).Model), part.Inputs)).Graph;

    /// <summary>Parts in a row as one graph.</summary>
    /// <param name="name">What they are, for messages, and by which they are found again.</param>
    /// <param name="fuse">Makes the graph and says what it is given.</param>
    public FusedGraph Fused(string name, Func<PartModels, (ModelProto Model, Func<OnnxGraph, FusedGraph> As)> fuse) => Get(name, () =>
    {
        var (model, made) = fuse(models);
        return made(Load(name, model));
    });

    public void Dispose()
    {
        foreach (var graph in _graphs.Values.Where(g => g.IsValueCreated))
        {
            graph.Value.Graph.Dispose();
        }

        _weights?.Dispose();
    }

    private FusedGraph Get(string name, Func<FusedGraph> make) => _graphs.GetOrAdd(name, static (_, m) => new(m), make).Value;

    private OnnxGraph Load(string name, ModelProto model) => loader.Load(Path.Combine(models.Folder, name), model, models.Folder, _weights);
}
