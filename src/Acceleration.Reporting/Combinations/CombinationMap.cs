namespace Acceleration.Reporting;

/// <summary>The best of each combination at a speed-up: decisions down, approximations across.</summary>
public sealed class CombinationMap
{
    private readonly Dictionary<(string Decision, string Approximation), CombinationRun> _best;

    /// <summary>Sorts the runs that spare enough into their cells.</summary>
    /// <param name="runs">Runs of any speed-up.</param>
    /// <param name="speedup">What a run has to reach, in multiply-adds; what spares more competes, too.</param>
    public CombinationMap(IReadOnlyList<CombinationRun> runs, double speedup)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Speedup = speedup;
        _best = runs.Where(r => r.Speedup >= speedup).GroupBy(r => (r.Decision, r.Approximation)).ToDictionary(g => g.Key, g => g.MaxBy(r => r.Psnr)!);
        var cells = runs.Where(r => r.Decision != CombinationRun.FewerSteps).ToArray();
        (Decisions, Approximations) = ([.. cells.Select(r => r.Decision).Distinct()], [.. cells.Select(r => r.Approximation).Distinct()]);
        Control = _best.GetValueOrDefault((CombinationRun.FewerSteps, ""));
    }

    /// <summary>What every run in it reaches.</summary>
    public double Speedup { get; }

    /// <summary>Rows.</summary>
    public IReadOnlyList<string> Decisions { get; }

    /// <summary>Columns.</summary>
    public IReadOnlyList<string> Approximations { get; }

    /// <summary>The plain sampler with fewer steps; null where none is fast enough.</summary>
    public CombinationRun? Control { get; }

    /// <summary>The best run of a cell; null where none is fast enough.</summary>
    public CombinationRun? this[string decision, string approximation] => _best.GetValueOrDefault((decision, approximation));

    /// <summary>The best runs of all cells, the best first.</summary>
    public IReadOnlyList<CombinationRun> Ranking => [.. _best.Values.Where(r => r.Decision != CombinationRun.FewerSteps).OrderByDescending(r => r.Psnr)];
}
