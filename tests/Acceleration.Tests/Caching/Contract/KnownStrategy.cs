namespace Acceleration.Tests.Caching.Contract;

/// <summary>A strategy as the tests that hold for all of them use it: on a guided transformer of three blocks, ten steps.</summary>
/// <param name="Active">A setting that skips something there.</param>
/// <param name="Neutral">A setting that skips nothing: bit-identical to no strategy.</param>
/// <param name="Held">Bytes remembered after the run for a number of samples, as documented.</param>
/// <param name="Spares">Whether it does less than plain guidance: guidance that asks for branches of its own does more.</param>
/// <param name="BeginsWhole">Whether the first step of a stage does all the work: what lives on the past must, what needs none need not.</param>
/// <param name="CountsOverRun">Whether it counts steps over the whole run (<see cref="StepInfo.RunIndex"/>), so that a stage may have nothing for it to do.</param>
/// <param name="DrawsAnew">Whether it goes on with other random numbers where nothing may be remembered, so that its result is that of no setting.</param>
internal sealed record KnownStrategy(IStrategy[] Active, IStrategy[] Neutral, Func<long, long> Held, bool BeginsWhole = true, bool Spares = true, bool CountsOverRun = false, bool DrawsAnew = false)
{
    public const int Steps = 10;

    private const long Latent = 4 * 16;
    private const long Tokens = 4 * 16 * 8;
    private const long Numbers = 8;
    private static readonly int[] Every = [.. Enumerable.Range(0, Steps)];
    private static readonly How Clean = new(Quantity.Clean, new Polynomial(1), Abscissa.Step);
    private static readonly How Parabola = new(Quantity.Output, new Polynomial(2), Abscissa.LogSnr);

    /// <summary>All of them, and pairs: what arrives joins by a line here.</summary>
    public static IReadOnlyDictionary<string, KnownStrategy> All { get; } = new Dictionary<string, KnownStrategy>
    {
        // xPrev, xFull and vFull of the conditional branch, a residual for each branch, and two numbers.
        ["EasyCache"] = new([new EasyCache(2.5, 2)], [new EasyCache(0, 2)], s => s * ((5 * Latent) + Numbers)),
        ["EasyCache of outputs"] = new([new EasyCache(2.5, 2) { Reuse = Quantity.Output }], [new EasyCache(0) { Reuse = Quantity.Output }], s => s * ((5 * Latent) + Numbers)),
        // Numbers and one in 8 elements of xFull and vFull, and the increments.
        ["EasyCache since computed"] = new([new EasyCache(2.5, 2) { SinceComputed = true, Stride = 8, Apart = true }], [new EasyCache(0) { SinceComputed = true, Stride = 8 }], s => s * ((2 * Latent) + (2 * (Latent / 4)) + (2 * Numbers))),
        ["LazyCache"] = new([new LazyCache(3)], [new LazyCache(0)], s => s * (Latent + (Latent / 4) + Numbers)),
        ["UCache"] = new([new UCache(20, 0.4)], [new UCache(0)], s => s * ((5 * Latent) + Numbers + 4)),
        ["UCache since computed"] = new([new UCache(20, 0.4) { SinceComputed = true, Decay = 0.9 }], [new UCache(0) { SinceComputed = true }], s => s * ((4 * Latent) + Numbers + 4)),
        ["Spectrum"] = new([new Spectrum(3, 2)], [new Spectrum(4, 1, 0)], s => 6 * s * Latent),
        ["Spectrum as published"] = new([new Spectrum { Published = true }], [new Spectrum(10) { Published = true }], s => 6 * s * Latent),
        ["PreciseCache"] = new([new PreciseCache(100, 2, 2)], [new PreciseCache(0)], s => s * ((2 * Latent) + (Latent / 4) + 4)),
        ["network, input change"] = new([new Cached(Where.Network, new InputChange(2, 2), How.LastValue)], [new Cached(Where.Network, new InputChange(0), How.LastValue)], s => s * 3 * Latent),
        // One increment for each range that steps to come may need.
        ["DeltaDiT"] = new([new DeltaDiT(2, 2) { End = CachedEnd.Rear }], [new DeltaDiT(1, 2) { End = CachedEnd.Rear }], s => 2 * s * Tokens),
        ["DeltaDiT with a switch"] = new([new DeltaDiT(3, 2, 5)], [new DeltaDiT(3, 0, 5)], s => 2 * 2 * s * Tokens),
        ["IntervalForecast"] = new([new IntervalForecast(2)], [new IntervalForecast(1)], s => 2 * s * Latent),
        ["StepForecast"] = new([new StepForecast([0, 1, 3, 6], 2)], [new StepForecast(Every, 2)], s => 3 * s * Latent),
        // Increments of both branches; the signal of the step before, or what the first block added when the rest was last computed, of the conditional one.
        ["TeaCache"] = new([new TeaCache(0.5, [1, 0])], [new TeaCache(0, [1, 0])], s => 3 * s * Tokens),
        ["TeaCache by time, apart"] = new([new TeaCache(0.5, [2, 0.05]) { On = Signal.TimeEmbedding, Apart = true, Clamps = true }], [new TeaCache(0, [1, 0]) { On = Signal.TimeEmbedding }], s => 2 * s * (Tokens + (8 * 4))),
        ["FirstBlockCache"] = new([new FirstBlockCache(1) { Warmup = 2, MaxSkip = 2 }], [new FirstBlockCache(0)], s => 3 * s * Tokens),
        ["FirstBlockCache apart"] = new([new FirstBlockCache(1) { Tail = 1, Apart = true }], [new FirstBlockCache(0) { Apart = true }], s => 4 * s * Tokens),
        ["DBCache"] = new([new DBCache(1, 1, 1) { Warmup = 2, MaxSkipped = 3 }], [new DBCache(0, 1, 1)], s => 3 * s * Tokens),
        ["MagCache"] = new([new MagCache(10, [1, 1.1, 0.9], 2)], [new MagCache(0, [1])], s => 2 * s * Tokens),
        // Two increments and what the first block added to them, of both branches, and the probe before; one where only the last step is computed again.
        ["DiCache"] = new([new DiCache(100)], [new DiCache(0)], s => 9 * s * Tokens),
        ["DiCache by difference"] = new([new DiCache(100, 2, 0) { Difference = true }], [new DiCache(0) { Difference = true }], s => 6 * s * Tokens),
        // Three increments of both branches, and three of the first block.
        ["SpeCa"] = new([new SpeCa(100, Max: 2)], [new SpeCa(0)], s => 9 * s * Tokens),
        // Of each sample: the newest output, latents of two steps and three gradients; with clean samples those of steps 1, 4 and 7.
        ["Sada"] = new([new Sada(3, 9) { LagrangeFrom = 3, LagrangeEvery = 3 }], [new Sada(5, 5)], s => 9 * s * Latent),
        ["Sada as published"] = new([new Sada(3, 9) { LagrangeFrom = 4, Published = true }], [new Sada(9, 3) { Published = true }], s => 6 * s * Latent),
        ["extrapolated"] = new([new Cached(Where.Prediction, new Interval(2), new AdamsMoulton())], [new Cached(Where.Prediction, new Interval(1), new AdamsMoulton())], s => 6 * s * Latent),
        ["clean samples, line"] = new([new Cached(Where.Prediction, new Interval(2), Clean)], [new Cached(Where.Prediction, new Interval(1), Clean)], s => 2 * s * Latent),
        // Attention and feed-forward part of each block and branch; with a line two of each.
        ["Fora"] = new([new Fora(2)], [new Fora(1)], s => 3 * 2 * 2 * s * Tokens),
        ["ActionHeadCache"] = new([new ActionHeadCache(5)], [new ActionHeadCache(1)], s => 3 * 2 * 2 * s * Tokens),
        ["TaylorSeer"] = new([new TaylorSeer(3)], [new TaylorSeer(1)], s => 3 * 2 * 2 * 2 * s * Tokens),
        ["TaylorSeer, published, at the chain"] = new([new TaylorSeer(3, 2) { Published = true, Where = Where.Chain }], [new TaylorSeer(1, 2) { Where = Where.Chain }], s => 3 * 2 * s * Tokens),
        ["HiCache"] = new([new HiCache(3)], [new HiCache(1)], s => 3 * 2 * 2 * 3 * s * Tokens),
        ["SmoothCache"] = new(
            [new SmoothCache([new(Where.Attention, [0, 3, 6, 9]), new(Where.FeedForward, [0, 4, 9])])], [new SmoothCache([new(Where.Attention, Every), new(Where.FeedForward, Every)])], s => 3 * 2 * 2 * s * Tokens),
        ["BlockAdaptiveCaching"] = new(
            [new BlockAdaptiveCaching([new(Where.Branches.OnlyBlocks(0), [0, 5]), new(Where.Branches.OnlyBlocks(1, 2), [0, 2, 7])])], [new BlockAdaptiveCaching([new(Where.Branches, Every)])], s => 3 * 2 * 2 * s * Tokens),
        ["UnifiedLayerSkipping"] = new([new UnifiedLayerSkipping(2, 2)], [new UnifiedLayerSkipping(1, 2)], s => 2 * s * Tokens),
        ["PyramidAttentionBroadcast"] = new([new PyramidAttentionBroadcast(2) { Gated = false, Below = 950 }], [new PyramidAttentionBroadcast(1) { Gated = false }], s => 3 * 2 * s * Tokens),
        ["AdaptiveGuidance"] = new([Ending()], [new AdaptiveGuidance(1.5)], _ => 0),
        ["AdaptiveGuidance holding"] = new([Ending(GuidanceTail.HoldDelta)], [new AdaptiveGuidance(1.5) { Tail = GuidanceTail.HoldDelta }], s => s * Latent),
        ["AdaptiveGuidance extrapolating"] = new([Ending(GuidanceTail.ExtrapolateDelta)], [new AdaptiveGuidance(1.5) { Tail = GuidanceTail.ExtrapolateDelta }], s => 2 * s * Latent),
        ["GuidanceInterval"] = new([GuidanceInterval.Share(0.2, 0.7)], [GuidanceInterval.Share(0, 1)], _ => 0, false),
        ["StepAG"] = new([new StepAG(0.5)], [new StepAG(1)], _ => 0),
        ["GuidanceInterval + AdaptiveGuidance"] = new([GuidanceInterval.Steps(1, 8), Ending()], [GuidanceInterval.Steps(0), new AdaptiveGuidance(1.5)], _ => 0, false),
        ["IntervalForecast + DualFast"] = new([new IntervalForecast(2), new DualFast(0.3)], [new IntervalForecast(1), new DualFast(0)], s => 3 * s * Latent),
        ["IntervalForecast + DualFast from the first step"] = new(
            [new IntervalForecast(2), new DualFast(0.3) { Lag = null, Course = MixWeight.Constant, Part = MixedPart.All }], [new IntervalForecast(1), new DualFast(0) { Lag = null }], s => 3 * s * Latent),
        ["CfgCache"] = new([new CfgCache(3) { SkipBelow = 2000 }], [new CfgCache(1)], s => 2 * s * Latent),
        ["CfgCache compounding"] = new([new CfgCache(4) { SkipBelow = 2000, Compounding = true }], [new CfgCache(1) { Compounding = true }], s => 2 * s * Latent),
        // The batch shrinks and grows: the increment of a row stays in the batch it came in.
        ["CfgCache + EasyCache"] = new([new CfgCache(2) { SkipBelow = 2000 }, new EasyCache(2.5, 2)], [new CfgCache(1), new EasyCache(0)], s => s * ((8 * Latent) + Numbers)),
        ["SkipLayerGuidance"] = new([Skipping], [Skipping with { Scale = 0 }], _ => 0, Spares: false),
        ["PerturbedAttentionGuidance"] = new([Perturbing], [Perturbing with { Scale = 0 }], _ => 0, Spares: false),
        ["SmoothedEnergyGuidance + blocks"] = new(
            [Blurring, new Cached(Where.Blocks, new Interval(2), How.LastValue)],
            [Blurring with { Scale = 0 }, new Cached(Where.Blocks, new Interval(1), How.LastValue)],
            s => 3 * 3 * s * Tokens, Spares: false),
        ["SkipLayerGuidance + PerturbedAttentionGuidance + EasyCache"] = new(
            [Skipping, Perturbing, new EasyCache(2.5, 2)], [Skipping with { Scale = 0 }, Perturbing with { Scale = 0 }, new EasyCache(0)], s => s * ((7 * Latent) + Numbers), Spares: false),
        ["SkipLayerGuidance + DeltaDiT"] = new(
            [Skipping, new DeltaDiT(2, 2) { End = CachedEnd.Rear }], [Skipping with { Scale = 0 }, new DeltaDiT(1, 2) { End = CachedEnd.Rear }], s => 3 * s * Tokens, Spares: false),
        ["ToMeSD"] = new([new ToMeSD(0.5) { Parts = MergedParts.Attention | MergedParts.FeedForward }], [new ToMeSD(0)], _ => 0, false),
        // The slot of each token and the token of each slot, for each block and row.
        ["ToMeSD kept for steps"] = new([new ToMeSD(0.5) { Every = 4 }], [new ToMeSD(0) { Every = 4 }], s => 3 * 2 * s * (16 + 8) * 8, false, DrawsAnew: true),
        ["ToMeSD shared by blocks"] = new([new ToMeSD(0.5) { Blocks = 2 }], [new ToMeSD(0) { Blocks = 2 }], s => 2 * 2 * s * (16 + 8) * 8, false, DrawsAnew: true),
        // As Sada, the scores, and the tokens of each block and row.
        ["SadaTokens"] = new([new SadaTokens(2, 2, 1, 1) { From = 3, To = 9 }], [new SadaTokens(2, 2) { From = 3, To = 9 }], s => (7 * s * Latent) + (3 * 2 * s * Tokens), false),
        ["GratB"] = new([new GratB(0) { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }], [new GratB { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }], _ => 0, false),
        ["GratX"] = new([new GratX { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }], [new GratX()], _ => 0, false),
        ["GratX + blocks"] = new(
            [new GratX { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }, new Cached(Where.Blocks, new Interval(2), How.LastValue)],
            [new GratX(), new Cached(Where.Blocks, new Interval(1), How.LastValue)],
            s => 3 * 2 * s * Tokens, false),
        // The correction of the unconditional branch.
        ["correction, last residual"] = new([new Cached(Where.Correction, new Interval(3), How.LastResidual)], [new Cached(Where.Correction, new Interval(1), How.LastResidual)], s => s * Latent),
        ["correction, line"] = new(
            [new Cached(Where.CorrectionOf(Branch.Unconditional), new Interval(3, 2), new How(Quantity.Residual, new Polynomial(1)))],
            [new Cached(Where.CorrectionOf(Branch.Unconditional), new Interval(1), new How(Quantity.Residual, new Polynomial(1)))],
            s => 2 * s * Latent),
        // xPrev, xFull and the correction as vFull, and it once more for making others.
        ["correction, drift"] = new([Drifting(Where.Correction, 3)], [Drifting(Where.Correction, 0)], s => s * ((4 * Latent) + Numbers)),
        ["correction + EasyCache"] = new([new Cached(Where.Correction, new Interval(2), How.LastResidual), new EasyCache(2.5, 2)], [new Cached(Where.Correction, new Interval(1), How.LastResidual), new EasyCache(0)], s => s * ((6 * Latent) + Numbers)),
        // The last two attentions of both branches in three blocks, and both bands of the correction. Where the unconditional branch is left out, its attentions stay in the batch they came in.
        ["FasterCache"] = new(
            [new FasterCache(2, 3) { AttentionBelow = 2000, CorrectionBelow = 2000 }], [new FasterCache(1, 1)], s => (3 * 2 * 2 * s * Tokens) + (2 * s * Latent)),
        ["FasterCache as in diffusers"] = new(
            [new FasterCache(3, 4) { AttentionBelow = 2000, CorrectionBelow = 2000, Chained = true, Weight = 0.3 }], [new FasterCache(1, 1) { Chained = true }], s => (3 * 5 * s * Tokens) + (2 * s * Latent)),
        // The correction of the last computed step, for the rate and for others.
        ["CorrectionCache"] = new([new CorrectionCache(1)], [new CorrectionCache(0)], s => s * ((2 * Latent) + 4)),
        ["correction, bands"] = new(
            [new Cached(Where.Correction, new Interval(3, 3), new FrequencySplit(Quantity.Residual, 0, 2))], [new Cached(Where.Correction, new Interval(1), new FrequencySplit(Quantity.Residual, 0, 2))], s => 4 * s * Latent),
        ["chain, bands"] = new(
            [new Cached(Where.Chain, new Interval(3, 3), new FrequencySplit(Quantity.Residual, 1, 2))], [new Cached(Where.Chain, new Interval(1), new FrequencySplit(Quantity.Residual, 1, 2))], s => 5 * 2 * s * Tokens),
        ["blocks, last value"] = new([new Cached(Where.Blocks, new Interval(2), How.LastValue)], [new Cached(Where.Blocks, new Interval(1), How.LastValue)], s => 3 * 2 * s * Tokens),
        ["attention, parabola"] = new([new Cached(Where.Attention, new Interval(3, 3), Parabola)], [new Cached(Where.Attention, new AtSteps(Every), Parabola)], s => 3 * 3 * 2 * s * Tokens),
        // Residuals of both branches at three sites; the first site decides for all and remembers what it decides on.
        ["feed-forward, drift"] = new([Drifting(Where.FeedForward, 2)], [Drifting(Where.FeedForward, 0)], s => s * ((3 * 2 * Tokens) + (3 * Tokens) + Numbers)),
        ["chain, drift and line"] = new(
            [Drifting(Where.Chain, 2) with { How = new How(Quantity.Residual, new Polynomial(1), Abscissa.Step) }], [Drifting(Where.Chain, 0)], s => s * ((7 * Tokens) + Numbers)),
        ["prediction, drift and line"] = new([Drifting(Where.Prediction, 2.5) with { How = How.Linear(Abscissa.Step) }], [Drifting(Where.Prediction, 0)], s => s * ((5 * Latent) + Numbers)),
        // The batch shrinks in the middle: the last increment of the row that left stays, in its batch.
        ["EasyCache + AdaptiveGuidance"] = new([new EasyCache(2.5, 2), Ending()], [new EasyCache(0), new AdaptiveGuidance(1.5)], s => s * ((6 * Latent) + Numbers)),
        ["EasyCache + DeltaDiT"] = new(
            [new EasyCache(2.5, 2), new DeltaDiT(2, 2) { End = CachedEnd.Rear }], [new EasyCache(0), new DeltaDiT(1, 2)], s => s * ((5 * Latent) + Numbers + (2 * Tokens))),
        ["IntervalForecast + AdaptiveGuidance"] = new([new IntervalForecast(2), Ending()], [new IntervalForecast(1), new AdaptiveGuidance(1.5)], s => 2 * s * Latent),
        ["ToMeSD + IntervalForecast"] = new([new ToMeSD(0.25), new IntervalForecast(2)], [new ToMeSD(0), new IntervalForecast(1)], s => 2 * s * Latent, false),
        ["ToMeSD + attention"] = new(
            [new ToMeSD(0.5) { Every = 2, Random = false }, new Cached(Where.Attention, new Interval(3), How.LastValue)],
            [new ToMeSD(0), new Cached(Where.Attention, new Interval(1), How.LastValue)],
            s => 3 * 2 * s * (Tokens + ((16 + 8) * 8)), false)
        { WithoutRoom = [new ToMeSD(0.5) { Random = false }] },
        ["DeltaDiT + attention"] = new(
            [new DeltaDiT(2, 1) { End = CachedEnd.Rear }, new Cached(Where.Attention, new Interval(3), How.LastValue)],
            [new DeltaDiT(1, 1), new Cached(Where.Attention, new Interval(1), How.LastValue)],
            s => 4 * 2 * s * Tokens),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>What the active setting comes to where nothing may be remembered, if that is not simply its strategies that remember nothing; null for these.</summary>
    public IStrategy[]? WithoutRoom { get; init; }

    /// <summary>Whether it cannot work on a run without guidance: by what it needs, or by what it refuses.</summary>
    public bool NeedsGuidanceOn(RunInfo unguided) => Active.Any(a => a.Needs.UnconditionalBranch || a.Needs.Refuse?.Invoke(unguided) is not null);

    /// <summary>Whether it changes tokens or attention, whose work depends on what a cache leaves to them.</summary>
    public bool ChangesWorkAtSites => Active.Any(a => a.Needs.Sites.Any(s => s.Phase is HookPhase.Tokens or HookPhase.Attention));

    /// <summary>How many of the active strategies decide by values of tensors: each may read them back once per step.</summary>
    public int DecidesByValues => Active.Count(a => a.Needs.DecidesPerSample);

    /// <summary>A guided sampler with the strategies, or plain guidance without any. Fresh noise in every step.</summary>
    public static Sampler Guided(IDenoiser network, params IStrategy[] strategies) => With(Sampler.For(network).FlowEuler(Steps, stochastic: true).Guidance(2.5), strategies).Build();

    public static SamplerBuilder With(SamplerBuilder builder, params IStrategy[] strategies) => strategies.Aggregate(builder, (b, s) => b.Use(s));

    private static SkipLayerGuidance Skipping => new(0.7, Where.Blocks.OnlyBlocks(1)) { Start = 0, Stop = 1 };

    private static PerturbedAttentionGuidance Perturbing => new(0.8, Where.Attention.OnlyBlocks(0, 2)) { Start = 0, Stop = 1 };

    private static SmoothedEnergyGuidance Blurring => new(0.6, Where.Attention.InBlocks(1)) { Sigma = 1 };

    private static AdaptiveGuidance Ending(GuidanceTail tail = GuidanceTail.Conditional) => new(-1) { Warmup = 3, Tail = tail };

    private static Cached Drifting(Where where, double threshold) => new(where, new InputOutputDrift(threshold, 3), How.LastResidual);
}
