using Acceleration.Fuzz;
using Acceleration.Onnx;
using Acceleration.Tests.Core;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Memory of this process, native included.</summary>
public sealed class OnnxResidentTests : OnnxTest
{
    public OnnxResidentTests() => PeakMemory.SkipWhereItIsNotKnown();

    /// <summary>A call's input and output have 256 KiB a row: one of them kept by each call would be 150 MiB.</summary>
    [Fact]
    public void CallsOfAllSizesLeaveNoMemory()
    {
        File.WriteAllBytes(At("model.onnx"), TinyGraph.Of(
            [TinyGraph.Input("sample", TinyGraph.Float, "rows", 4, "high", "wide"), TinyGraph.Input("timestep", TinyGraph.Float, "rows")],
            TinyGraph.Node("Neg", "output", "sample")).ToByteArray());
        using var network = OnnxDenoiser.Load(At("model.onnx"), new() { Prediction = PredictionType.Flow, SampleSize = [4, 128, 128] });
        using var none = Conditioning.None(3);
        Call(100);
        Assert.InRange(PeakMemory.Growth(() => Call(300)), long.MinValue, 16 << 20);

        void Call(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var scope = NewDisposeScope();
                var rows = 1 + (i % 3);
                using var condition = Conditioning.None(rows);
                network.Predict(zeros(rows, 4, 128 - (i % 5), 128), ones(rows), condition, Evaluation.Plain(rows));
            }
        }
    }

    [Fact]
    public void RequestsOnASplitModelLeaveNoMemory()
    {
        using var network = OnnxDenoiser.Load(Split(OnnxModel.Dit));
        var sampler = Sampler.For(network).Ddim(4).Guidance(2).Use(new TaylorSeer(2)).Build();
        Run(15);
        Assert.InRange(PeakMemory.Growth(() => Run(30)), long.MinValue, 16 << 20);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var condition = Conditioning.Labels([.. Enumerable.Range(0, 1 + (i % 3)).Select(l => (long)l)]);
                sampler.Generate(new SamplingRequest { Condition = condition, Seed = i }).Dispose();
            }
        }
    }

    /// <summary>48 MiB of weights in six blocks, which one call computes as one graph, another as eight, and a request as five: each weight lies there once in the form of products. What it came from are pages of a file, which are the system's.</summary>
    [Fact]
    public void WeightsLieInMemoryOnce()
    {
        NativeHeap.SkipWhereItIsNotKnown();
        var (large, small) = (new ResidualModel(Width: 512, Side: 4, Blocks: 6), new ResidualModel(Width: 8, Side: 4, Blocks: 6));
        foreach (var (model, name) in new[] { (large, "large"), (small, "small") })
        {
            File.WriteAllBytes(At($"{name}.onnx"), model.Make().ToByteArray());
            Assert.Equal(6, OnnxSplitter.Split(At($"{name}.onnx"), At(name), new() { Prediction = PredictionType.Flow }).Blocks);
        }

        // Sessions take something, too: as much with hardly any weights.
        _ = Held(small, "small");
        var held = (Held(large, "large") - Held(small, "small")) / (double)large.Bytes;
        Assert.InRange(held, 0.9, 1.1);

        long Held(ResidualModel model, string name)
        {
            var before = NativeHeap.Bytes();
            using var network = OnnxDenoiser.Load(At(name), new() { Prediction = PredictionType.Flow });
            using var condition = Conditioning.None(1);
            foreach (var apart in new[] { false, true })
            {
                network.RunsApart = apart;
                using var scope = NewDisposeScope();
                network.Predict(zeros(1, model.Width, 4, 4), ones(1), condition, Evaluation.Plain(1));
            }

            network.RunsApart = false;
            Sampler.For(network).FlowEuler(3).Use(new DeltaDiT(2, 2, 4)).Build().Generate(new SamplingRequest { Condition = condition, Seed = 1 }).Dispose();
            return NativeHeap.Bytes() - before;
        }
    }
}
