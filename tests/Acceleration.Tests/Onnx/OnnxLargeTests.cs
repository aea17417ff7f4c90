using System.Runtime.InteropServices;
using Acceleration.Fuzz;
using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Acceleration.Tests.Core;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>A model above 2 GB, of which a call reads little: a table of 2.2 GB in a file of its own, most of it a hole.</summary>
public sealed class OnnxLargeTests : OnnxTest
{
    private const int Width = 8;
    private const long RowBytes = Width * sizeof(float);
    private const long Rows = 68_750_000;
    private const long Bytes = Rows * RowBytes;
    private const int RowsOfTime = 68_000;
    private const int Time = 990;
    private readonly ResidualModel _form = new(Width, Side: 4, Blocks: 6);

    public OnnxLargeTests() => PeakMemory.SkipWhereItIsNotKnown();

    /// <summary>Neither looking at it nor splitting it takes the table into memory, and a row beyond the first 2 GiB is found there.</summary>
    [Fact]
    public void WeightsInAFileOfTheirOwnAreNotTakenIntoMemory()
    {
        Assert.SkipUnless(KnowsHoles(At("hole")), "The disk would write the table in full.");
        Write("large", Large());
        Write("small", _form.Make());
        Sparse(At("large/table.bin"));
        string[] flow = ["--prediction", "flow"];
        var nothing = ToolMemory.Peak(["split", At("small"), "-o", At("small.split"), .. flow]);
        long[] more = [.. new string[][] { ["inspect", At("large")], ["split", At("large"), "-o", At("large.split")], ["inspect", At("large.split")] }.Select(c => ToolMemory.Peak([.. c, .. flow]) - nothing)];
        TestContext.Current.TestOutputHelper?.WriteLine($"MiB more than without the table: {string.Join(", ", more.Select(m => m >> 20))}");
        Assert.All(more, m => Assert.InRange(m, long.MinValue, Bytes / 10));
        Assert.Equal(Bytes, new FileInfo(At("large.split/table.bin")).Length);
        foreach (var path in new[] { At("large"), At("large.split") })
        {
            using var network = OnnxDenoiser.Load(path, new() { Prediction = PredictionType.Flow });
            using var small = OnnxDenoiser.Load(At("small"), new() { Prediction = PredictionType.Flow });
            using var scope = NewDisposeScope();
            using var none = Conditioning.None(2);
            var (latents, times) = (randn(2, Width, 4, 4), tensor(new float[] { Time, 0 }));
            var (output, plain) = (network.Predict(latents, times, none, Evaluation.Plain(2)), small.Predict(latents, times, none, Evaluation.Plain(2)));
            Assert.True((output - plain).abs()[0].max().item<float>() > 1);
            Assert.Equal(0, (output - plain).abs()[1].max().item<float>());
        }
    }

    /// <summary>x + t + table[68,000 · t]</summary>
    private ModelProto Large()
    {
        var model = _form.Make();
        var graph = model.Graph;
        var table = new TensorProto { Name = "table", DataType = TinyGraph.Float, Dims = { Rows, Width }, DataLocation = 1 };
        table.ExternalData.Add([new StringStringEntryProto { Key = "location", Value = "table.bin" }, new StringStringEntryProto { Key = "offset", Value = "0" }, new StringStringEntryProto { Key = "length", Value = $"{Bytes}" }]);
        graph.Initializer.Add([table, TinyGraph.Weight("rows.of.time", RowsOfTime), TinyGraph.Weight("to.row", -1, 1, Width)]);
        var begin = graph.Node.Single(n => n.Output.Contains("stream.0"));
        begin.Input[begin.Input.IndexOf("time")] = "told";
        foreach (var node in new[]
        {
            TinyGraph.Cast("whole", "timestep", TinyGraph.Int64), TinyGraph.Node("Mul", "at", "whole", "rows.of.time"), TinyGraph.Node("Gather", "found", "table", "at"),
            TinyGraph.Node("Reshape", "row", "found", "to.row"), TinyGraph.Node("Add", "told", "time", "row"),
        })
        {
            graph.Node.Insert(graph.Node.IndexOf(begin), node);
        }

        return model;
    }

    private void Write(string name, ModelProto model)
    {
        Directory.CreateDirectory(At(name));
        File.WriteAllBytes(At($"{name}/model.onnx"), model.ToByteArray());
    }

    /// <summary>A file of holes, but for the row of one time.</summary>
    private static void Sparse(string path)
    {
        using var file = File.Create(path);
        file.SetLength(Bytes);
        file.Position = Time * RowsOfTime * RowBytes;
        file.Write(MemoryMarshal.AsBytes<float>([3, 3, 3, 3, 3, 3, 3, 3]));
    }

    private static bool KnowsHoles(string path)
    {
        const int SeekHole = 4;
        using var file = File.Create(path);
        file.SetLength(1 << 20);
        return Seek((int)file.SafeFileHandle.DangerousGetHandle(), 0, SeekHole) == 0;
    }

    [DllImport("libc.so.6", EntryPoint = "lseek")]
    private static extern long Seek(int file, long at, int whence);
}
