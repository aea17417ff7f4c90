using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Strategies on networks that have the text in the stream: SD3's two streams, and FLUX's, which become one.</summary>
[Collection(OnnxSplits.Name)]
public sealed class OnnxTwoStreamTests(OnnxSplits splits) : OnnxTest
{
    private const int Steps = 6;
    private const int Text = 9;

    public static TheoryData<string> Kinds { get; } = [OnnxModel.Sd3, OnnxModel.Flux];

    /// <summary>What the trace says was spared is what the sites cost.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void SparedArithmeticIsWhatSitesCost(string kind)
    {
        using var network = OnnxDenoiser.Load(splits.Of(kind));
        var info = network.Info;
        double Cost(Func<Site, bool> of) => info.Sites.All.Where(of).Sum(s => s.Cost.MultiplyAdds(info.Layout(info.SampleSize).Tokens, Text));
        var (whole, blocks, attention) = (Cost(s => s.Kind == SiteKind.Network), Cost(s => s.Kind == SiteKind.Block), Cost(s => s.Kind == SiteKind.SelfAttention));
        Assert.InRange(blocks / whole, 0.5, 0.999);
        foreach (var (strategy, spared) in new (IStrategy, double)[]
        {
            (new Cached(Where.Blocks, new Interval(2), How.LastResidual), blocks), (new Cached(Where.Chain, new Interval(2), How.LastResidual), blocks), (new Cached(Where.Attention, new Interval(2), How.LastValue), attention),
            (new Cached(Where.Blocks.InBlocks(1, 2), new Interval(2), How.LastResidual), Cost(s => s.Path == "blocks.1")),
        })
        {
            var trace = Sample(network, strategy).Trace;
            Assert.True(spared > 0, strategy.Tag);

            // In two of six steps: the last is computed like the first.
            Assert.Equal(whole / (whole - (spared / 3)), trace.ArithmeticGain!.Value, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void MethodsRunAndSpare(string kind)
    {
        using var network = OnnxDenoiser.Load(splits.Of(kind));
        var plain = Sample(network, null).Values;
        foreach (var strategy in new IStrategy[] { new DeltaDiT(2, 2, 3), new FirstBlockCache(2), new DBCache(2, 1, 1) { Warmup = 1 }, new TaylorSeer(2) { Where = Where.Chain }, new TaylorSeer(2), new PyramidAttentionBroadcast(2) { Gated = false, Above = 0, Below = 1001 } })
        {
            var (values, trace) = Sample(network, strategy);
            Assert.All(values, v => Assert.True(float.IsFinite(v), strategy.Tag));
            Assert.True(trace.ArithmeticGain > 1.01, $"{strategy.Tag}: {trace.ArithmeticGain}");
            Assert.False(values.AsSpan().SequenceEqual(plain), strategy.Tag);
        }

        Assert.Equal(plain, Sample(network, new DeltaDiT(1, 2, 3)).Values);
        Assert.Equal(plain, Sample(network, new TaylorSeer(1)).Values);
    }

    [Theory]
    [InlineData(OnnxModel.Dit)]
    [InlineData(OnnxModel.Sd3)]
    [InlineData(OnnxModel.Flux)]
    public void WhatReachesIntoAPartIsRefusedWhenTheSamplerIsBuilt(string kind)
    {
        using var network = OnnxDenoiser.Load(splits.Of(kind));
        foreach (var strategy in new IStrategy[] { new GratB(4), new ToMeSD(0.5), new ToMeSD(0.5) { Parts = MergedParts.FeedForward }, new SadaTokens() })
        {
            var builder = Sampler.For(network);
            builder = network.Info.Prediction == PredictionType.Flow ? builder.FlowEuler(Steps) : builder.Ddim(Steps);
            var error = Assert.Throws<StrategyConflictException>(() => builder.Use(strategy).Build());
            Assert.Contains("computes where nothing reaches into it: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(strategy.Tag, error.Message, StringComparison.Ordinal);
        }
    }

    private static (float[] Values, Trace Trace) Sample(OnnxDenoiser network, IStrategy? strategy)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using Conditioning condition = new(2, [.. network.Info.Conditions.Select(c => (c.Name, randn([2, .. c.Size.Select((s, i) => i == 0 && c.IsSequence ? Text : s)])))]);
        var plain = Sampler.For(network).FlowEuler(Steps);
        using var result = (strategy is null ? plain : plain.Use(strategy)).Build().Generate(new SamplingRequest { Condition = condition, Seed = 2 });
        return (result.Latents.data<float>().ToArray(), result.Trace);
    }
}
