using Acceleration.Tests.Docs;

namespace Acceleration.Tests.Caching.Contract;

/// <content>Caches, the second half, and pairs that begin with one.</content>
internal sealed partial record KnownStrategy
{
    private static Dictionary<string, KnownStrategy> MoreCaches => new()
    {
        ["UnifiedLayerSkipping"] = new([new UnifiedLayerSkipping(2, 2)], [new UnifiedLayerSkipping(1, 2)], s => 2 * s * Tokens),
        // The last two computed outputs of each branch, and the last two.
        ["FoCa"] = new([new FoCa(3)], [new FoCa(1)], s => 3 * 2 * 2 * 4 * s * Tokens),
        ["ScalingCache"] = new([new ScalingCache(2.5, [1, 0.7]) { Warmup = 2 }], [new ScalingCache(0, [1])], s => s * ((7 * Latent) + Numbers)),
        ["chain, modes"] = new([new Cached(Where.Chain, new Interval(2), new DynamicModes(Quantity.Residual, 4))], [new Cached(Where.Chain, new Interval(1), new DynamicModes(Quantity.Residual, 4))], s => 4 * 2 * s * Tokens),
        ["DBCache by a mask"] = new([new DBCache(1, 1, 1) { Warmup = 0, Mask = Scm.Fast, MaxSummed = 100 }], [new DBCache(0, 1, 1) { Mask = Scm.Ultra }], s => 3 * s * Tokens),
        ["DBCache by a mask alone"] = new([new DBCache(0, 1, 1) { Mask = Scm.Ultra, Static = true }], [new DBCache(0, 1, 1) { Static = true }], s => 2 * s * Tokens),
        // Of each block and branch the residual, and of the conditional one the input.
        ["DBPrune"] = new([new DBPrune(10, 1) { Warmup = 2, MaxSkip = 2 }], [new DBPrune(0, 0)], s => 2 * 3 * s * Tokens) { Reads = 2 },
        ["DBPrune, some tokens"] = new([new DBPrune(10, 1) { Warmup = 2, MaxSkip = 2, Stride = 2 }], [new DBPrune(0, 0) { Stride = 2 }], s => 2 * s * ((2 * Tokens) + (Tokens / 2))) { Reads = 2 },
        ["DBPrune, relaxed"] = new([new DBPrune(10, 1) { Warmup = 2, MaxSkip = 2, Relax = 1.25 }], [new DBPrune(0, 0) { Relax = 1.25 }], s => 2 * 3 * s * Tokens) { Reads = 2 },
        ["DBCache, every second step of the warm-up"] = new([new DBCache(1, 1, 1) { Warmup = 5, WarmupInterval = 2 }], [new DBCache(0, 1, 1) { WarmupInterval = 2 }], s => 3 * s * Tokens),
        ["InvarDiff"] = new(
            [new InvarDiff([new(Where.Path("blocks.0.attention"), [0, 3, 6, 9]), new(Where.Path("blocks.2.ff"), [0, 4, 9])])], [new InvarDiff([new(Where.Branches, Every)])], s => 2 * 2 * s * Tokens),
        ["BWCache"] = new([new BWCache(10, 3)], [new BWCache(0)], s => 3 * 3 * s * Tokens) { Reads = 3 },
        ["BWCache, some tokens"] = new([new BWCache(10, 3) { Stride = 2 }], [new BWCache(0) { Stride = 2 }], s => 3 * s * ((2 * Tokens) + (Tokens / 2))) { Reads = 3 },
        ["LeMiCa"] = new([new LeMiCa([0, 1, 4, 9])], [new LeMiCa(Every)], s => 2 * s * Tokens),
        // Of the conditional branch the last output, its change and a cosine; of both branches the last output and the average of its changes.
        ["TurnCache"] = new([new TurnCache(2.1)], [new TurnCache(0)], s => s * ((6 * Latent) + 4)),
        ["TurnCache at blocks"] = new([new TurnCache(2.1) { Where = Where.Blocks }], [new TurnCache(0) { Where = Where.Blocks }], s => s * ((2 * 3 * 2 * Tokens) + (2 * Tokens) + 4)),
        ["network, eased line"] = new([new Cached(Where.Network, new Interval(3, 3), new How(Quantity.Output, new EasedLine(), Abscissa.LogSnr))], [new Cached(Where.Network, new Interval(1), new How(Quantity.Output, new EasedLine()))], s => 2 * 2 * s * Latent),
        ["LayerPruning"] = new([new LayerPruning([1])], [new LayerPruning([])], _ => 0, BeginsWhole: false),
        // What blocks at both ends may add in steps to come.
        ["chain, table"] = new(
            [new Cached(Where.Chain, new Interval(3), How.LastResidual) { Range = new RangeSteps([new(0, 1, 2), new(4, 0, 2)]) }], [new Cached(Where.Chain, new Interval(3), How.LastResidual) { Range = new RangeSteps([new(0, 0, 0)]) }], s => 2 * 2 * s * Tokens),
        ["chain, listed"] = new(
            [new Cached(Where.Chain, new Interval(3), How.LastResidual) { Range = new ListedBlocks([0, 2]) }], [new Cached(Where.Chain, new Interval(1), How.LastResidual) { Range = new ListedBlocks([0, 2]) }], s => 2 * 2 * s * Tokens),
        ["PyramidAttentionBroadcast"] = new([new PyramidAttentionBroadcast(2) { Gated = false, Below = 950 }], [new PyramidAttentionBroadcast(1) { Gated = false }], s => 3 * 2 * s * Tokens),
        ["IntervalForecast + DualFast"] = new([new IntervalForecast(2), new DualFast(0.3)], [new IntervalForecast(1), new DualFast(0)], s => 3 * s * Latent),
        ["IntervalForecast + DualFast from the first step"] = new(
            [new IntervalForecast(2), new DualFast(0.3) { Lag = null, Course = MixWeight.Constant, Part = MixedPart.All }], [new IntervalForecast(1), new DualFast(0) { Lag = null }], s => 3 * s * Latent),
        // As Sada, the scores, and the tokens of each block and row.
        ["SadaTokens"] = new([new SadaTokens(2, 2, 1, 1) { From = 3, To = 9 }], [new SadaTokens(2, 2) { From = 3, To = 9 }], s => (7 * s * Latent) + (3 * 2 * s * Tokens), false),
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
            [new FasterCache(3, 4) { AttentionBelow = 2000, CorrectionBelow = 2000, Chained = true, Weight = 0.3 }], [new FasterCache(1, 1) { Chained = true }], s => (3 * 5 * s * Tokens) + (2 * s * Latent))
        { InUse = s => (3 * 4 * s * Tokens) + (2 * s * Latent) },
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
        ["EasyCache + AdaptiveGuidance"] = new([new EasyCache(2.5, 2), Ending()], [new EasyCache(0), new AdaptiveGuidance(1.5)], s => s * ((6 * Latent) + Numbers)) { InUse = s => s * ((5 * Latent) + Numbers) },
        ["EasyCache + DeltaDiT"] = new(
            [new EasyCache(2.5, 2), new DeltaDiT(2, 2) { End = CachedEnd.Rear }], [new EasyCache(0), new DeltaDiT(1, 2)], s => s * ((5 * Latent) + Numbers + (2 * Tokens))),
        ["IntervalForecast + AdaptiveGuidance"] = new([new IntervalForecast(2), Ending()], [new IntervalForecast(1), new AdaptiveGuidance(1.5)], s => 2 * s * Latent),
        ["DeltaDiT + attention"] = new(
            [new DeltaDiT(2, 1) { End = CachedEnd.Rear }, new Cached(Where.Attention, new Interval(3), How.LastValue)],
            [new DeltaDiT(1, 1), new Cached(Where.Attention, new Interval(1), How.LastValue)],
            s => 4 * 2 * s * Tokens),
    };
}
