using Acceleration.Onnx.Schema;

namespace Acceleration.Tests.Onnx;

/// <summary>Models of a few nodes, written as they are wanted.</summary>
internal static class TinyGraph
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Bool = 9;
    public const int Half = 10;
    public const int Double = 11;
    public const int BFloat16 = 16;

    /// <summary>A model whose one output is called <c>output</c>, of the first input's type and size.</summary>
    public static ModelProto Of(IReadOnlyList<ValueInfoProto> inputs, params IEnumerable<NodeProto> nodes)
    {
        var output = inputs[0].Clone();
        output.Name = "output";
        var graph = new GraphProto { Name = "tiny" };
        graph.Input.AddRange(inputs);
        graph.Output.Add(output);
        graph.Node.AddRange(nodes);
        return new() { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = graph };
    }

    /// <summary>An input; sizes are numbers, or names of what a call chooses.</summary>
    public static ValueInfoProto Input(string name, int type, params IEnumerable<object> size)
    {
        var tensor = new TensorTypeProto { ElemType = type, Shape = new() };
        tensor.Shape.Dim.AddRange(size.Select(s => s is string symbol ? new TensorShapeProto.Types.Dimension { DimParam = symbol } : new() { DimValue = Convert.ToInt64(s, System.Globalization.CultureInfo.InvariantCulture) }));
        return new() { Name = name, Type = new() { TensorType = tensor } };
    }

    public static NodeProto Node(string op, string output, params IEnumerable<string> inputs)
    {
        var node = new NodeProto { OpType = op, Output = { output } };
        node.Input.AddRange(inputs);
        return node;
    }

    public static NodeProto Cast(string output, string input, int type)
    {
        const int Integer = 2;
        var node = Node("Cast", output, input);
        node.Attribute.Add(new AttributeProto { Name = "to", I = type, Type = Integer });
        return node;
    }

    public static TensorProto Weight(string name, params long[] whole)
    {
        var made = new TensorProto { Name = name, DataType = Int64, Dims = { whole.Length } };
        made.Int64Data.AddRange(whole);
        return made;
    }
}
