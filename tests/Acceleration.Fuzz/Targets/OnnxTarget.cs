using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>ONNX models: changed as graphs, then as bytes; loaded, asked for predictions, and split.</summary>
internal sealed class OnnxTarget : IFuzzTarget
{
    private const int MostValues = 1 << 12;
    private static readonly string[] Operators = ["Add", "Mul", "Sub", "MatMul", "Relu", "Neg", "Identity", "Concat", "Softmax", "Shape", "Wonder"];
    private readonly string _path;
    private readonly string _split;
    private readonly byte[] _valid = new ResidualModel(2, 2, 3).Make().ToByteArray();

    public OnnxTarget(string folder)
    {
        _path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "onnx")).FullName, "model.onnx");
        _split = Path.Combine(folder, "onnx-split");
    }

    public string Name => "onnx";

    public int Weight => 2;

    public byte[] Make(Random random)
    {
        var model = ModelProto.Parser.ParseFrom(_valid);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            Change(random, model.Graph);
        }

        var bytes = model.ToByteArray();
        return random.OneIn(3) ? ByteMutator.Damage(random, bytes) : bytes;
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        try
        {
            using (var network = OnnxDenoiser.Load(_path, Options))
            {
                Predict(network);
            }

            OnnxSplitter.Split(_path, _split, Options);
            return "split";
        }
        catch (OnnxException e)
        {
            Expect.Message(e.Message);
            return nameof(OnnxException);
        }
        finally
        {
            if (Directory.Exists(_split))
            {
                Directory.Delete(_split, recursive: true);
            }
        }
    }

    private static OnnxOptions Options { get; } = new() { Prediction = PredictionType.Flow, Threads = 1 };

    /// <summary>Two predictions: the first learns sizes, the second writes what has them.</summary>
    public static void Predict(OnnxDenoiser network)
    {
        const int Rows = 2;
        if (network.Info.SampleSize.Aggregate(1.0, (product, side) => product * side) > MostValues)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var condition = ProbeInputs.Condition(network.Info, Rows);
        for (var i = 0; i < 2; i++)
        {
            network.Predict(zeros([Rows, .. network.Info.SampleSize], dtype: network.Info.DType), ones(Rows), condition, Evaluation.Plain(Rows));
        }
    }

    private static void Change(Random random, GraphProto graph)
    {
        var node = random.Of(graph.Node);
        var values = graph.Node.SelectMany(n => n.Input.Concat(n.Output)).ToArray();
        switch (random.Next(10))
        {
            case 0:
                graph.Node.Remove(node);
                break;
            case 1:
                node.OpType = random.Of(Operators);
                break;
            case 2 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = random.OneIn(4) ? random.Text().Replace("\ud800", "", StringComparison.Ordinal).Replace("\udc00", "", StringComparison.Ordinal) : random.Of(values);
                break;
            case 3:
                node.Output[0] = random.Of(values);
                break;
            case 4:
                graph.Node.Insert(random.Next(graph.Node.Count + 1), node.Clone());
                break;
            case 5:
                var weight = random.Of(graph.Initializer);
                weight.Dims[random.Next(weight.Dims.Count)] = random.Of(new long[] { 0, 1, 3, 4, -1, int.MaxValue, long.MaxValue, long.MinValue });
                break;
            case 6:
                random.Of(graph.Initializer).DataType = random.Next(20);
                break;
            case 7:
                random.Of(graph.Input).Type.TensorType.ElemType = random.Next(20);
                break;
            case 8:
                var shape = random.Of(graph.Input).Type.TensorType.Shape;
                shape.Dim[random.Next(shape.Dim.Count)] = random.OneIn(2) ? new() { DimParam = "side" } : new() { DimValue = random.Of(new long[] { 0, 1, 2, 3, -1, 4096, long.MaxValue }) };
                break;
            default:
                random.Of(graph.Input).Name = random.Of(["x", "time", "labels", "encoder_hidden_states", "", "sample", "img"]);
                break;
        }
    }
}
