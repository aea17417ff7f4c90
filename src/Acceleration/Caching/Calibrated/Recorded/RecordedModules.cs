namespace Acceleration;

/// <summary>
/// How much the output of each site changes from one step to the next, ‖fᵢ − fᵢ₋₁‖₁/‖fᵢ‖₁, the mean over rows: what InvarDiff (2025, arXiv 2512.05134) plans from. The last step of a row stays at hand.
/// </summary>
/// <param name="where">The sites.</param>
public sealed class RecordedModules(Where where) : ITrajectoryStatistic
{
    private readonly Dictionary<int, (Site Site, double[] Sums, int Rows)> _modules = [];

    /// <summary>All branches of blocks: attention and feed-forward parts.</summary>
    public RecordedModules()
        : this(Where.Branches)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlace> Places { get; } = [new(where) { LookBack = 1, Text = true }];

    /// <summary>The sites, in the order in which the network computes them.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public IReadOnlyList<Site> Modules => _modules.Count == 0 ? throw new InvalidOperationException("Nothing was recorded yet.") : [.. _modules.Values.Select(m => m.Site)];

    /// <summary>[sites, steps]: the change in each step since the one before; 0 in the first step, and where an output stays zero.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public double[,] Changes
    {
        get
        {
            var changes = new double[Modules.Count, _modules.Values.First().Sums.Length];
            foreach (var (at, module) in _modules.Values.Index())
            {
                for (var i = 0; i < changes.GetLength(1); i++)
                {
                    changes[at, i] = module.Sums[i] / module.Rows;
                }
            }

            return changes;
        }
    }

    /// <inheritdoc/>
    public ITrajectory Begin(RunInfo run, RowId row) => new Trajectory(this);

    /// <summary>The method with the steps that a quantile leaves.</summary>
    /// <param name="quantile">q, 0 to 1: the share of all changes that count as none.</param>
    /// <param name="mostReused">Most skipped steps in a row, at least 0.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public InvarDiff Fit(double quantile, int mostReused = 3) => new([.. Modules.Zip(QuantileSchedule.Of(Changes, quantile, mostReused), (site, steps) => new SiteSchedule(Where.Path(site.Path), steps))]);

    private sealed class Trajectory(RecordedModules modules) : ITrajectory
    {
        private readonly Dictionary<int, (Site Site, double[] Changes)> _seen = [];

        public void See(in RecordedValue value)
        {
            if (!_seen.TryGetValue(value.Site.Index, out var seen))
            {
                _seen[value.Site.Index] = seen = (value.Site, new double[value.Step.Count]);
            }

            if (value.Step.Index > 0 && Vectors.Change(value.Output(1), value.Output()) is var change && !double.IsNaN(change))
            {
                seen.Changes[value.Step.Index] = change;
            }
        }

        public void Complete()
        {
            foreach (var (index, (site, changes)) in _seen)
            {
                var (sums, rows) = modules._modules.TryGetValue(index, out var known) ? (known.Sums, known.Rows) : (new double[changes.Length], 0);
                modules._modules[index] = (site, [.. sums.Zip(changes, (a, b) => a + b)], rows + 1);
            }
        }
    }
}
