using static Acceleration.Gallery.CachingMethod;

namespace Acceleration.Gallery;

/// <summary>The methods that have a place in the sample UNet, at three settings each: there are cuts and parts of blocks, and no chain of blocks.</summary>
internal static class CachingOnUNet
{
    public static IReadOnlyList<CachingMethod> All { get; } =
    [
        Of(Residuals, "EasyCache", "τ", t => new EasyCache(t, 4), 0.01, 0.02, 0.04),
        Of(Residuals, "UCache", "τ", t => new UCache(t), 0.3, 0.6, 1.2),
        Of(Residuals, "LazyCache", "τ", t => new LazyCache(t), 0.05, 0.1, 0.2),
        Of(Residuals, "PreciseCache", "τ", t => new PreciseCache(t), 0.02, 0.05, 0.1),
        Of(Values, "DeepCache", "every", n => new DeepCache(n), 2, 3, 5),
        Of(Values, "Step Rehash", "cut", n => new StepRehash(n), 0, 2, 4),
        Of(Values, "Block-adaptive caching", "steps", n => CalibratedPlan.Strategy<BlockAdaptiveCaching>($"unet-bac-{n}"), 33, 20, 12),
        Of(Values, "SmoothCache", "α", a => CalibratedPlan.Strategy<SmoothCache>(FormattableString.Invariant($"unet-smoothcache-{a}")), 0.08, 0.18, 0.35),
        Of(Values, "FORA", "every", n => new Fora(n), 2, 3, 5),
        Of(Values, "Action-head cache", "every", n => new ActionHeadCache(n), 2, 4, 5),
        Of(Values, "BWCache", "δ", d => new BWCache(d), 0.03, 0.06, 0.12),
        Of(Values, "PAB", "every", n => new PyramidAttentionBroadcast(n) { Gated = false }, 2, 3, 5),
        new(Forecasts, "Fitted forecast", ("20 evaluations", FittedPlan.Strategy("unet-forecast20")), ("14 evaluations", FittedPlan.Strategy("unet-forecast14"))),
        Of(Forecasts, "Forecast", "every", n => new IntervalForecast(n), 2, 3, 4),
        Of(Forecasts, "ScalingCache", "every", n => CalibratedPlan.Strategy<Cached>("unet-scaling") with { When = new Interval(n, 3) }, 2, 3, 5),
        Of(Forecasts, "FoCa", "every", n => new FoCa(n), 2, 3, 5),
        Of(Forecasts, "DMD", "every", n => new Cached(Where.Network, new Interval(n, 3), new DynamicModes(Quantity.Output)), 2, 3, 5),
        Of(Forecasts, "EasyCache × line", "τ", t => new Cached(Where.Network, new InputOutputDrift(t, 4), How.Linear(Abscissa.LogSnr)), 0.01, 0.02, 0.04),
        Of(Forecasts, "DeepCache × line", "every", n => new Cached(Where.Cut(0), new Interval(n), How.Linear()), 2, 3, 5),
        Of(Forecasts, "TaylorSeer", "every", n => new TaylorSeer(n), 2, 3, 5),
        Of(Forecasts, "HiCache", "every", n => new HiCache(n, 1), 2, 3, 5),
        Of(Forecasts, "Spectrum", "window", n => new Spectrum(4, n), 1.5, 2.0, 4.0),
        Of(Forecasts, "SADA", "at most", n => new Sada(MaxSkip: n), 1, 2, 4),
        Of(Guidance, "CorrectionCache", "δ", t => new CorrectionCache(t), 0.2, 0.4, 0.8),
        Of(Guidance, "FasterCache", "every", n => new FasterCache(n), 2, 3, 5),
    ];
}
