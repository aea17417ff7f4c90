using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>A node, with its place in a topological order.</summary>
/// <param name="Index">The place.</param>
/// <param name="Proto">As the file has it.</param>
internal sealed record GraphNode(int Index, NodeProto Proto)
{
    public string Op => Proto.OpType;

    /// <summary>What it reads, what sub-graphs of it read from around them included.</summary>
    public IReadOnlyList<string> Reads { get; } = [.. Proto.Input.Where(i => i.Length > 0), .. Proto.Attribute.SelectMany(Captured).Distinct()];

    public IReadOnlyList<string> Writes { get; } = [.. Proto.Output.Where(o => o.Length > 0)];

    /// <summary>Whether it reads only the sizes of what it is given.</summary>
    public bool ReadsSizes => Op is "Shape" or "Size" && Proto.Domain.Length == 0;

    public AttributeProto? Attribute(string name) => Proto.Attribute.FirstOrDefault(a => a.Name == name);

    private static IEnumerable<string> Captured(AttributeProto attribute)
    {
        foreach (var graph in attribute.G is { } one ? [one] : attribute.Graphs.ToArray())
        {
            var own = graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name)).Concat(graph.Node.SelectMany(n => n.Output)).ToHashSet();
            var read = graph.Node.SelectMany(n => n.Input.Concat(n.Attribute.SelectMany(Captured))).Concat(graph.Output.Select(o => o.Name));
            foreach (var name in read.Where(n => n.Length > 0 && !own.Contains(n)))
            {
                yield return name;
            }
        }
    }
}
