using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>A decision that is known before the run is a list of steps and nothing else: equal lists, schedules and tables give equal runs.</summary>
public sealed class StaticMaskTests
{
    private static readonly Dictionary<string, StaticWhen> All = Recombination.Decisions.OfType<StaticWhen>().ToDictionary(w => w.Tag);

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheListOfItsStepsGivesTheSameRunBitForBit(string name)
    {
        var when = All[name];
        using var network = new ChainToy();
        foreach (var shift in new[] { 1.0, 3 })
        {
            Trace Run(StaticWhen by, out float[] values)
            {
                (values, var trace) = Toy.Run(Sampler.For(network).FlowEuler(Recombination.Steps, shift: shift).Guidance(2).Use(new Cached(Where.Blocks, by, How.Linear(Abscissa.Step))).Build(), 2);
                return trace;
            }

            var trace = Run(when, out var expected);
            var computed = trace.Steps.Where(s => !s.Decisions[0].Skip).Select(s => s.Step.Index).ToArray();
            Assert.InRange(computed.Length, 1, Recombination.Steps - 1);
            var listed = Run(new AtSteps(computed), out var values);
            Assert.Equal(expected, values);
            Assert.Equal(RequestTests.Decisions(trace), RequestTests.Decisions(listed));
            Assert.Equal(trace.MultiplyAdds, listed.MultiplyAdds);
            Assert.Equal(trace.Steps.Select(s => s.CacheBytes), listed.Steps.Select(s => s.CacheBytes));
        }
    }

    /// <summary>Neither latents, samples, network, place nor approximation have a say.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ItsMaskFollowsFromTheScheduleAlone(string name)
    {
        var when = All[name];
        using var chain = new ChainToy();
        using var unet = new UNetToy();
        string Mask(IDenoiser network, Where where, IHow how, int samples, long seed)
        {
            var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Recombination.Steps).Use(new Cached(where, when, how)).Build(), samples, seed);
            return EasyCacheTests.Skips(trace, samples - 1);
        }

        string[] masks =
        [
            Mask(chain, Where.Network, How.LastValue, 1, 5), Mask(chain, Where.Chain, How.LastResidual, 3, 5), Mask(chain, Where.Prediction, How.Linear(), 2, 77), Mask(unet, Where.Network, How.LastResidual, 2, 5),
            Mask(unet, Where.Cut(0), How.LastValue, 1, 99),
        ];
        Assert.Single(masks.Distinct());
        Assert.Contains('s', masks[0]);
        Assert.Equal(Recombination.Steps, masks[0].Length);
    }

    /// <summary>The same mask by other means.</summary>
    [Fact]
    public void EqualMasksAreEqualWhateverTheyComeFrom()
    {
        using var network = new ChainToy();
        string Mask(IWhen when) => EasyCacheTests.Skips(Toy.Run(Sampler.For(network).FlowEuler(12).Use(new Cached(Where.Network, when, How.LastValue)).Build()).Trace);

        Assert.Equal("CssCssCssCsC", Mask(new Interval(3, ForceLast: true)));
        IWhen[] same =
        [
            new AtSteps(0, 3, 6, 9, 11), new Both(new Interval(3), new AtSteps(0, 9)), new Masked(new Interval(3, ForceLast: false), new InputChange(1e9)), new InputChange(1e9) { MaxSkip = 2 },
        ];
        foreach (var when in same)
        {
            Assert.True(Mask(new Interval(3)) == Mask(when), $"{when.Tag}: {Mask(when)}");
        }
    }
}
