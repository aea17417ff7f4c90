using Acceleration.Gallery;

namespace Acceleration.Benchmarks;

/// <summary>
/// Methods at settings that skip about half of what they can on the sample networks: what is compared is time and arithmetic, not pictures. Those that are calibrated have the curves, steps and schedules that the gallery shows, for 50 steps.
/// </summary>
internal static class SampleMethods
{
    /// <summary>On the sample DiT, eight blocks.</summary>
    public static IReadOnlyList<(string Name, IStrategy Strategy)> DiT(int steps) =>
    [
        ("EasyCache", new EasyCache(0.02, 4)),
        ("LazyCache", new LazyCache(0.05)),
        ("UCache", new UCache(0.2)),
        ("PreciseCache", new PreciseCache(0.05)),
        ("forecast every 3rd, parabola", new IntervalForecast(3, 2)),
        ("ScalingCache, every 3rd", CalibratedPlan.Strategy<Cached>("dit-scaling") with { When = new Interval(3, 3) }),
        ("DMD, every 3rd", new Cached(Where.Network, new Interval(3, 3), new DynamicModes(Quantity.Output))),
        ("LeMiCa, 16 steps", CalibratedPlan.Strategy<Cached>("dit-lemica-16")),
        ("Spectrum", new Spectrum()),
        ("SADA", new Sada()),
        ("TeaCache", new TeaCache(0.1, [1, 0])),
        ("First-Block Cache", new FirstBlockCache(0.1)),
        ("DBCache 2 + 1 blocks", new DBCache(0.1, 2, 1)),
        ("DBPrune", new DBPrune(0.04, 1)),
        ("BWCache", new BWCache(0.03)),
        ("MagCache", new MagCache(0.1, [1])),
        ("DiCache", new DiCache(0.2)),
        ("SpeCa", new SpeCa(0.5)),
        ("TaylorSeer at the chain", new TaylorSeer(3, 2) { Where = Where.Chain }),
        ("Δ-DiT 6 of 8 blocks", new DeltaDiT(2, 6, steps / 2)),
        ("unified layer skipping, 4 of 8", new UnifiedLayerSkipping(2, 4)),
        ("every block, every 2nd", new Cached(Where.Blocks, new Interval(2), How.LastValue)),
        ("FORA", new Fora(3)),
        ("TaylorSeer", new TaylorSeer(3)),
        ("HiCache", new HiCache(3)),
        ("FoCa", new FoCa(3)),
        ("SmoothCache α 0.18", CalibratedPlan.Strategy<SmoothCache>("dit-smoothcache-0.18")),
        ("action-head cache, every 4th", new ActionHeadCache(4)),
        ("BAC", new BlockAdaptiveCaching(
        [
            new(Where.Branches.InBlocks(0, 2), [.. Enumerable.Range(0, steps).Where(i => i % 2 == 0)]), new(Where.Branches.InBlocks(2, 8), [.. Enumerable.Range(0, steps).Where(i => i % 4 == 0)]),
        ])),
        ("PAB, self-attention every 2nd", new PyramidAttentionBroadcast(2) { Below = 1000 }),
        ("feed-forward, every 3rd", new Cached(Where.FeedForward, new Interval(3), How.LastValue)),
        ("FasterCache", new FasterCache { AttentionBelow = 1000 }),
        ("correction, every 3rd", new Cached(Where.Correction, new Interval(3), How.LastResidual)),
        ("CorrectionCache", new CorrectionCache(0.6)),
    ];

    /// <summary>On the sample UNet, three levels.</summary>
    public static IReadOnlyList<(string Name, IStrategy Strategy)> UNet() =>
    [
        ("EasyCache", new EasyCache(0.05, 3)),
        ("LazyCache", new LazyCache(0.1)),
        ("UCache", new UCache(0.6)),
        ("PreciseCache", new PreciseCache(0.05)),
        ("forecast every 3rd, line", new IntervalForecast(3)),
        ("ScalingCache, every 3rd", CalibratedPlan.Strategy<Cached>("unet-scaling") with { When = new Interval(3, 3) }),
        ("Spectrum", new Spectrum()),
        ("SADA", new Sada()),
        ("DeepCache, every 3rd, outermost", new DeepCache(3)),
        ("outermost cut, every 3rd, line", new Cached(Where.Cut(0), new Interval(3), How.Linear())),
        ("DeepCache, every 3rd, two lower levels", new DeepCache(3, 2)),
        ("DeepCache, every 3rd, lowest level", new DeepCache(3, 4)),
        ("Step Rehash", new StepRehash()),
        ("attention, every 2nd", new Cached(Where.Attention, new Interval(2), How.LastValue)),
        ("PAB, self-attention every 2nd", new PyramidAttentionBroadcast(2) { Gated = false, Below = 1000 }),
        ("residual and attention blocks, every 3rd", new Cached(Where.Blocks, new Interval(3), How.LastValue)),
        ("FORA", new Fora(3)),
        ("TaylorSeer", new TaylorSeer(3)),
        ("HiCache", new HiCache(3)),
        ("FoCa", new FoCa(3)),
        ("BAC, 20 steps", CalibratedPlan.Strategy<BlockAdaptiveCaching>("unet-bac-20")),
        ("FasterCache", new FasterCache { AttentionBelow = 1000 }),
        ("CorrectionCache", new CorrectionCache(0.4)),
    ];
}
