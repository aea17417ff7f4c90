using System.Globalization;
using Acceleration.Fuzz;
using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Acceleration.Tests.Core;
using Google.Protobuf;

namespace Acceleration.Tests.Onnx;

/// <summary>What splitting takes: the whole model, its graph with all values told, and the parts are open at times together.</summary>
public sealed class OnnxSplitMemoryTests : OnnxTest
{
    public OnnxSplitMemoryTests() => PeakMemory.SkipWhereItIsNotKnown();

    /// <summary>192 MiB of weights, all of products, inside of the model and in a file of their own. docs/onnx.md has the numbers.</summary>
    [Fact]
    public void SplittingTakesAFewTimesTheWeights()
    {
        var (large, small) = (new ResidualModel(Width: 1024, Side: 4, Blocks: 6), new ResidualModel(Width: 8, Side: 4, Blocks: 6));
        var model = large.Make();
        Write("small", small.Make());
        Write("inside", model);
        using (var externals = new Externals(At("outside/model.onnx"), Directory.CreateDirectory(At("outside")).FullName))
        {
            externals.Move(model.Graph);
        }

        Write("outside", model);
        var nothing = Split("small");
        double[] times = [.. new[] { "inside", "outside" }.Select(n => (Split(n) - nothing) / (double)large.Bytes)];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{large.Bytes >> 20} MiB of weights; inside {times[0]:0.00}, outside {times[1]:0.00} times as much, {nothing >> 20} MiB without"));
        Assert.InRange(times[0], 1, 7);
        Assert.InRange(times[1], 1, 5);

        long Split(string name) => ToolMemory.Peak("split", At(name), "-o", At($"{name}.split"), "--prediction", "flow");
    }

    private void Write(string name, ModelProto model)
    {
        Directory.CreateDirectory(At(name));
        File.WriteAllBytes(At($"{name}/model.onnx"), model.ToByteArray());
    }
}
