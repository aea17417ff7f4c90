using System.Globalization;
using Acceleration.Models;
using Acceleration.Tests.Tool;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The reference implementations' outputs, in both parameter layouts.</summary>
public sealed class DiTParityTests : ModelTest
{
    [Theory]
    [InlineData("dit")]
    [InlineData("dit_original")]
    [InlineData("dit_original_nosigma")]
    public void OutputsAreTheReferences(string fixture) => Golden.Holds($"models/{fixture}", "output", "output, strict");

    [Theory]
    [InlineData("dit", "", "hidden_states", "timestep", "class_labels")]
    [InlineData("dit", "2", "hidden_states", "timestep", "class_labels")]
    [InlineData("dit_original", "", "x", "t", "y")]
    [InlineData("dit_original_nosigma", "", "x", "t", "y")]
    public void OutputsAreTheDoublePrecisionReferences(string fixture, string number, string x, string t, string y)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        var reference64 = file.Read($"output64{number}.sample");

        Assert.InRange(Difference(Run(ScalarType.Float32), reference64), 0, 1e-5 * Math.Max(1, reference64.abs().max().item<double>()));
        Assert.InRange(Difference(Run(ScalarType.Float64), reference64), 0, 1e-12);

        Tensor Run(ScalarType dtype)
        {
            using var network = Load(Fixture(fixture), dtype);
            return Predict(network, file.Read($"input{number}.{x}"), file.Read($"input{number}.{t}"), file.Read($"input{number}.{y}"));
        }
    }

    // forward_with_cfg of the original release: the first half of the latents for both halves, guidance on the first three channels.
    [Theory]
    [InlineData("dit_original", 4.0)]
    [InlineData("dit_original_nosigma", 1.5)]
    public void GuidedOutputsAreTheDoublePrecisionReferences(string fixture, double scale)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var network = Load(Fixture(fixture));
        var guided = GuidedDiT.Compute(network, file.Read("input2.x").ToTestDevice(), file.Read("input2.t").ToTestDevice(), file.Read("input2.y").ToTestDevice(), scale);

        Assert.InRange(Difference(guided, file.Read("output642.cfg")), 0, 1e-5 * Math.Max(1, file.Read("output2.cfg").abs().max().item<float>()));
    }

    [Theory]
    [InlineData("dit_original")]
    [InlineData("dit_original_nosigma")]
    public void TheTimeEmbeddingIsPublished(string fixture)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var network = Load(Fixture(fixture));
        Tensor? published = null;
        var probe = new ChainProbe((call, input, next) =>
        {
            published = call.Signal(Signal.TimeEmbedding)!.clone().DetachFromDisposeScope();
            return next.Invoke(input, 0, next.Count);
        });
        Predict(network, file.Read("input.x"), file.Read("input.t"), file.Read("input.y"), probe, HookedEvaluation.Claim(Where.Chain) with { Signals = [Signal.TimeEmbedding] });
        using var found = published!;

        Assert.InRange(Difference(found, file.Read("probe.t_embedder")), 0, RecommendedTolerance(file));
    }

    [Fact]
    public void TheChainBeginsWithEmbeddedPatchesAndPositions()
    {
        using var file = SafetensorsFile.Open(Fixture("dit"));
        using var network = Load(Fixture("dit"));
        Tensor? begin = null;
        var probe = new ChainProbe((_, input, next) =>
        {
            begin = input.Main.clone().DetachFromDisposeScope();
            return next.Invoke(input, 0, next.Count);
        });
        Predict(network, file.Read("input.hidden_states"), file.Read("input.timestep"), file.Read("input.class_labels"), probe, HookedEvaluation.Claim(Where.Chain));
        using var found = begin!;

        Assert.InRange(Difference(found, file.Read("probe.pos_embed")), 0, 1e-6);
    }

    [Fact]
    public void LabelsAreRowsOfTheTable()
    {
        using var file = SafetensorsFile.Open(Fixture("dit_original"));
        var embedding = Embedding.Read(new WeightMap(file, "weights."), "y_embedder.embedding_table", 11, 36);

        Assert.Equal(0, Difference(embedding.Apply(file.Read("input.y")), file.Read("probe.y_embedder")));
        var error = Assert.Throws<ArgumentException>(() => embedding.Apply(tensor(new long[] { 3, 11 })));
        Assert.Contains("no label 11", error.Message, StringComparison.Ordinal);
    }

    private static double RecommendedTolerance(SafetensorsFile file) => double.Parse(file.Metadata["recommended_atol"], CultureInfo.InvariantCulture);

    private static Tensor Predict(DiT network, Tensor x, Tensor t, Tensor y, IRun? run = null, Requirements? needs = null)
    {
        var rows = (int)x.size(0);
        using var labels = new Conditioning(rows, ("labels", y));
        var evaluation = run is null ? Evaluation.Plain(rows) : HookedEvaluation.Of(network.Info, rows, run, needs!, out _);
        return network.Predict(x.to(network.Info.DType).ToTestDevice(), t.to(ScalarType.Float32).ToTestDevice(), labels, evaluation);
    }
}
