namespace Acceleration.Tests.Caching.Contract;

/// <summary>A strategy as the tests that hold for all of them use it: on a guided transformer of three blocks, ten steps.</summary>
/// <param name="Active">A setting that skips something there.</param>
/// <param name="Neutral">A setting that skips nothing: bit-identical to no strategy.</param>
/// <param name="Held">Bytes remembered after the run for a number of samples, as documented.</param>
internal sealed record KnownStrategy(IStrategy Active, IStrategy Neutral, Func<long, long> Held)
{
    public const int Steps = 10;

    private const long Latent = 4 * 16;
    private const long Tokens = 4 * 16 * 8;
    private static readonly int[] Every = [.. Enumerable.Range(0, Steps)];
    private static readonly Polynomial Parabola = new(2);

    /// <summary>All of them: a strategy that arrives joins by a line here.</summary>
    public static IReadOnlyDictionary<string, KnownStrategy> All { get; } = new Dictionary<string, KnownStrategy>
    {
        // xPrev, xFull and vFull of the conditional branch, a residual for each branch, and two numbers.
        ["EasyCache"] = new(new EasyCache(0.4, 2), new EasyCache(0, 2), s => s * ((5 * Latent) + 8)),
        ["EasyCache, output"] = new(new EasyCache(0.4, 2) { Reuse = Quantity.Output }, new EasyCache(0) { Reuse = Quantity.Output }, s => s * ((5 * Latent) + 8)),
        ["DeltaDiT"] = new(new DeltaDiT(2, 2) { End = CachedEnd.Rear }, new DeltaDiT(1, 2) { End = CachedEnd.Rear }, s => 2 * s * Tokens),
        ["DeltaDiT, switch"] = new(new DeltaDiT(3, 2, 5), new DeltaDiT(3, 0, 5), s => 2 * 2 * s * Tokens),
        ["IntervalForecast"] = new(new IntervalForecast(2), new IntervalForecast(1), s => 2 * s * Latent),
        ["StepForecast"] = new(new StepForecast([0, 1, 3, 6], 2), new StepForecast(Every, 2), s => 3 * s * Latent),
        ["AdaptiveGuidance"] = new(new AdaptiveGuidance(-1) { Warmup = 3 }, new AdaptiveGuidance(1.5), _ => 0),
        ["AdaptiveGuidance, hold"] = new(new AdaptiveGuidance(-1) { Warmup = 3, Tail = GuidanceTail.HoldDelta }, new AdaptiveGuidance(1.5) { Tail = GuidanceTail.HoldDelta }, s => s * Latent),
        ["AdaptiveGuidance, extrapolate"] = new(
            new AdaptiveGuidance(-1) { Warmup = 3, Tail = GuidanceTail.ExtrapolateDelta }, new AdaptiveGuidance(1.5) { Tail = GuidanceTail.ExtrapolateDelta }, s => 2 * s * Latent),
        ["blocks, last value"] = new(
            new Cached(Where.Blocks, new Interval(2), How.LastValue), new Cached(Where.Blocks, new Interval(1), How.LastValue), s => 3 * 2 * s * Tokens),
        ["attention, parabola"] = new(
            new Cached(Where.Attention, new Interval(3, 3), new How(Quantity.Output, Parabola, Abscissa.LogSnr)),
            new Cached(Where.Attention, new AtSteps(Every), new How(Quantity.Output, Parabola, Abscissa.LogSnr)),
            s => 3 * 3 * 2 * s * Tokens),
        ["feed-forward, drift"] = new(
            new Cached(Where.FeedForward, new InputOutputDrift(0.3, 3), How.LastResidual),
            new Cached(Where.FeedForward, new InputOutputDrift(0, 3), How.LastResidual),
            s => 3 * s * ((5 * Tokens) + 8)),
        ["chain, drift"] = new(
            new Cached(Where.Chain, new InputOutputDrift(0.3, 3), new How(Quantity.Residual, new Polynomial(1), Abscissa.Step)),
            new Cached(Where.Chain, new InputOutputDrift(0, 3), How.LastResidual),
            s => s * ((7 * Tokens) + 8)),
        ["prediction, drift"] = new(
            new Cached(Where.Prediction, new InputOutputDrift(0.4, 3), How.Linear(Abscissa.Step)),
            new Cached(Where.Prediction, new InputOutputDrift(0), How.LastResidual),
            s => s * ((5 * Latent) + 8)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public bool NeedsGuidance => Active.Needs.UnconditionalBranch;

    /// <summary>A guided sampler with the strategy, or plain guidance without one. Fresh noise in every step.</summary>
    public static Sampler Guided(IDenoiser network, params IStrategy?[] strategies) => With(Sampler.For(network).FlowEuler(Steps, stochastic: true).Guidance(2.5), strategies).Build();

    public static SamplerBuilder With(SamplerBuilder builder, params IStrategy?[] strategies)
    {
        foreach (var strategy in strategies.OfType<IStrategy>())
        {
            builder.Use(strategy);
        }

        return builder;
    }
}
