using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>Multiply-adds of nodes, from the sizes that calls had, and what they grow with, from how they differ between these.</summary>
/// <param name="sizes">Sizes of the values.</param>
internal sealed class Work(ProbedSizes sizes)
{
    /// <summary>Of one row.</summary>
    public CostModel Of(IEnumerable<GraphNode> nodes) => nodes.Aggregate(default(CostModel), (sum, n) => sum + Of(n));

    private CostModel Of(GraphNode node)
    {
        double[] all = [.. sizes.Calls.Select(c => InCall(node, c))];
        return all.Any(w => w == 0) ? default : WorkGrowth.Of(all, sizes.Calls);
    }

    /// <summary>Of all rows of a call.</summary>
    private static double InCall(GraphNode node, ProbedCall call)
    {
        if (node.Writes.Count == 0 || node.Reads.Count < 2 || call.Of(node.Writes[0]) is not { } output || call.Of(node.Reads[0]) is not { } first || call.Of(node.Reads[1]) is not { } second)
        {
            return 0;
        }

        return node.Op switch
        {
            "MatMul" or "FusedMatMul" => Product(output) * first[^1],
            "Gemm" => Product(output) * (Flag(node, "transA") ? first[0] : first[^1]),
            "Conv" or "FusedConv" => Product(output) * Product(second[1..]),
            "ConvTranspose" => Product(first) * Product(second[1..]),
            _ => 0,
        };
    }

    private static double Product(long[] size) => size.Aggregate(1.0, (a, b) => a * b);

    private static bool Flag(GraphNode node, string name) => node.Attribute(name) is AttributeProto { I: not 0 };
}
