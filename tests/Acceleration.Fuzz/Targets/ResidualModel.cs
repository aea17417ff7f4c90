using System.Runtime.InteropServices;
using Acceleration.Onnx.Schema;
using Google.Protobuf;

namespace Acceleration.Fuzz;

/// <summary>An ONNX model of residual blocks x + W₂·relu(W₁·x) with random weights, which can be split: latents [rows, width, side, side], a timestep for each row.</summary>
/// <param name="Width">Channels.</param>
/// <param name="Side">Height and width of the latents.</param>
/// <param name="Blocks">Blocks.</param>
internal sealed record ResidualModel(int Width, int Side, int Blocks)
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int Integers = 7;

    /// <summary>Bytes of the weights of the blocks.</summary>
    public long Bytes => (long)Blocks * Width * Width * 8 * sizeof(float);

    public ModelProto Make()
    {
        var random = new Random(1);
        var graph = new GraphProto
        {
            Name = "residual",
            Input = { Value("sample", "rows", Width, Side, Side), Value("timestep", "rows") },
            Output = { Value("output", "rows", Width, Side, Side) },
            Initializer = { Sizes("to.tokens", 0, Width, -1), Sizes("to.each", -1, 1, 1), Sizes("to.picture", 0, Width, Side, Side) },
            Node = { Node("Reshape", "rows.tokens", "sample", "to.tokens"), Turned("tokens", "rows.tokens"), Node("Reshape", "time", "timestep", "to.each"), Node("Add", "stream.0", "tokens", "time") },
        };
        for (var i = 0; i < Blocks; i++)
        {
            graph.Initializer.Add([Weight(random, $"in.{i}", Width, 4 * Width), Weight(random, $"out.{i}", 4 * Width, Width)]);
            graph.Node.Add(
            [
                Node("MatMul", $"wide.{i}", $"stream.{i}", $"in.{i}"), Node("Relu", $"bent.{i}", $"wide.{i}"), Node("MatMul", $"made.{i}", $"bent.{i}", $"out.{i}"),
                Node("Add", $"stream.{i + 1}", $"stream.{i}", $"made.{i}"),
            ]);
        }

        graph.Node.Add([Turned("rows.picture", $"stream.{Blocks}"), Node("Reshape", "output", "rows.picture", "to.picture")]);
        return new() { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = graph };
    }

    private static NodeProto Node(string op, string output, params IEnumerable<string> inputs)
    {
        var node = new NodeProto { OpType = op, Output = { output } };
        node.Input.AddRange(inputs);
        return node;
    }

    private static NodeProto Turned(string output, string input)
    {
        var node = Node("Transpose", output, input);
        node.Attribute.Add(new AttributeProto { Name = "perm", Type = Integers, Ints = { 0, 2, 1 } });
        return node;
    }

    private static ValueInfoProto Value(string name, string rows, params IEnumerable<int> size)
    {
        var type = new TensorTypeProto { ElemType = Float, Shape = new() { Dim = { new TensorShapeProto.Types.Dimension { DimParam = rows } } } };
        type.Shape.Dim.AddRange(size.Select(s => new TensorShapeProto.Types.Dimension { DimValue = s }));
        return new() { Name = name, Type = new() { TensorType = type } };
    }

    private static TensorProto Sizes(string name, params long[] sizes) => new() { Name = name, DataType = Int64, Dims = { sizes.Length }, Int64Data = { sizes } };

    private static TensorProto Weight(Random random, string name, int rows, int columns)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) * 0.1f;
        }

        return new() { Name = name, DataType = Float, Dims = { rows, columns }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)) };
    }
}
