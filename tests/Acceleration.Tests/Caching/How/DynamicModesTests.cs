using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

public sealed class DynamicModesTests : CoreTest
{
    private const int Steps = 16;

    private static readonly StaticWhen EveryOther = new Interval(2, ForceLast: false);

    /// <summary>Fixed patterns of 16 numbers.</summary>
    private static readonly double[][] Patterns = [.. Enumerable.Range(40, 3).Select(seed => new Random(seed)).Select(random => Enumerable.Range(0, 16).Select(_ => random.NextDouble() - 0.5).ToArray())];

    [Fact]
    public void ConstantsAndDecaysAreExactAtAnyHorizon()
    {
        Assert.True(Error(new(Quantity.Output), EveryOther, _ => [1]) < 1e-5);
        Assert.True(Error(new(Quantity.Output), EveryOther, i => [Math.Pow(0.9, i)]) < 1e-5);
        Assert.True(Error(new(Quantity.Output), EveryOther, i => [Math.Pow(0.9, i), Math.Pow(0.5, i)]) < 1e-4);
        // The last four lie evenly, then come steps 1 to 7 behind them.
        Assert.True(Error(new(Quantity.Output), new AtSteps(0, 2, 4, 6, 8), i => [Math.Pow(0.95, i), Math.Pow(0.6, i)], from: 9) < 1e-4);
    }

    [Fact]
    public void WhatTurnsGoesOnTurning()
    {
        double[] Turning(int i) => [Math.Cos(0.3 * i), Math.Sin(0.3 * i)];
        Assert.True(Error(new(Quantity.Output), EveryOther, Turning, from: 7) < 1e-4);
        Assert.True(Error(new(Quantity.Output), new AtSteps(0, 2, 4, 6, 8), Turning, from: 9) < 1e-4);
    }

    [Fact]
    public void WhatGrowsIsHeldUnlessItMayGrow()
    {
        double[] Growing(int i) => [Math.Pow(1.1, i)];
        Assert.True(Error(new(Quantity.Output) { Grows = true }, EveryOther, Growing, from: 7) < 1e-4);
        Close.All(Made(new(Quantity.Output), EveryOther, Growing)[6], Made(new(Quantity.Output), EveryOther, Growing)[7], 1e-4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void FewOrUnevenSnapshotsGiveAPolynomial(int order)
    {
        double[] Any(int i) => [Math.Sin(i), Math.Sqrt(i), i % 3];
        foreach (var steps in new AtSteps[] { new(0, 2, 4), new(0, 1, 3, 4, 6, 7, 9, 10, 12) })
        {
            var expected = Run(new How(Quantity.Output, new Polynomial(order), Abscissa.Step), steps, Any);
            var made = Run(new DynamicModes(Quantity.Output) { Order = order }, steps, Any);
            Assert.All(expected.Zip(made), p => Close.All(p.First, p.Second, 1e-3));
        }
    }

    [Fact]
    public void NothingFiniteIsMadeOfZeros() => Assert.Equal(0, Error(new(Quantity.Output), EveryOther, _ => [0]));

    [Fact]
    public void ABatchIsItsSamplesAloneAndIsReadOncePerComputedStep()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(20).Guidance(2).Use(new Cached(Where.Chain, new Interval(3, ForceLast: false), new DynamicModes(Quantity.Residual))).Build();
        var (both, trace) = Toy.Run(sampler, 2);
        var (one, _) = Toy.Run(sampler);

        Close.All(one, both[..one.Length]);
        // Computed are 0, 3, 6, ... 18; four of them are there from step 9 on.
        Assert.Equal([10, 13, 16, 19], trace.Steps.Where(s => s.HostReads > 0 && s.Step.Index < 19).Select(s => s.Step.Index).Append(19));
    }

    [Fact]
    public void EigenvectorsAreThoseOfTheMatrix()
    {
        var random = new Random(3);
        for (var n = 1; n <= 8; n++)
        {
            var matrix = new double[n, n];
            for (var i = 0; i < n * n; i++)
            {
                matrix[i / n, i % n] = random.NextDouble() - 0.5;
            }

            var (values, vectors) = Eigenvectors.Of(matrix);
            for (var k = 0; k < n; k++)
            {
                for (var i = 0; i < n; i++)
                {
                    var image = Enumerable.Range(0, n).Aggregate(System.Numerics.Complex.Zero, (sum, j) => sum + (matrix[i, j] * vectors[j, k]));
                    Assert.True(System.Numerics.Complex.Abs(image - (values[k] * vectors[i, k])) < 1e-10, $"{n}: {k}");
                }
            }
        }
    }

    private static double Error(DynamicModes modes, StaticWhen when, Func<int, double[]> parts, int from = 0)
    {
        var made = Made(modes, when, parts);
        // Before four snapshots are there a line goes through the last two.
        return Enumerable.Range(0, Steps).Where(i => i >= Math.Max(from, 7)).Max(i => made[i].Zip(Sum(parts(i)), (a, b) => Math.Abs(a - b)).Max());
    }

    private static float[][] Made(DynamicModes modes, StaticWhen when, Func<int, double[]> parts) => Run(modes, when, parts);

    private static float[][] Run(IHow how, StaticWhen when, Func<int, double[]> parts)
    {
        using var network = Denoiser.From(Toy.Info("modes"), (x, t, _) => tensor(Sum(parts((int)Math.Round(Steps * (1 - (t.Floats()[0] / 1000.0)))))).view(1, 1, 4, 4).to(x.device));
        var replay = new Replay([.. Enumerable.Range(0, Steps).Select(_ => zeros(1, 1, 4, 4))]);
        replay.Run(network, new Cached(Where.Network, when, how));
        return [.. replay.Outputs];
    }

    private static float[] Sum(double[] parts) => [.. Enumerable.Range(0, 16).Select(p => (float)parts.Select((a, k) => a * Patterns[k][p]).Sum())];
}
