namespace Acceleration;

/// <summary>
/// SmoothCache's calibration (Liu et al., 2024, arXiv 2411.10510): what it costs to reuse the outputs of a kind of branch one, two, ... steps later, ‖fᵢ − fᵢ₊ⱼ‖₁/‖fᵢ₊ⱼ‖₁, the mean over blocks and rows.
/// </summary>
/// <param name="lookback">Most steps in a row that may reuse, at least 1; published 3.</param>
public sealed class RecordedReuse(int lookback = 3) : ITrajectoryStatistic
{
    private readonly Dictionary<SiteKind, Sum> _kinds = [];

    /// <summary>Most steps in a row that may reuse.</summary>
    public int Lookback { get; } = Require.AtLeast(1, lookback, nameof(lookback));

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlace> Places => [new(Where.Branches) { LookBack = Lookback, Text = true }];

    /// <summary>Kinds of branches that the network has.</summary>
    public IReadOnlyList<SiteKind> Kinds => _kinds.Count == 0 ? throw new InvalidOperationException("Nothing was recorded yet.") : [.. _kinds.Keys.Order()];

    /// <summary>[lookback, steps]: entry [j − 1, i] is what it costs to reuse the output of step i in step i + j; NaN beyond the last step.</summary>
    /// <param name="kind">Kind of branch.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded of it.</exception>
    public double[,] Errors(SiteKind kind)
    {
        if (!_kinds.TryGetValue(kind, out var known))
        {
            throw new InvalidOperationException($"Nothing was recorded of {kind}.");
        }

        var steps = known.Errors.GetLength(1);
        var mean = new double[Lookback, steps];
        for (var j = 0; j < Lookback; j++)
        {
            for (var i = 0; i < steps; i++)
            {
                mean[j, i] = i + j + 1 < steps ? known.Errors[j, i] / known.Count : double.NaN;
            }
        }

        return mean;
    }

    /// <inheritdoc/>
    public ITrajectory Begin(RunInfo run, RowId row) => new Trajectory(this, run);

    /// <summary>The method with the steps that a threshold allows, for each kind its own.</summary>
    /// <param name="threshold">α, at least 0; published 0.08 to 0.35.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public SmoothCache Fit(double threshold) => new([.. Kinds.Select(k => new SiteSchedule(Selector(k), SmoothSchedule.Of(Errors(k), threshold)))]);

    /// <summary>The smallest threshold with which no kind is computed in more than so many steps.</summary>
    /// <param name="computed">Most computed steps.</param>
    /// <exception cref="ArgumentException">No threshold computes so few.</exception>
    /// <inheritdoc cref="Fit"/>
    public double ThresholdFor(int computed)
    {
        double[][,] errors = [.. Kinds.Select(Errors)];
        return Thresholds.ForBudget(computed, errors[0].GetLength(1), t => errors.Max(e => SmoothSchedule.Of(e, t).Count));
    }

    /// <summary>The kind by its name where that selects just the recorded sites, else these by their paths: what lies within another branch is not cached for itself.</summary>
    private Where Selector(SiteKind kind)
    {
        var (sites, map) = (_kinds[kind].Sites, _kinds[kind].Map);
        var named = kind switch
        {
            SiteKind.SelfAttention => Where.Attention,
            SiteKind.TemporalAttention => Where.TemporalAttention,
            SiteKind.CrossAttention => Where.CrossAttention,
            _ => Where.FeedForward,
        };
        return sites.SetEquals(map.All.Where(named.Matches)) ? named : sites.OrderBy(s => s.Index).Select(s => Where.Path(s.Path)).Aggregate((a, b) => a.Or(b));
    }

    /// <summary>Summed errors of one kind.</summary>
    private sealed record Sum(SiteMap Map, double[,] Errors)
    {
        public HashSet<Site> Sites { get; } = [];

        /// <summary>Sites and rows that were added.</summary>
        public int Count { get; set; }
    }

    private sealed class Trajectory(RecordedReuse reuse, RunInfo run) : ITrajectory
    {
        private readonly Dictionary<Site, double[,]> _errors = [];

        public void See(in RecordedValue value)
        {
            if (!_errors.TryGetValue(value.Site, out var errors))
            {
                _errors[value.Site] = errors = new double[reuse.Lookback, value.Step.Count];
            }

            var now = value.Step.Index;
            for (var back = 1; back <= Math.Min(now, reuse.Lookback); back++)
            {
                errors[back - 1, now - back] = Vectors.Change(value.Output(back), value.Output());
            }
        }

        public void Complete()
        {
            foreach (var (site, errors) in _errors)
            {
                if (!reuse._kinds.TryGetValue(site.Kind, out var sum))
                {
                    reuse._kinds[site.Kind] = sum = new(run.Network.Sites, new double[errors.GetLength(0), errors.GetLength(1)]);
                }

                sum.Sites.Add(site);
                sum.Count++;
                for (var i = 0; i < errors.Length; i++)
                {
                    var (j, step) = (i / errors.GetLength(1), i % errors.GetLength(1));
                    sum.Errors[j, step] += errors[j, step];
                }
            }
        }
    }
}
