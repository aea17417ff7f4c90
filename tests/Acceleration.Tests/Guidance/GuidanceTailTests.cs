using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>What stands for the unconditional branch once it is no longer evaluated.</summary>
public sealed class GuidanceTailTests
{
    /// <summary>c = 4, u = 4 − d with d linear in the time t / 1000: 1 + 2t.</summary>
    private static IDenoiser Network => Denoiser.From(Toy.Info("linear gap"), (x, t, c) =>
    {
        var gap = Toy.PerRow((t / 1000.0 * 2) + 1, x) + zeros_like(x);
        return where(Toy.PerRow(c["labels"].eq(Toy.Classes), x), 4 - gap, full_like(x, 4));
    });

    [Theory]
    [InlineData(GuidanceTail.Conditional, new[] { 7, 6.6, 4, 4, 4 })]
    [InlineData(GuidanceTail.HoldDelta, new[] { 7, 6.6, 6.6, 6.6, 6.6 })]
    [InlineData(GuidanceTail.ExtrapolateDelta, new[] { 7, 6.6, 6.2, 5.8, 5.4 })]
    public void TheTailContinuesAsItSays(GuidanceTail tail, double[] expected)
    {
        // Times 1000, 800, ... 200: d = 3, 2.6, 2.2, 1.8, 1.4, and g = c + (s − 1)·d with s = 2. Guidance ends after step 1.
        using var scope = NewDisposeScope();
        using var network = Network;
        var replay = new Replay([.. Enumerable.Repeat(zeros(2, 1, 4, 4), 5)]);
        var guidance = new AdaptiveGuidance(-1) { Warmup = 1, Tail = tail, Space = MetricSpace.ModelOutput };

        var trace = replay.Run(network, new ClassifierFreeGuidance(2), guidance);

        Assert.All(expected.Zip(replay.Outputs), p => Assert.All(p.Second, v => Assert.Equal(p.First, v, 1e-5)));
        Assert.Equal([4, 4, 2, 2, 2], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void ALineThroughOneDeltaHoldsIt()
    {
        using var scope = NewDisposeScope();
        using var network = Network;
        var replay = new Replay([.. Enumerable.Repeat(zeros(1, 1, 4, 4), 5)]);
        replay.Run(network, new ClassifierFreeGuidance(2), new AdaptiveGuidance(-1) { Tail = GuidanceTail.ExtrapolateDelta, Space = MetricSpace.ModelOutput });
        Assert.All(replay.Outputs.SelectMany(o => o), v => Assert.Equal(7, v, 1e-5));
    }

    [Theory]
    [InlineData(1, new[] { 7.0, 5.5, 4.5, 3.5, 2.5, 1.5 })]
    [InlineData(2, new[] { 7.0, 5.5, 4.5, 4, 4, 4.5 })]
    [InlineData(4, new[] { 7.0, 5.5, 4.5, 4, 4, 4.5 })]
    public void ATailOfHigherOrderContinuesACurve(int order, double[] expected)
    {
        // d = 4, 2.5, 1.5 at equal distances, guidance ends after step 2; then 1, 1, 1.5 on the parabola and 0.5, −0.5, −1.5 on the line.
        using var scope = NewDisposeScope();
        double[] gaps = [4, 2.5, 1.5, 9, 9, 9];
        using var network = Denoiser.From(Toy.Info("curved gap"), (x, _, c, e) =>
            where(Toy.PerRow(c["labels"].eq(Toy.Classes), x), full_like(x, 3 - gaps[e.Step.Index]), full_like(x, 3)));
        var replay = new Replay([.. Enumerable.Repeat(zeros(2, 1, 4, 4), 6)]);
        var guidance = new AdaptiveGuidance(-1) { Warmup = 2, Tail = GuidanceTail.ExtrapolateDelta, Order = order, Space = MetricSpace.ModelOutput };

        replay.Run(network, new ClassifierFreeGuidance(2), guidance);

        Assert.All(expected.Zip(replay.Outputs), p => Assert.All(p.Second, v => Assert.Equal(p.First, v, 1e-5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveGuidance { Order = 0 });
    }

    [Fact]
    public void ATailContinuesWhatItsSampleHas()
    {
        // Sample 0 ends after one guided step and holds, sample 1 after two and continues a line: alone and together.
        using var network = Denoiser.From(Toy.Info("staggered"), (x, _, _, e) => cat([.. e.Rows.Select((r, i) =>
            TurnedBranches.Of(x[i].unsqueeze(0), r.Branch == Branch.Unconditional, r.Sample == 0 || e.Step.Index > 0 ? 0.3 - (0.1 * e.Step.Index) : 1.2))], 0));
        var sampler = Sampler.For(network).FlowEuler(5).Guidance(2)
            .Use(new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput, Tail = GuidanceTail.ExtrapolateDelta }).Build();
        using var scope = NewDisposeScope();
        var latents = ones(2, 1, 4, 4);
        using var labels = Conditioning.Labels(1, 1);
        using var both = sampler.Generate(new() { Condition = labels, Latents = latents }, cancellation: TestContext.Current.CancellationToken);
        using var label = Conditioning.Labels(1);
        using var first = sampler.Generate(new() { Condition = label, Latents = latents[..1] }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(first.Latents.Floats(), both.Latents[..1].Floats());
        Assert.NotEqual(first.Latents.Floats(), both.Latents[1..].Floats());
        Assert.Equal([4, 3, 2, 2, 2], both.Trace.Steps.Select(s => s.ComputedRows));
    }

    [Theory]
    [InlineData(GuidanceTail.HoldDelta, 4, 2)]
    [InlineData(GuidanceTail.ExtrapolateDelta, 4, 4)]
    public void ALostDeltaIsMadeAgain(GuidanceTail tail, params int[] again)
    {
        using var network = new ChainToy();
        var watched = new WatchedStrategy(new AdaptiveGuidance(-1) { Tail = tail });
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = Sampler.For(network).FlowEuler(8).Guidance(3).Use(watched).Build().Start(request);
        for (var step = 0; step < 8; step++)
        {
            if (step == 4)
            {
                watched.Store!.Evict(0);
            }

            session.Advance(TestContext.Current.CancellationToken);
        }

        // A line needs two.
        Assert.Equal([4, 2, 2, 2, .. again, 2, 2], session.Trace.Steps.Select(s => s.ComputedRows));
    }
}
