namespace Acceleration;

/// <summary>
/// MagCache's calibration (Ma et al., 2025, arXiv 2506.09045): how the magnitude of what all blocks together add changes from step to step, see <see cref="MagnitudeRatios"/>. The mean over rows; published from one run, since
/// prompts hardly matter. Keeps one number per token and step.
/// </summary>
public sealed class RecordedMagnitudes : ITrajectoryStatistic
{
    private readonly List<IReadOnlyList<double>> _runs = [];

    /// <summary>The one guidance branch that counts; null for all.</summary>
    public int? OnlyBranch { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlace> Places => [new(Where.Chain) { Input = true }];

    /// <summary>γ of each step: the mean over what was recorded.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public IReadOnlyList<double> Ratios => Over(runs => runs.Average());

    /// <summary>The smallest ratio of each step that a row had.</summary>
    /// <inheritdoc cref="Ratios"/>
    public IReadOnlyList<double> Least => Over(runs => runs.Min());

    /// <summary>The largest ratio of each step that a row had.</summary>
    /// <inheritdoc cref="Ratios"/>
    public IReadOnlyList<double> Most => Over(runs => runs.Max());

    /// <inheritdoc/>
    public ITrajectory? Begin(RunInfo run, RowId row) => OnlyBranch is null || row.Branch == OnlyBranch ? new Trajectory(_runs) : null;

    /// <summary>The method with these ratios.</summary>
    /// <param name="threshold">δ, at least 0.</param>
    /// <param name="maxSkip">K: most skipped steps in a row.</param>
    /// <param name="retention">R: share of the steps computed at the start.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public MagCache Fit(double threshold, int maxSkip = 3, double retention = 0.2) => new(threshold, Ratios, maxSkip, retention);

    /// <summary>The method with the smallest threshold that computes no more than so many steps.</summary>
    /// <param name="computed">Most computed steps, 1 to all.</param>
    /// <param name="maxSkip">K: most skipped steps in a row.</param>
    /// <param name="retention">R: share of the steps computed at the start.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    /// <exception cref="ArgumentException">No threshold computes so few.</exception>
    public MagCache FitTo(int computed, int maxSkip = 3, double retention = 0.2)
    {
        var ratios = Ratios;
        return new(Thresholds.ForBudget(computed, ratios.Count, t => Computed(new MagnitudeSchedule(t, ratios, maxSkip, retention), ratios.Count)), ratios, maxSkip, retention);
    }

    /// <summary>Steps that a schedule computes in a run of the recorded length.</summary>
    private static int Computed(StaticWhen when, int steps)
    {
        var grid = Schedule.Through("steps", [.. Enumerable.Range(0, steps + 1).Select(i => new GridPoint(steps - i, 1, 0))]);
        return Enumerable.Range(0, steps).Count(i => !when.Skips(new StepInfo(0, i, 0, grid, grid.Points[i])));
    }

    private IReadOnlyList<double> Over(Func<IEnumerable<double>, double> of) =>
        _runs.Count == 0 ? throw new InvalidOperationException("Nothing was recorded yet.") : [.. Enumerable.Range(0, _runs[0].Count).Select(i => of(_runs.Select(r => r[i])))];

    private sealed class Trajectory(List<IReadOnlyList<double>> runs) : ITrajectory
    {
        private readonly SortedDictionary<int, List<IReadOnlyList<double>>> _norms = [];

        public void See(in RecordedValue value)
        {
            if (!_norms.TryGetValue(value.Site.Index, out var steps))
            {
                _norms[value.Site.Index] = steps = [];
            }

            var input = value.Input();
            var output = value.Output();
            var width = value.Width;
            var norms = new double[output.Length / width];
            for (var token = 0; token < norms.Length; token++)
            {
                var square = 0.0;
                for (var i = token * width; i < (token + 1) * width; i++)
                {
                    var added = (double)output[i] - input[i];
                    square += added * added;
                }

                norms[token] = Math.Sqrt(square);
            }

            steps.Add(norms);
        }

        public void Complete() => runs.AddRange(_norms.Values.Select(MagnitudeRatios.FromNorms));
    }
}
