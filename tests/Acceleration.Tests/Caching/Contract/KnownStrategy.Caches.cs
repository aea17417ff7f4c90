using Acceleration.Tests.Docs;

namespace Acceleration.Tests.Caching.Contract;

/// <content>Caches, the first half.</content>
internal sealed partial record KnownStrategy
{
    private static Dictionary<string, KnownStrategy> Caches => new()
    {
        // xPrev, xFull and vFull of the conditional branch, a residual for each branch, and two numbers.
        ["EasyCache"] = new([new EasyCache(2.5, 2)], [new EasyCache(0, 2)], s => s * ((5 * Latent) + Numbers)),
        ["EasyCache of outputs"] = new([new EasyCache(2.5, 2) { Reuse = Quantity.Output }], [new EasyCache(0) { Reuse = Quantity.Output }], s => s * ((5 * Latent) + Numbers)),
        // Numbers and one in 8 elements of xFull and vFull, and the increments.
        ["EasyCache since computed"] = new([new EasyCache(2.5, 2) { SinceComputed = true, Stride = 8, Apart = true }], [new EasyCache(0) { SinceComputed = true, Stride = 8 }], s => s * ((2 * Latent) + (2 * (Latent / 4)) + (2 * Numbers))),
        ["LazyCache"] = new([new LazyCache(3)], [new LazyCache(0)], s => s * (Latent + (Latent / 4) + Numbers)),
        ["UCache"] = new([new UCache(20, 0.4)], [new UCache(0)], s => s * ((5 * Latent) + Numbers + 4)),
        ["UCache since computed"] = new([new UCache(20, 0.4) { SinceComputed = true, Decay = 0.9 }], [new UCache(0) { SinceComputed = true }], s => s * ((4 * Latent) + Numbers + 4)),
        ["UCache by computed steps"] = new([new UCache(20, 0.4) { ByComputed = true }], [new UCache(0) { ByComputed = true }], s => s * ((5 * Latent) + Numbers + 4)),
        ["Spectrum"] = new([new Spectrum(3, 2)], [new Spectrum(4, 1, 0)], s => 6 * s * Latent),
        ["Spectrum as published"] = new([new Spectrum { Published = true }], [new Spectrum(10) { Published = true }], s => 6 * s * Latent),
        ["PreciseCache"] = new([new PreciseCache(100, 2, 2)], [new PreciseCache(0)], s => s * ((2 * Latent) + (Latent / 4) + 4)),
        // Two outputs of the line, and the input of the last computed step.
        ["DirectionCache"] = new([new DirectionCache(2.1)], [new DirectionCache(0)], s => s * 5 * Latent),
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
        ["FirstBlockCache, equal changes"] = new([new FirstBlockCache(1) { Inclusive = true, Warmup = 3 }], [new FirstBlockCache(0) { Inclusive = true }], s => 3 * s * Tokens),
        ["DBCache"] = new([new DBCache(1, 1, 1) { Warmup = 2, MaxSkipped = 3 }], [new DBCache(0, 1, 1)], s => 3 * s * Tokens),
        ["MagCache"] = new([new MagCache(10, [1, 1.1, 0.9], 2)], [new MagCache(0, [1])], s => 2 * s * Tokens),
        // Two increments and what the first block added to them, of both branches, and the probe before; one where only the last step is computed again.
        ["DiCache"] = new([new DiCache(100)], [new DiCache(0)], s => 9 * s * Tokens),
        ["DiCache by difference"] = new([new DiCache(100, 2, 0) { Difference = true }], [new DiCache(0) { Difference = true }], s => 6 * s * Tokens),
        // Three increments of both branches, and three of the first block.
        ["SpeCa"] = new([new SpeCa(100, Max: 2)], [new SpeCa(0)], s => 9 * s * Tokens),
        // Of every second token what is verified.
        ["SpeCa, some tokens"] = new([new SpeCa(100, Max: 2) { Stride = 2 }], [new SpeCa(0) { Stride = 2 }], s => (6 * s * Tokens) + (3 * s * (Tokens / 2))),
        ["SpeCa as published"] = new([new SpeCa(0.3, Max: 3) { Published = true, Floor = 0.1 }], [new SpeCa(0) { Published = true }], s => 9 * s * Tokens),
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
    };
}
