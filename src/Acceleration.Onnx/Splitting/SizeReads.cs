using System.Buffers.Binary;
using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>Which of a value's sizes nodes read: the rows alone, or sides alone.</summary>
/// <param name="graph">The graph.</param>
/// <param name="sizes">Sizes of its values.</param>
internal sealed class SizeReads(GraphIndex graph, ProbedSizes sizes)
{
    private const int Int32 = 6;
    private const int Int64 = 7;

    /// <summary>The value of which a node reads sides, and not the rows, by one of the ways in which exporters write that; null for other nodes.</summary>
    public string? SidesOf(GraphNode node) =>
        node.ReadsSizes ? IsSide(node.Reads[0], node.Attribute("start")?.I ?? 0) ? node.Reads[0] : null
        : node.Op is "Gather" or "Slice" && graph.Writer(node.Reads[0]) is { Op: "Shape", ReadsSizes: true } shape && Numbers(node.Reads[1]) is { Length: > 0 } places && GoesUp(node) && places.All(p => IsSide(shape.Reads[0], From(shape, p))) ? shape.Reads[0]
        : null;

    /// <summary>Whether all that is made of a node's output is made of the rows, but for what reads sides.</summary>
    /// <param name="shape">A node that reads sizes.</param>
    /// <param name="isTold">Whether sides of that value are told, so that their readers do not matter.</param>
    public bool AreRows(GraphNode shape, bool isTold) =>
        shape.Op == "Shape" && (Ends(shape) == 1 || graph.Readers(shape.Writes[0]).All(r => IsFirst(shape, r) || (isTold && SidesOf(r) is not null)));

    private bool IsSide(string value, long at) => (at >= 0 ? at : at + Rank(value)) > 0;

    private bool GoesUp(GraphNode node) => node.Op != "Slice" || node.Reads.Count < 5 || (Numbers(node.Reads[4]) is { } steps && steps.All(s => s > 0));

    private int Rank(string value) => sizes.Of(value)?.Length ?? 0;

    /// <summary>A place among a value's sizes, of one among those that a node has read of them.</summary>
    private static long From(GraphNode shape, long place) => place < 0 ? place : place + Math.Max(0, shape.Attribute("start")?.I ?? 0);

    private static long? Ends(GraphNode shape) => (shape.Attribute("start")?.I ?? 0) == 0 ? shape.Attribute("end")?.I : null;

    private bool IsFirst(GraphNode shape, GraphNode reader) => (shape.Attribute("start")?.I ?? 0) == 0 && reader.Reads[0] == shape.Writes[0] && reader.Op switch
    {
        "Gather" => Numbers(reader.Reads[1]) is { Length: > 0 } at && at.All(p => !IsSide(shape.Reads[0], p)),
        "Slice" => reader.Reads.Count > 2 && Numbers(reader.Reads[1]) is [0] && Numbers(reader.Reads[2]) is [1],
        _ => false,
    };

    /// <summary>A small constant of whole numbers.</summary>
    private long[]? Numbers(string value) => graph.Weights.TryGetValue(value, out var weight) ? Numbers(weight)
        : graph.Writer(value) is not { Op: "Constant" } constant ? null
        : constant.Attribute("value")?.T is { } tensor ? Numbers(tensor)
        : constant.Attribute("value_int") is { } one ? [one.I]
        : constant.Attribute("value_ints") is { } several ? [.. several.Ints]
        : null;

    private static long[]? Numbers(TensorProto tensor)
    {
        if (tensor.DataType is not (Int32 or Int64) || tensor.DataLocation != 0)
        {
            return null;
        }

        var bytes = tensor.RawData.Span;
        var each = tensor.DataType == Int64 ? sizeof(long) : sizeof(int);
        var numbers = new long[bytes.Length / each];
        for (var i = 0; i < numbers.Length; i++)
        {
            var at = bytes.Slice(i * each, each);
            numbers[i] = each == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);
        }

        return [.. tensor.Int64Data, .. tensor.Int32Data.Select(n => (long)n), .. numbers];
    }
}
