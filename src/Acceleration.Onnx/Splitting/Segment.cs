namespace Acceleration.Onnx;

/// <summary>A part of a graph that becomes a graph of its own: from values at its boundary to others.</summary>
/// <param name="name">Its name, and its file's.</param>
/// <param name="boundary">Values of the stream that it is given.</param>
/// <param name="targets">Values that it makes.</param>
internal sealed class Segment(string name, IReadOnlyList<string> boundary, IReadOnlyList<string> targets)
{
    private readonly HashSet<GraphNode> _nodes = [];

    public string Name => name;

    public IReadOnlyList<string> Boundary => boundary;

    public IReadOnlyList<string> Targets => targets;

    /// <summary>Values that it is told, beside the stream.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Values whose sizes it reads, of which it has none, and those with the same sizes that stand for them.</summary>
    public Dictionary<string, string> Substitutes { get; } = [];

    /// <summary>In topological order.</summary>
    public IEnumerable<GraphNode> Nodes => _nodes.OrderBy(n => n.Index);

    public bool Add(GraphNode node) => _nodes.Add(node);

    public bool Has(GraphNode node) => _nodes.Contains(node);
}
