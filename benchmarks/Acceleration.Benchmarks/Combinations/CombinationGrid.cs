namespace Acceleration.Benchmarks;

/// <summary>The rows and columns of the map.</summary>
internal static class CombinationGrid
{
    // Steps that are computed before anything is skipped: forecasts up to parabolas have what they need.
    private const int Warmup = 3;

    public static IReadOnlyList<CombinationDecision> Decisions { get; } =
    [
        new ListedDecision("every n-th step", Prediction, Regular()),
        new ListedDecision("growing windows", Prediction, Windows()),
        new ThresholdDecision("EasyCache: drift", Prediction, t => new InputOutputDrift(t, Warmup), 0.03),
        new ThresholdDecision("PreciseCache: low frequencies", Prediction, t => new LowFrequencyDrift(t, Warmup: Warmup), 0.05),
        new ListedDecision("searched steps", Prediction, SearchedSteps.All),
        new ThresholdDecision("TeaCache: modulated input", Chain, t => new SignalDrift(t, [1, 0]) { Warmup = Warmup }, 0.1),
        new ThresholdDecision("First-Block Cache: first block", BehindFirst, t => new FirstBlocksChange(t, Warmup, 1), 0.1),
        new ThresholdDecision("DiCache: probe", BehindFirst, t => new ProbeDrift(t, Warmup / 50.0, 1), 0.1),
        new ListedDecision("SADA: stability", Prediction, Stable()),
    ];

    /// <summary>What is newer continues over log-SNR, where the sample network's predictions are smoothest; published forms over steps, as published.</summary>
    public static IReadOnlyList<(string Name, IHow How)> Approximations { get; } =
    [
        ("last value", How.LastValue),
        ("last residual", How.LastResidual),
        ("half a line", new How(Quantity.Output, new Damped(0.5), Abscissa.LogSnr)),
        ("line", How.Linear(Abscissa.LogSnr)),
        ("parabola", new How(Quantity.Output, new Polynomial(2), Abscissa.LogSnr)),
        ("Taylor 2", new How(Quantity.Output, new Taylor(2), Abscissa.Step)),
        ("Hermite 2", new How(Quantity.Output, new Hermite(2), Abscissa.Step)),
        ("Chebyshev ridge", new How(Quantity.Output, new ChebyshevRidge(), Abscissa.LogSnr)),
    ];

    private static Cached Prediction(IWhen when, IHow how) => new(Where.Prediction, when, how);

    private static Cached Chain(IWhen when, IHow how) => new(Where.Chain, when, how);

    private static Cached BehindFirst(IWhen when, IHow how) => new(Where.Chain, when, how) { Range = new MiddleBlocks(1) };

    private static IWhen[] Regular() =>
        [new Interval(2, 1, false), .. new[] { 3, 4, 5, 6 }.SelectMany(n => new IWhen[] { new Interval(n), new Interval(n, Warmup) })];

    private static IWhen[] Windows() =>
        [.. new (double Window, double Growth)[] { (1.5, 0.15), (2, 0.1), (2, 0.25), (1, 0.5), (3, 0.25), (2, 0.5), (2, 1), (3, 0.75), (4, 0.5) }.Select(w => new GrowingWindows(Warmup, w.Window, w.Growth, 0.98))];

    private static IWhen[] Stable() => [.. new[] { 1, 2, 3, 4, 6, 0 }.Select(most => new Stability(Warmup, 49, most))];
}
