using Acceleration.Tests.Caching.Contract;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core.Faults;

/// <summary>A network and the strategies on it, with a saboteur among them.</summary>
/// <param name="Network">Makes the network.</param>
/// <param name="Condition">Makes the condition of two samples.</param>
/// <param name="Solve">The solver and its stages.</param>
/// <param name="Strategies">What is stacked.</param>
internal sealed record FaultStack(Func<IToy> Network, Func<Conditioning> Condition, Func<SamplerBuilder, SamplerBuilder> Solve, params IStrategy[] Strategies)
{
    public static IReadOnlyDictionary<string, FaultStack> All { get; } = Extra().Concat(KnownStrategy.All.Select(k => (k.Key, new FaultStack(() => k.Value.Network(), Labels, Ten, k.Value.Active)))).ToDictionary(s => s.Item1, s => s.Item2);

    /// <summary>The sampler; guided, with fresh noise in every step where the stages leave that open.</summary>
    public Sampler Build(IToy network, FaultSource faults) =>
        KnownStrategy.With(Solve(Sampler.For(network)).Guidance(2.5), [.. Strategies, new Saboteur(faults, network.Info, Strategies)]).Build();

    private static IEnumerable<(string, FaultStack)> Extra()
    {
        yield return ("guidance alone", OnChain(b => b.FlowEuler(3, stochastic: true)));
        yield return ("separate branches", OnChain(b => Ten(b).SeparateBranches(), new EasyCache(2.5, 2)));
        yield return ("ancestral DDIM", new(() => new ChainToy(2, PredictionType.Epsilon), Labels, b => b.Ddim(6, eta: 1), new IntervalForecast(2)));
        yield return ("bottleneck", OnChain(b => b.Bottleneck([new(1, 3), new(0.5, 4, 0.8), new(1, 4, 0.7)]), new IntervalForecast(2, Warmup: 2)));
        yield return ("upsampling", OnChain(b => b.Upsampling([new(0.5, 4, 0.3), new(1, 4, 1)]), new Cached(Where.Blocks, new Interval(2), How.LastResidual)));
        yield return ("cuts of a UNet", new(() => new UNetToy(), Labels, Ten, new Cached(Where.Cut(0), new Interval(2), How.LastResidual)));
        yield return ("two streams", new(() => new TwoStreamToy(), () => TwoStreamToy.Text(2), Ten, new Cached(Where.Blocks, new Interval(2), How.LastResidual)));
        yield return ("a budget", OnChain(b => Ten(b).CacheBudget(5000), new Cached(Where.Blocks, new Interval(2), How.LastValue)));
    }

    private static FaultStack OnChain(Func<SamplerBuilder, SamplerBuilder> solve, params IStrategy[] strategies) => new(() => new ChainToy(), Labels, solve, strategies);

    private static Conditioning Labels() => Conditioning.Labels(0, 1);

    private static SamplerBuilder Ten(SamplerBuilder builder) => builder.FlowEuler(KnownStrategy.Steps, stochastic: true);
}
