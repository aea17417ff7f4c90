using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>Multiply-adds of nodes, from the sizes that a call had.</summary>
/// <param name="graph">The graph.</param>
/// <param name="sizes">Sizes of its values.</param>
internal sealed class Work(GraphIndex graph, ProbedSizes sizes)
{
    /// <summary>Multiply-adds of one row, those of products of two computed values apart: these grow with the square of the number of tokens.</summary>
    public (double Linear, double Pairs) Of(IEnumerable<GraphNode> nodes)
    {
        var (linear, pairs) = (0.0, 0.0);
        foreach (var node in nodes)
        {
            var work = Of(node);
            if (node.Op is "MatMul" or "FusedMatMul" && node.Reads.All(r => graph.Kind(r) > ValueKind.Constant))
            {
                pairs += work;
            }
            else
            {
                linear += work;
            }
        }

        return (linear, pairs);
    }

    private double Of(GraphNode node)
    {
        if (node.Writes.Count == 0 || sizes.Of(node.Writes[0]) is not { } output || node.Reads.Count < 2 || sizes.Of(node.Reads[1]) is not { } second || sizes.Of(node.Reads[0]) is not { } first)
        {
            return 0;
        }

        var elements = output.Aggregate(1.0, (a, b) => a * b) / (sizes.IsPerRow(node.Writes[0]) || output is [ProbedSizes.Rows, ..] ? ProbedSizes.Rows : 1);
        return node.Op switch
        {
            "MatMul" or "FusedMatMul" => elements * first[^1],
            "Gemm" => elements * (Flag(node, "transA") ? first[0] : first[^1]),
            "Conv" or "FusedConv" => elements * second.Skip(1).Aggregate(1.0, (a, b) => a * b),
            "ConvTranspose" => first.Aggregate(1.0, (a, b) => a * b) / ProbedSizes.Rows * second.Skip(1).Aggregate(1.0, (a, b) => a * b),
            _ => 0,
        };
    }

    private static bool Flag(GraphNode node, string name) => node.Attribute(name) is AttributeProto { I: not 0 };
}
