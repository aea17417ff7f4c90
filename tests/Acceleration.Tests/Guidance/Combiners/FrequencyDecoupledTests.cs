using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>Guidance by frequency where the reference cannot go, or goes wrong.</summary>
public sealed class FrequencyDecoupledTests
{
    /// <summary>Powers of two, none, one odd side, video.</summary>
    public static TheoryData<long[]> Sizes { get; } = [new long[] { 2, 8, 16 }, new long[] { 1, 6, 12 }, new long[] { 3, 8, 7 }, new long[] { 2, 9, 5 }, new long[] { 2, 3, 8, 10 }];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EqualScalesArePlainGuidance(long[] size)
    {
        using var scope = NewDisposeScope();
        using var network = Noisy(size);
        Assert.All([1, 2], levels => Near(Output(network, size, new ClassifierFreeGuidance(4)), Output(network, size, new FrequencyDecoupledGuidance([.. Enumerable.Repeat(new FrequencyLevel(4), levels)]))));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ALevelThatIsOffIsTheConditions(long[] size)
    {
        using var scope = NewDisposeScope();
        using var network = Noisy(size);
        // The sum of both pictures, of which each guides one level, is the condition and plain guidance.
        var (fine, coarse) = (Output(network, size, FrequencyDecoupledGuidance.At(4, 1)), Output(network, size, FrequencyDecoupledGuidance.At(1, 4)));
        var (plain, cond) = (Output(network, size, new ClassifierFreeGuidance(4)), Output(network, size));
        Near([.. plain.Zip(cond, (a, b) => a + b)], [.. fine.Zip(coarse, (a, b) => a + b)]);
        Assert.NotEqual(fine, coarse);
    }

    [Fact]
    public void LevelsHaveIntervalsOfTheirOwn()
    {
        using var scope = NewDisposeScope();
        long[] size = [1, 8, 8];
        using var network = Noisy(size);
        var replay = new Replay([.. Enumerable.Repeat(zeros([2, .. size]), 4)]);
        var trace = replay.Run(network, new FrequencyDecoupledGuidance([new(4) { Stop = 0.25 }, new(3) { Start = 0.5, Stop = 0.75 }]));
        Assert.Equal([4, 2, 4, 2], trace.Steps.Select(s => s.ComputedRows));
        var cond = Output(network, size);
        Near(Output(network, size, FrequencyDecoupledGuidance.At(4, 1)), replay.Outputs[0]);
        Assert.Equal(cond, replay.Outputs[1]);
        Near(Output(network, size, FrequencyDecoupledGuidance.At(1, 3)), replay.Outputs[2]);
        Assert.Equal(cond, replay.Outputs[3]);
    }

    [Fact]
    public void TooManyLevelsAreRefusedWithTheSize()
    {
        using var scope = NewDisposeScope();
        long[] size = [1, 4, 8];
        using var network = Noisy(size);
        var error = Assert.Throws<SamplingException>(() => Output(network, size, FrequencyDecoupledGuidance.At(4, 3, 2)));
        Assert.Contains("4 × 8 are too small for a pyramid of 3 levels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LevelsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => FrequencyDecoupledGuidance.At());
        Assert.Throws<ArgumentException>(() => new FrequencyDecoupledGuidance([.. Enumerable.Repeat(new FrequencyLevel(2), 17)]));
        Assert.Throws<ArgumentException>(() => new FrequencyDecoupledGuidance([null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrequencyDecoupledGuidance.At(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrequencyLevel(2) { Rescale = 1.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrequencyLevel(2) { Start = -0.1 });
    }

    [Fact]
    public void LatentsWithoutHeightAndWidthAreRefused()
    {
        using var network = Denoiser.From(Toy.Info("sequence", size: [4, 16]), (x, _, _) => x);
        Assert.Contains("height and width", Assert.Throws<StrategyConflictException>(() => KnownCombiner.On(network, FrequencyDecoupledGuidance.At(4, 3))).Message, StringComparison.Ordinal);
    }

    private static float[] Output(IDenoiser network, long[] size, params IStrategy[] strategies)
    {
        var replay = new Replay([zeros([2, .. size])]);
        replay.Run(network, strategies);
        return replay.Outputs[0];
    }

    private static void Near(float[] expected, float[] actual)
    {
        var bound = 1e-6 * expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, bound));
    }

    /// <summary>The same noise in every step, another for each sample and branch.</summary>
    private static IDenoiser Noisy(long[] size)
    {
        using var generator = new Generator(8);
        var noise = randn([2, 2, .. size], generator: generator);
        return Denoiser.From(Toy.Info("noisy", size: size), (_, _, _, e) => stack([.. e.Rows.Select(r => noise[r.Sample][r.Branch])], 0));
    }
}
