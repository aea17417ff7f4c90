using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>Combinations on outputs for which their result is known.</summary>
public sealed class CombinerNumbersTests
{
    [Theory]
    [InlineData(0, -10f, 0f)]
    [InlineData(1, 0f, -10f)]
    public void OutsideOfAnIntervalTheConditionStandsAlone(int guided, params float[] expected)
    {
        using var scope = NewDisposeScope();
        using var network = Toy.Affine(0, 0, shift: 1);
        var replay = new Replay([zeros(1, 1, 4, 4), zeros(1, 1, 4, 4)]);
        replay.Run(network, new ClassifierFreeGuidance(2), GuidanceInterval.At(guided));
        // Label 0 against 10: 10 + 2·(0 − 10).
        Assert.Equal(expected, replay.Outputs.Select(o => o.Distinct().Single()));
    }

    [Fact]
    public void AnUnconditionalOutputOfZerosGivesTheConditionByMagnitude()
    {
        using var network = Branches((r, x) => r.Branch == Branch.Unconditional ? zeros_like(x) : ones_like(x));
        Assert.Equal(1, Single(network, new MagnitudeAwareGuidance(7)));

        // And where both are zeros there is no difference to weigh.
        using var none = Branches((_, x) => zeros_like(x));
        Assert.Equal(0, Single(none, new MagnitudeAwareGuidance(7)));
    }

    [Fact]
    public void MagnitudesBendTheScale()
    {
        using var network = Branches((r, x) => r.Branch == Branch.Unconditional ? ones_like(x) : ones_like(x) * 1.5);
        // ‖c − u‖/‖u‖ = 0.5: u + (1 + 4·e^(−1))·0.5.
        Assert.Equal(1 + ((1 + (4 * Math.Exp(-1))) * 0.5), Single(network, new MagnitudeAwareGuidance(5, 2)), 1e-6);
    }

    [Fact]
    public void ParallelOutputsAreNotDamped()
    {
        using var network = Branches((r, x) => ones_like(x) * (r.Branch == Branch.Unconditional ? 2 : 3));
        Assert.Equal(2 + (4 * (3 - 2)), Single(network, new TangentialClassifierFreeGuidance(4)), 1e-5);
    }

    [Fact]
    public void OutputsWithoutACommonDirectionAreNotDamped()
    {
        // Orthogonal and of equal length: c in the first half, u in the second.
        using var network = Branches(Halves);
        using var scope = NewDisposeScope();
        var replay = new Replay([zeros(1, 1, 4, 4)]);
        replay.Run(network, new TangentialClassifierFreeGuidance(3));
        Assert.Equal([.. Enumerable.Repeat(3f, 8), .. Enumerable.Repeat(-2f, 8)], replay.Outputs[0]);
    }

    [Fact]
    public void OnlyThePartAlongTheConditionIsWeighted()
    {
        // c = (1, 0), u = (0, 1): c − u = (1, −1), of which (1, 0) is along c. With η 0: u + 3·(0, −1).
        using var network = Branches(Halves);
        using var scope = NewDisposeScope();
        var replay = new Replay([zeros(1, 1, 4, 4)]);
        replay.Run(network, new AdaptiveProjectedGuidance(3) { Eta = 0, Longest = 0 });
        Assert.All(replay.Outputs[0].Index(), o => Assert.Equal(o.Index < 8 ? 0 : -2, o.Item, 1e-6));
    }

    [Fact]
    public void LongDifferencesAreShortened()
    {
        // c − u = 2 in 16 places, of length 8; at most 2: 0.5 in each.
        using var network = Branches((r, x) => ones_like(x) * (r.Branch == Branch.Unconditional ? 1 : 3));
        Assert.Equal(1 + (4 * 0.5), Single(network, new AdaptiveProjectedGuidance(4) { Longest = 2 }), 1e-6);
    }

    [Fact]
    public void MomentumMovesOnWithEveryNetworkCallAndRestsWhereGuidanceDoes()
    {
        using var network = Branches((r, x) => ones_like(x) * (r.Branch == Branch.Unconditional ? 0 : 1));
        var watched = new Acceleration.Tool.WatchedStrategy(new AdaptiveProjectedGuidance(3) { Momentum = 0.5, Longest = 0 });
        var sampler = Sampler.For(network).Solve(new TwoCallTests.Heun(), TwoCallTests.Grid(4)).Use(watched).Use(GuidanceInterval.At(0, 2)).Build();
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        var row = new RowSet(new RowId(0, Branch.Unconditional));
        foreach (var expected in new[] { 1.5f, 1.5f, 1.875f, 1.875f })
        {
            session.Advance(TestContext.Current.CancellationToken);
            using var kept = watched.Store!.Get(new("momentum"), row).Value;
            Assert.Equal(expected, kept.Floats().Distinct().Single());
        }
    }

    [Fact]
    public void TheFirstStepsOfZeroStarLeaveTheLatentsWhereTheyAre()
    {
        using var network = new ChainToy();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = Sampler.For(network).FlowEuler(6).Use(new ClassifierFreeZeroStarGuidance(3, 2)).Use(GuidanceInterval.Share(0.5, 1)).Use(new GuidanceRescale(0.7)).Build().Start(request);
        var start = session.Latents.Floats();
        for (var k = 0; k < 3; k++)
        {
            session.Advance(TestContext.Current.CancellationToken);
            Assert.Equal(k < 2, start.SequenceEqual(session.Latents.Floats()));
        }

        Assert.All(session.Latents.Floats(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void RescaleBringsBackTheSpreadOfTheCondition()
    {
        using var scope = NewDisposeScope();
        var (cond, uncond) = (Toy.Matrix(3, 1, 1, 1, 4, 4), Toy.Matrix(4, 1, 1, 1, 4, 4));
        using var network = Branches((r, _) => r.Branch == Branch.Unconditional ? uncond : cond);
        var replay = new Replay([zeros(1, 1, 4, 4)]);
        replay.Run(network, new ClassifierFreeGuidance(6), new GuidanceRescale(1));
        Assert.Equal(Deviation(cond.Floats()), Deviation(replay.Outputs[0]), 1e-5);
        cond.Dispose();
        uncond.Dispose();
    }

    private static double Deviation(float[] values)
    {
        var mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    private static Tensor Halves(RowId row, Tensor x)
    {
        var half = zeros_like(x);
        half.view(-1).narrow(0, row.Branch == Branch.Unconditional ? 8 : 0, 8).fill_(1);
        return half;
    }

    private static double Single(IDenoiser network, params IStrategy[] strategies)
    {
        using var scope = NewDisposeScope();
        var replay = new Replay([zeros(1, 1, 4, 4)]);
        replay.Run(network, strategies);
        return replay.Outputs[0].Distinct().Single();
    }

    private static IDenoiser Branches(Func<RowId, Tensor, Tensor> output) =>
        Denoiser.From(Toy.Info("branches"), (x, _, _, e) => cat([.. e.Rows.Select((r, i) => output(r, x[i].unsqueeze(0)))], 0));
}
