namespace Acceleration.Tool;

/// <summary>A method that can be calibrated.</summary>
/// <param name="Name">What <c>--for</c> calls it.</param>
/// <param name="Samples">Samples that are usually recorded.</param>
/// <param name="Options">Options that it reads, beside those of all methods.</param>
/// <param name="Begin">Starts it.</param>
internal sealed record CalibrationMethod(string Name, int Samples, IReadOnlyList<string> Options, Func<SamplerBuilder, CalibrateTuning, long, Calibrator> Begin)
{
    public const string Budget = "--budget";
    public const string Threshold = "--threshold";
    public const string Lookback = "--lookback";
    public const string MaxSkip = "--max-skip";
    public const string Retention = "--retention";
    public const string Degree = "--degree";
    public const string Interval = "--interval";
    public const string Repaired = "--repaired";
    public const string ForceFrom = "--force-from";
    public const string Cut = "--cut";
    public const string Stride = "--stride";
    public const string Also = "--also";
    public const string Quantile = "--quantile";
    public const string Blocks = "--blocks";
    public const string At = "--where";
    public const string By = "--how";

    public static IReadOnlyList<CalibrationMethod> All { get; } =
    [
        new("bac", 4, [Budget, Repaired, ForceFrom, At], (b, t, m) => new BlockCalibrator(b, t, m)),
        new("magcache", 4, [Budget, Threshold, MaxSkip, Retention], (b, t, m) => new MagnitudeCalibrator(b, t, m)),
        new("smoothcache", 10, [Budget, Threshold, Lookback], (b, t, m) => new ReuseCalibrator(b, t, m)),
        new("lemica", 2, [Budget, Also, Lookback, Stride, At, By], (b, t, _) => new SegmentCalibrator(b, t)),
        new("teacache", 20, [Budget, Threshold, Degree], (b, t, m) => new SignalCalibrator(b, t, m)),
        new("rehash", 4, [Threshold, MaxSkip, Cut], (b, t, m) => new SimilarityCalibrator(b, t, m)),
        new("scaling", 10, [Interval, At], (b, t, m) => new DampingCalibrator(b, t, m)),
        new("invardiff", 4, [Quantile, MaxSkip, At], (b, t, m) => new ModuleCalibrator(b, t, m)),
        new("importance", 4, [Blocks, Interval], (b, t, m) => new ImportanceCalibrator(b, t, m)),
    ];
}
