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

    /// <summary>48 MiB of weights in six blocks, which one call computes as one graph, another as thirteen, and a third as three.</summary>
    [Fact]
    public void WeightsLieInMemoryOnce()
    {
        var (large, small) = (new ResidualModel(Width: 512, Side: 4, Blocks: 6), new ResidualModel(Width: 8, Side: 4, Blocks: 6));
        foreach (var (model, name) in new[] { (large, "large"), (small, "small") })
        {
            Directory.CreateDirectory(At(name));
            File.WriteAllBytes(At($"{name}/model.onnx"), model.Make().ToByteArray());
            Assert.Equal(6, OnnxSplitter.Split(At(name), At($"{name}.split"), new() { Prediction = PredictionType.Flow }).Blocks);
        }

        // Sessions themselves take something, and so do their threads: as much with hardly any weights. Of a file that is mapped, pages are the system's; what is counted is in the form of products.
        foreach (var (form, more) in new[] { ("", (Action<OnnxDenoiser, ResidualModel>)((_, _) => { })), (".split", InPieces) })
        {
            _ = Held(small, "small", form, more);
            var held = (Held(large, "large", form, more) - Held(small, "small", form, more)) / (double)large.Bytes;
            Assert.InRange(held, 0.8, 1.3);
        }

        long Held(ResidualModel model, string name, string form, Action<OnnxDenoiser, ResidualModel> more)
        {
            var before = PeakMemory.Anonymous();
            using var network = OnnxDenoiser.Load(At(name + form), new() { Prediction = PredictionType.Flow });
            Predict(network, model);
            more(network, model);
            return PeakMemory.Anonymous() - before;
        }

        static void InPieces(OnnxDenoiser network, ResidualModel model)
        {
            network.RunsApart = true;
            Predict(network, model);
            network.RunsApart = false;
            using var none = Conditioning.None(1);
            Sampler.For(network).FlowEuler(3).Use(new DeltaDiT(2, 2, 4)).Build().Generate(new SamplingRequest { Condition = none, Seed = 1 }).Dispose();
        }

        static void Predict(OnnxDenoiser network, ResidualModel model)
        {
            using var scope = NewDisposeScope();
            using var none = Conditioning.None(1);
            network.Predict(zeros(1, model.Width, 4, 4), ones(1), none, Evaluation.Plain(1));
        }
    }
}
