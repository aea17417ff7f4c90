namespace Acceleration.Tests.Caching.Contract;

/// <content>Guidance, tokens and attention, and pairs that begin with one.</content>
internal sealed partial record KnownStrategy
{
    private static Dictionary<string, KnownStrategy> GuidanceAndTokens => new()
    {
        ["AdaptiveGuidance"] = new([Ending()], [new AdaptiveGuidance(1.5)], _ => 0),
        ["AdaptiveGuidance holding"] = new([Ending(GuidanceTail.HoldDelta)], [new AdaptiveGuidance(1.5) { Tail = GuidanceTail.HoldDelta }], s => s * Latent),
        ["AdaptiveGuidance extrapolating"] = new([Ending(GuidanceTail.ExtrapolateDelta)], [new AdaptiveGuidance(1.5) { Tail = GuidanceTail.ExtrapolateDelta }], s => 2 * s * Latent),
        ["GuidanceInterval"] = new([GuidanceInterval.Share(0.2, 0.7)], [GuidanceInterval.Share(0, 1)], _ => 0, false),
        ["StepAG"] = new([new StepAG(0.5)], [new StepAG(1)], _ => 0),
        ["GuidanceInterval + AdaptiveGuidance"] = new([GuidanceInterval.Steps(1, 8), Ending()], [GuidanceInterval.Steps(0), new AdaptiveGuidance(1.5)], _ => 0, false),
        // Predictions are forgotten after the last estimate.
        ["LinearAG"] = new([Estimating(LinearTail.Conditional, 1, 3)], [new LinearAG([]) { TailFrom = Steps }], _ => 0) { IsFitted = true },
        ["LinearAG to the end"] = new([Estimating(LinearTail.Estimated, 1, 3, 5, 6, 7, 8, 9)], [new LinearAG([]) { TailFrom = Steps }], _ => 0) { IsFitted = true },
        ["CfgCache"] = new([new CfgCache(3) { SkipBelow = 2000 }], [new CfgCache(1)], s => 2 * s * Latent),
        ["CfgCache compounding"] = new([new CfgCache(4) { SkipBelow = 2000, Compounding = true }], [new CfgCache(1) { Compounding = true }], s => 2 * s * Latent),
        // The batch shrinks and grows: the increment of a row stays in the batch it came in.
        ["CfgCache + EasyCache"] = new([new CfgCache(2) { SkipBelow = 2000 }, new EasyCache(2.5, 2)], [new CfgCache(1), new EasyCache(0)], s => s * ((8 * Latent) + Numbers)) { InUse = s => s * ((7 * Latent) + Numbers) },
        ["FittedForecast"] = new([Fitted], [new FittedForecast([])], s => 5 * s * Latent, false) { IsFitted = true },
        ["FittedForecast + blocks"] = new([Fitted, new Cached(Where.Blocks, new Interval(2), How.LastValue)], [new FittedForecast([]), new Cached(Where.Blocks, new Interval(1), How.LastValue)], s => (5 * s * Latent) + (3 * 3 * s * Tokens), false) { IsFitted = true, InUse = s => (5 * s * Latent) + (3 * 2 * s * Tokens) },
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
        ["GratB"] = new([new GratB(0) { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }], [new GratB { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }], _ => 0, false),
        ["GratX"] = new([new GratX { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }], [new GratX()], _ => 0, false),
        ["GratX + blocks"] = new(
            [new GratX { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }, new Cached(Where.Blocks, new Interval(2), How.LastValue)],
            [new GratX(), new Cached(Where.Blocks, new Interval(1), How.LastValue)],
            s => 3 * 2 * s * Tokens, false),
        ["ToMeSD + IntervalForecast"] = new([new ToMeSD(0.25), new IntervalForecast(2)], [new ToMeSD(0), new IntervalForecast(1)], s => 2 * s * Latent, false),
        ["ToMeSD + attention"] = new(
            [new ToMeSD(0.5) { Every = 2, Random = false }, new Cached(Where.Attention, new Interval(3), How.LastValue)],
            [new ToMeSD(0), new Cached(Where.Attention, new Interval(1), How.LastValue)],
            s => 3 * 2 * s * (Tokens + ((16 + 8) * 8)), false)
        { WithoutRoom = [new ToMeSD(0.5) { Random = false }] },
    };
}
