using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Requests on ONNX models that are cancelled or fail in the midst: nothing stays alive, and the next request gives the same bits as before.</summary>
public sealed class OnnxRequestFaultTests : OnnxTest
{
    private const int Steps = 6;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACancelledRequestLeavesNothing(bool isSplit)
    {
        using var network = OnnxDenoiser.Load(isSplit ? Split(OnnxModel.Dit) : Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", OnnxModel.Dit));
        var sampler = SamplerOf(network, isSplit);
        using var condition = Conditioning.Labels(1, 2);
        SamplingRequest request = new() { Condition = condition, Seed = 3 };
        var expected = Values(sampler, request);
        var live = Tensor.TotalCount;
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => sampler.Generate(request, new InStep(3, source.Cancel), source.Token));
        Assert.Equal(live, Tensor.TotalCount);
        Assert.Equal(expected, Values(sampler, request));
    }

    /// <summary>ONNX Runtime refuses the calls of the last steps, which look beyond the end of a table.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARequestWhoseCallIsRefusedLeavesNothing(bool isSplit)
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), m => AddTable(m.Graph));
        var folder = At("model");
        if (isSplit)
        {
            OnnxSplitter.Split(folder, At("split"));
            folder = At("split");
        }

        Assert.Equal(1, Directory.EnumerateFiles(folder, "*.onnx").Count(Shorten));
        using var network = OnnxDenoiser.Load(folder);
        var sampler = SamplerOf(network, isSplit);
        using var condition = Conditioning.Labels(1, 2);
        SamplingRequest request = new() { Condition = condition, Seed = 3 };
        float[] Begin()
        {
            using var session = sampler.Start(request);
            session.Advance();
            session.Advance();
            return session.Latents.data<float>().ToArray();
        }

        var expected = Begin();
        var live = Tensor.TotalCount;
        var error = Assert.Throws<SamplingException>(() => sampler.Generate(request, cancellation: TestContext.Current.CancellationToken));
        var refused = Assert.IsType<OnnxException>(error.InnerException);
        Assert.Contains("the call failed: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("indices element out of data bounds", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".onnx", refused.File, StringComparison.Ordinal);
        Assert.Equal(live, Tensor.TotalCount);
        Assert.Equal(expected, Begin());
    }

    /// <summary>The last part is told the timestep itself, which goes through the first one unchanged: in every call it is the call's own.</summary>
    [Fact]
    public void APartMayBeToldAnInputAsItIs()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), m => AddTable(m.Graph, [.. Enumerable.Range(0, 11).Select(i => (float)i)]));
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var whole = OnnxDenoiser.Load(At("model"));
        using var split = OnnxDenoiser.Load(OnnxSplitter.Split(At("model"), At("split")).Manifest);
        foreach (var time in new[] { 950f, 350f, 50f, 650f })
        {
            using var scope = NewDisposeScope();
            var times = tensor(new[] { time, 500, 20 });
            var expected = whole.Predict(model.Latents, times, model.Condition, Evaluation.Plain(3));
            var output = split.Predict(model.Latents, times, model.Condition, Evaluation.Plain(3));
            Assert.InRange((output - expected).abs().max().item<float>(), 0, 1e-5f);
        }
    }

    private static Sampler SamplerOf(OnnxDenoiser network, bool isSplit)
    {
        var builder = Sampler.For(network).Ddim(Steps).Guidance(2).Use(new EasyCache(0.02));
        return (isSplit ? builder.Use(new Cached(Where.Blocks, new Interval(2), How.LastResidual)) : builder).Build();
    }

    private static float[] Values(Sampler sampler, SamplingRequest request)
    {
        using var result = sampler.Generate(request);
        return result.Latents.data<float>().ToArray();
    }

    /// <summary>Adds entry 10 − ⌊t / 100⌋ of a table, of zeros if none is given, to the prediction.</summary>
    private static void AddTable(GraphProto graph, float[]? table = null)
    {
        var output = graph.Output[0].Name;
        var maker = graph.Node.Single(n => n.Output.Contains(output));
        maker.Output[maker.Output.IndexOf(output)] = "before_table";
        graph.Initializer.Add([new() { Name = "table", DataType = TinyGraph.Float, Dims = { 11 }, FloatData = { table ?? new float[11] } }, TinyGraph.Weight("hundred", 100), TinyGraph.Weight("ten", 10), TinyGraph.Weight("each", -1, 1, 1, 1)]);
        graph.Node.Add(
        [
            TinyGraph.Cast("time.whole", "timestep", TinyGraph.Int64), TinyGraph.Node("Div", "time.hundreds", "time.whole", "hundred"), TinyGraph.Node("Sub", "time.place", "ten", "time.hundreds"),
            TinyGraph.Node("Gather", "time.entry", "table", "time.place"), TinyGraph.Node("Reshape", "time.entries", "time.entry", "each"), TinyGraph.Node("Add", output, "before_table", "time.entries"),
        ]);
    }

    private static bool Shorten(string file)
    {
        var model = ModelReader.Read(file);
        if (model.Graph.Initializer.SingleOrDefault(i => i.Name == "table") is not { } table)
        {
            return false;
        }

        // Times below 500 are beyond it.
        table.Dims[0] = 6;
        table.FloatData.Clear();
        table.RawData = ByteString.Empty;
        table.FloatData.Add(new float[6]);
        File.WriteAllBytes(file, model.ToByteArray());
        return true;
    }

    private sealed class InStep(int step, Action act) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
        {
            if (value.Step == step)
            {
                act();
            }
        }
    }
}
