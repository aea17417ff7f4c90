using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>A batch of samples equals its single runs, and every sample has its own seed.</summary>
public sealed class BatchTests : CoreTest
{
    private const int Samples = 3;

    private readonly ChainToy _net = new(type: PredictionType.Epsilon);

    public BatchTests() => Own(_net);

    /// <summary>Sample <paramref name="i"/> of the batch by itself: its label and its seed.</summary>
    private static (float[] Values, Trace Trace) Single(Sampler sampler, int i)
    {
        using var condition = Conditioning.Labels(i);
        using var result = sampler.Generate(new() { Condition = condition, Seed = 5 + i });
        return (result.Latents.Floats(), result.Trace);
    }

    private static float[] Part(float[] batch, int i) => batch[(i * batch.Length / Samples)..((i + 1) * batch.Length / Samples)];

    [Fact]
    public void ElementwiseNetworksBitForBit()
    {
        using var affine = Toy.Affine(0.3, 0.1, shift: 0.05, PredictionType.Epsilon);
        var sampler = Sampler.For(affine).Ddim(5, eta: 1).Guidance(2).Build();
        var batch = Toy.Run(sampler, Samples).Values;
        Assert.All(Enumerable.Range(0, Samples), i => Assert.Equal(Single(sampler, i).Values, Part(batch, i)));
        Assert.NotEqual(Part(batch, 0), Part(batch, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ATransformerWithinRounding(bool separate)
    {
        var builder = Sampler.For(_net).Ddim(6, eta: 1).Guidance(2);
        var sampler = (separate ? builder.SeparateBranches() : builder).Build();
        var batch = Toy.Run(sampler, Samples).Values;
        Assert.All(Enumerable.Range(0, Samples), i => Near(Single(sampler, i).Values, Part(batch, i)));
    }

    [Fact]
    public void DecisionsAreTheSame()
    {
        var sampler = Sampler.For(_net).Ddim(20).Guidance(2).Use(new EasyCache(0.02)).Build();
        var (values, trace) = Toy.Run(sampler, Samples);
        var skips = Enumerable.Range(0, Samples).Select(i => Skips(trace, i)).ToArray();
        for (var i = 0; i < Samples; i++)
        {
            var single = Single(sampler, i);
            Assert.Equal(Skips(single.Trace, 0), skips[i]);
            Near(single.Values, Part(values, i));
        }

        // The samples do not all decide alike, so that rows were computed and reused side by side.
        Assert.True(skips.DistinctBy(s => string.Join(',', s)).Count() > 1);
        Assert.Contains(trace.Steps, s => s.ComputedRows > 0 && s.ComputedRows < s.Rows);
    }

    [Fact]
    public void SeparateBranchesEqualOneBatch()
    {
        using var affine = Toy.Affine(0.3, 0.1, shift: 0.05);
        float[] Of(IDenoiser network, bool separate)
        {
            var builder = Sampler.For(network).FlowEuler(4).Guidance(3);
            return Toy.Run((separate ? builder.SeparateBranches() : builder).Build(), 2).Values;
        }

        Assert.Equal(Of(affine, false), Of(affine, true));
        using var chain = new ChainToy();
        Near(Of(chain, false), Of(chain, true));
        // Two calls of two rows instead of one of four.
        Assert.Equal([4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2], chain.Calls.Where(c => c.Site == "blocks.0").Select(c => c.Rows));
    }

    private static int[] Skips(Trace trace, int sample) =>
        [.. trace.Steps.SelectMany(s => s.Decisions.Where(d => d.Sample == sample && d.Skip).Select(_ => s.Step.Index))];
}
