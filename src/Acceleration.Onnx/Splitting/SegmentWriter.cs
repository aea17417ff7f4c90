using Acceleration.Onnx.Schema;
using Google.Protobuf;

namespace Acceleration.Onnx;

/// <summary>Writes segments as models of their own.</summary>
/// <param name="model">The whole model, its weights in files already.</param>
/// <param name="graph">Its graph.</param>
/// <param name="sizes">Types and sizes of its values.</param>
/// <param name="folder">Where they go.</param>
internal sealed class SegmentWriter(ModelProto model, GraphIndex graph, ProbedSizes sizes, string folder)
{
    /// <summary>Writes one, and describes it.</summary>
    public SplitPart Write(Segment segment, IReadOnlyList<string>? inputs = null)
    {
        var part = new SplitPart($"{segment.Name}.onnx", [.. inputs ?? [.. segment.Boundary, .. segment.Told]], segment.Targets, new Work(sizes).Of(segment.Nodes));
        var made = new GraphProto { Name = segment.Name };
        made.Node.AddRange(segment.Nodes.Select(n => Node(segment, n)));
        var read = segment.Nodes.SelectMany(n => n.Reads).ToHashSet();
        made.Initializer.AddRange(graph.Graph.Initializer.Where(i => read.Contains(i.Name)));
        made.Input.AddRange(part.Inputs.Select(Info));
        made.Output.AddRange(part.Outputs.Select(Info));

        var whole = model.Clone();
        whole.Graph = made;
        File.WriteAllBytes(Path.Combine(folder, part.File), whole.ToByteArray());
        return part;
    }

    private static NodeProto Node(Segment segment, GraphNode node)
    {
        if (!node.ReadsSizes || !segment.Substitutes.TryGetValue(node.Proto.Input[0], out var other))
        {
            return node.Proto;
        }

        var changed = node.Proto.Clone();
        changed.Input[0] = other;
        return changed;
    }

    private ValueInfoProto Info(string value)
    {
        var type = new TensorTypeProto { ElemType = sizes.TypeOf(value), Shape = new() };
        foreach (var (side, i) in (sizes.Fixed(value) ?? []).Select((s, i) => (s, i)))
        {
            type.Shape.Dim.Add(side > 0 ? new TensorShapeProto.Types.Dimension { DimValue = side } : new() { DimParam = i == 0 && sizes.IsPerRow(value) ? "rows" : $"{value}:{i}" });
        }

        return new() { Name = value, Type = new() { TensorType = type } };
    }
}
