using static Acceleration.Gallery.CachingMethod;

namespace Acceleration.Gallery;

/// <summary>The methods that have a place in the sample DiT, at three settings each: about 1.5, 2 and 3 times less arithmetic where a method goes so far.</summary>
internal static class CachingOnTransformer
{
    public static IReadOnlyList<CachingMethod> All => [.. OfResiduals, .. OfValues, .. OfLessWork, .. OfForecasts, .. OfGuidance];

    private static IEnumerable<CachingMethod> OfResiduals =>
    [
        Of(Residuals, "EasyCache", "τ", t => new EasyCache(t, 4), 0.005, 0.01, 0.02),
        Of(Residuals, "UCache", "τ", t => new UCache(t), 0.3, 0.6, 1.2),
        Of(Residuals, "LazyCache", "τ", t => new LazyCache(t), 0.05, 0.1, 0.2),
        Of(Residuals, "PreciseCache", "τ", t => new PreciseCache(t), 0.02, 0.05, 0.1),
        Of(Residuals, "TeaCache", "τ", t => CalibratedPlan.Strategy<TeaCache>("dit-teacache") with { Threshold = t }, 0.005, 0.01, 0.02),
        Of(Residuals, "First-Block Cache", "τ", t => new FirstBlockCache(t), 0.03, 0.06, 0.1),
        Of(Residuals, "DBCache", "τ", t => new DBCache(t, 1, 1) { Warmup = 8 }, 0.05, 0.1, 0.2),
        Of(Residuals, "DBPrune", "τ", t => new DBPrune(t, 1), 0.01, 0.02, 0.04),
        Of(Residuals, "MagCache", "δ", t => CalibratedPlan.Strategy<MagCache>("dit-magcache") with { Threshold = t }, 0.02, 0.06, 0.12),
        Of(Residuals, "DiCache", "τ", t => new DiCache(t), 0.03, 0.06, 0.12),
        Of(Residuals, "Δ-DiT", "blocks", n => new DeltaDiT(2, n, 25), 4, 6, 7),
        Of(Residuals, "Unified layer skipping", "kept", n => new UnifiedLayerSkipping(2, n), 5, 4, 2),
        Of(Residuals, "Least important blocks", "every", n => CalibratedPlan.Strategy<Cached>("dit-importance-4") with { When = new Interval(n) }, 2, 3, 5),
    ];

    private static IEnumerable<CachingMethod> OfValues =>
    [
        Of(Values, "EasyCache of outputs", "τ", t => new EasyCache(t, 4) { Reuse = Quantity.Output }, 0.005, 0.01, 0.02),
        Of(Values, "LazyCache of outputs", "τ", t => new LazyCache(t) { Reuse = Quantity.Output }, 0.05, 0.1, 0.2),
        Of(Values, "UCache of outputs", "τ", t => new UCache(t) { Reuse = Quantity.Output }, 0.3, 0.6, 1.2),
        Of(Values, "PreciseCache of outputs", "τ", t => new PreciseCache(t) { Reuse = Quantity.Output }, 0.02, 0.05, 0.1),
        Of(Values, "FORA", "every", n => new Fora(n), 2, 3, 5),
        Of(Values, "Action-head cache", "every", n => new ActionHeadCache(n), 2, 4, 5),
        Of(Values, "SmoothCache", "α", a => CalibratedPlan.Strategy<SmoothCache>(FormattableString.Invariant($"dit-smoothcache-{a}")), 0.08, 0.18, 0.35),
        Of(Values, "Block-adaptive caching", "steps", n => CalibratedPlan.Strategy<BlockAdaptiveCaching>($"dit-bac-{n}"), 33, 20, 12),
        Of(Values, "InvarDiff", "q", q => CalibratedPlan.Strategy<InvarDiff>(FormattableString.Invariant($"dit-invardiff-{q}")), 0.5, 0.75, 0.9),
        Of(Values, "BWCache", "δ", d => new BWCache(d), 0.01, 0.03, 0.06),
        Of(Values, "PAB", "every", n => new PyramidAttentionBroadcast(n), 2, 3, 5),
    ];

    // Blocks in the order of their importance, the least first, as dit-importance-4 was made of it.
    private static IEnumerable<CachingMethod> OfLessWork =>
    [
        new(LessWork, "Layer pruning", ("1 of 8", new LayerPruning([4])), ("2 of 8", new LayerPruning([3, 4])), ("4 of 8", new LayerPruning([3, 4, 5, 6]))),
        Of(LessWork, "SADA's tokens", "beside cells", n => new SadaTokens(MaxDownsample: 2, Most: n), 128, 64, 32),
    ];

    private static IEnumerable<CachingMethod> OfForecasts =>
    [
        Of(Forecasts, "Fitted forecast", "evaluations", n => FittedPlan.Strategy($"dit-forecast{n}"), 14, 12, 9),
        Of(Forecasts, "Forecast", "every", n => new IntervalForecast(n, 2), 2, 3, 5),
        new(
            Forecasts, "Searched steps",
            ("10 of 50", new StepForecast([0, 2, 9, 15, 20, 25, 30, 36, 42, 47], 2)),
            ("9 of 50", new StepForecast([0, 3, 9, 14, 20, 27, 34, 41, 46], 2)),
            ("8 of 50", new StepForecast([0, 3, 11, 18, 26, 34, 41, 47], 2))),
        Of(Forecasts, "ScalingCache", "every", n => CalibratedPlan.Strategy<Cached>("dit-scaling") with { When = new Interval(n, 3) }, 2, 3, 5),
        Of(Forecasts, "LeMiCa's steps", "steps", n => CalibratedPlan.Strategy<Cached>($"dit-lemica-{n}"), 20, 16, 12),
        Of(Forecasts, "FoCa", "every", n => new FoCa(n), 2, 3, 5),
        Of(Forecasts, "DMD", "every", n => new Cached(Where.Network, new Interval(n, 3), new DynamicModes(Quantity.Output)), 2, 3, 5),
        Of(Forecasts, "EasyCache × line", "τ", t => new Cached(Where.Network, new InputOutputDrift(t, 4), How.Linear(Abscissa.LogSnr)), 0.01, 0.02, 0.04),
        Of(Forecasts, "TaylorSeer", "every", n => new TaylorSeer(n), 2, 3, 5),
        Of(Forecasts, "TaylorSeer-Lite", "every", n => new TaylorSeer(n, 2) { Where = Where.Chain }, 2, 3, 5),
        Of(Forecasts, "HiCache", "every", n => new HiCache(n, 1), 2, 3, 5),
        Of(Forecasts, "SpeCa", "τ", t => new SpeCa(t), 0.1, 0.2, 0.3),
        Of(Forecasts, "Spectrum", "window", n => new Spectrum(4, n), 1.5, 2.0, 4.0),
        Of(Forecasts, "SADA", "at most", n => new Sada(MaxSkip: n), 1, 2, 4),
    ];

    private static IEnumerable<CachingMethod> OfGuidance =>
    [
        Of(Guidance, "CorrectionCache", "δ", t => new CorrectionCache(t), 0.3, 0.6, 1.2),
        Of(Guidance, "FasterCache", "every", n => new FasterCache(n), 2, 3, 5),
    ];
}
