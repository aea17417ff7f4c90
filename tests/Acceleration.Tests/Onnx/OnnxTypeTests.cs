using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Types of latents, timesteps and conditions: each reaches the graph as what its input is declared.</summary>
public sealed class OnnxTypeTests : OnnxTest
{
    /// <summary>Latents times their timestep, whatever the types of both; the timestep a number for each row, one, or none but a scalar.</summary>
    [Theory]
    [InlineData(TinyGraph.Float, TinyGraph.Float, "rows")]
    [InlineData(TinyGraph.Float, TinyGraph.Int64, "rows")]
    [InlineData(TinyGraph.Float, TinyGraph.Int32, "rows")]
    [InlineData(TinyGraph.Float, TinyGraph.Int64, "1")]
    [InlineData(TinyGraph.Float, TinyGraph.Int64, "")]
    [InlineData(TinyGraph.Float, TinyGraph.Half, "rows")]
    [InlineData(TinyGraph.Float, TinyGraph.Double, "")]
    [InlineData(TinyGraph.Half, TinyGraph.Int64, "")]
    [InlineData(TinyGraph.Half, TinyGraph.Half, "rows")]
    [InlineData(TinyGraph.BFloat16, TinyGraph.BFloat16, "rows")]
    [InlineData(TinyGraph.BFloat16, TinyGraph.Int64, "1")]
    [InlineData(TinyGraph.Double, TinyGraph.Float, "rows")]
    public void LatentsAndTimestepsAreOfAnyType(int latents, int timestep, string form)
    {
        object[] size = form.Length == 0 ? [] : form == "1" ? [1] : [form];
        using var network = Load(Product(latents, TinyGraph.Input("timestep", timestep, size)));
        using var scope = NewDisposeScope();
        var (x, times) = (randn(3, 2, 4, 4).to(network.Info.DType), tensor(new[] { 4f, 3f, 4f }));
        using var none = Conditioning.None(3);
        for (var call = 0; call < 2; call++)
        {
            var output = network.Predict(x, times, none, Evaluation.Plain(3));
            var expected = (x.to(ScalarType.Float32) * times.view(3, 1, 1, 1)).to(network.Info.DType);
            Assert.Equal(network.Info.DType, output.dtype);
            Assert.Equal(0, (output.to(ScalarType.Float64) - expected.to(ScalarType.Float64)).abs().max().item<double>());
        }

        // A sampler's numbers are its own, float32; a request of such a model is one like any other.
        using var result = Sampler.For(network).FlowEuler(1).Build().Generate(new SamplingRequest { Condition = none, Seed = 1 }, cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.Latents.isfinite().all().item<bool>());
    }

    /// <summary>A model that takes whole timesteps is told the nearest one, by every kind of solver.</summary>
    [Theory]
    [InlineData("rows")]
    [InlineData("1")]
    [InlineData("")]
    public void AFractionOfATimestepIsRoundedToTheNearestWholeOne(string form)
    {
        object[] size = form.Length == 0 ? [] : form == "1" ? [1] : [form];
        using var network = Load(Product(TinyGraph.Float, TinyGraph.Input("timestep", TinyGraph.Int64, size)));
        using var scope = NewDisposeScope();
        using var none = Conditioning.None(4);
        var output = network.Predict(ones(4, 2, 4, 4), tensor(new[] { 4.4f, 4.6f, 998.999f, 0.2f }), none, Evaluation.Plain(4));
        Assert.Equal([4f, 5f, 999f, 0f], output.select(1, 0).select(1, 0).select(1, 0).data<float>().ToArray());
    }

    [Fact]
    public void TimesBetweenZeroAndOneAreRefusedWhereTheyMustBeWhole()
    {
        var error = Assert.Throws<OnnxException>(() => Load(Product(TinyGraph.Float, TinyGraph.Input("timestep", TinyGraph.Int64, "rows")), o => o with { TimeScale = 1e-3 }));
        Assert.Contains("'timestep: int64 [rows]' takes whole numbers", error.Message, StringComparison.Ordinal);
        Assert.Contains("OnnxOptions.TimeScale is 0.001", error.Message, StringComparison.Ordinal);
        using var _ = Load(Product(TinyGraph.Float, TinyGraph.Input("timestep", TinyGraph.Float, "rows")), o => o with { TimeScale = 1e-3 });
    }

    /// <summary>Conditions go into the graph by their names: what it makes is their sum, and a mask is a number whatever its type.</summary>
    [Fact]
    public void ConditionsOfAllKindsReachTheGraph()
    {
        ValueInfoProto[] told =
        [
            TinyGraph.Input("encoder_hidden_states", TinyGraph.Half, "rows", "length", 3), TinyGraph.Input("encoder_attention_mask", TinyGraph.Int64, "rows", "length"), TinyGraph.Input("text_embeds", TinyGraph.Float, "rows", 5),
            TinyGraph.Input("time_ids", TinyGraph.BFloat16, "rows", 6), TinyGraph.Input("class_labels", TinyGraph.Int64, "rows"), TinyGraph.Input("timestep_cond", TinyGraph.Float, "rows", 8),
            TinyGraph.Input("resolution", TinyGraph.Half, "rows", 2), TinyGraph.Input("aspect_ratio", TinyGraph.Float, "rows", 1), TinyGraph.Input("guidance", TinyGraph.Double, "rows"), TinyGraph.Input("loudness", TinyGraph.Float, 1),
        ];
        var model = Product(TinyGraph.Float, [TinyGraph.Input("timestep", TinyGraph.Float, "rows"), .. told]);
        using var network = Load(model, o => o with { Classes = 10, Inputs = new Dictionary<string, OnnxInput> { ["loudness"] = OnnxInput.Constant(0.5) } });
        Assert.Equal(["text", "text_mask", "pooled", "time_ids", "labels", "guidance_embedding", "resolution", "aspect_ratio", "guidance"], network.Info.Conditions.Select(c => c.Name));
        Assert.True(network.Info.Conditions.Where(c => c.Name.StartsWith("text", StringComparison.Ordinal)).All(c => c.IsSequence));
        using var scope = NewDisposeScope();
        var (x, times) = (randn(2, 2, 4, 4), tensor(new[] { 2f, 3f }));
        using var condition = new Conditioning(
            2, ("text", ones(2, 7, 3)), ("text_mask", tensor(new[] { true, false }).view(2, 1).expand(2, 7)), ("pooled", full(2, 5, 2f)), ("time_ids", full(2, 6, 4f)), ("labels", tensor(new[] { 7L, 9L })),
            ("guidance_embedding", full(2, 8, 0.25f)), ("resolution", full(2, 2, 8f)), ("aspect_ratio", full(2, 1, 16f)), ("guidance", tensor(new[] { 32f, 64f })));
        var output = network.Predict(x, times, condition, Evaluation.Plain(2));
        var sums = tensor(new[] { 1f + 1 + 2 + 4 + 7 + 0.25f + 8 + 16 + 32 + 0.5f, 1f + 0 + 2 + 4 + 9 + 0.25f + 8 + 16 + 64 + 0.5f });
        Assert.True(((x * times.view(2, 1, 1, 1)) + sums.view(2, 1, 1, 1) - output).abs().max().item<float>() < 1e-5);
    }

    /// <summary>The tiny DiT in half precision: ONNX Runtime computes what it lacks kernels for in float32, and parts are still of the types that the graph says.</summary>
    [Fact]
    public void AModelInHalfPrecisionRunsWholeAndSplit()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("half"), m => NarrowModel.Make(m, TinyGraph.Half));
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var whole = OnnxDenoiser.Load(At("half"));
        Assert.Equal(ScalarType.Float16, whole.Info.DType);
        var found = OnnxSplitter.Split(At("half"), At("split"));
        Assert.Equal((4, 8), (found.Blocks, found.Parts));
        using var split = OnnxDenoiser.Load(found.Manifest);
        using var expected = model.Predict(whole);
        using var output = model.Predict(split);
        using var scope = NewDisposeScope();
        Assert.Equal((ScalarType.Float16, ScalarType.Float16), (expected.dtype, output.dtype));
        var largest = model.Output.abs().max().item<float>();
        Assert.InRange(model.Off(expected.to(ScalarType.Float32)) / largest, 0, 0.02);
        Assert.InRange((output.to(ScalarType.Float32) - expected.to(ScalarType.Float32)).abs().max().item<float>() / largest, 0, 0.02);
    }

    private OnnxDenoiser Load(ModelProto model, Func<OnnxOptions, OnnxOptions>? with = null)
    {
        File.WriteAllBytes(At("model.onnx"), model.ToByteArray());
        OnnxOptions options = new() { Prediction = PredictionType.Flow };
        return OnnxDenoiser.Load(At("model.onnx"), with is null ? options : with(options));
    }

    /// <summary>sample · timestep + the mean of each further input, computed in float32.</summary>
    private static ModelProto Product(int latents, params ValueInfoProto[] told)
    {
        var nodes = new List<NodeProto> { TinyGraph.Cast("x", "sample", TinyGraph.Float) };
        var sum = "x";
        foreach (var input in told)
        {
            var (name, rank) = (input.Name, input.Type.TensorType.Shape.Dim.Count);
            nodes.Add(TinyGraph.Cast($"{name}.float", name, TinyGraph.Float));
            if (rank > 1)
            {
                const int Integers = 7;
                var mean = TinyGraph.Node("ReduceMean", $"{name}.mean", $"{name}.float");
                mean.Attribute.Add(new AttributeProto { Name = "axes", Type = Integers, Ints = { Enumerable.Range(1, rank - 1).Select(a => (long)a) } });
                nodes.Add(mean);
            }

            nodes.Add(TinyGraph.Node("Reshape", $"{name}.each", $"{name}.{(rank > 1 ? "mean" : "float")}", "each"));
            nodes.Add(TinyGraph.Node(name == "timestep" ? "Mul" : "Add", $"{name}.sum", sum, $"{name}.each"));
            sum = $"{name}.sum";
        }

        var model = TinyGraph.Of([TinyGraph.Input("sample", latents, "rows", 2, 4, 4), .. told], [.. nodes, TinyGraph.Cast("output", sum, latents)]);
        model.Graph.Initializer.Add(TinyGraph.Weight("each", -1, 1, 1, 1));
        return model;
    }
}
