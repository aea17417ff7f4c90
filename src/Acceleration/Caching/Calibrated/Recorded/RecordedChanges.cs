namespace Acceleration;

/// <summary>
/// How alike the outputs of sites are between any two steps of a run: what BAC (arXiv 2506.13456) and Step Rehash (arXiv 2411.01171) choose their steps from. The mean over rows. All steps of a row stay at hand while it is
/// recorded; two numbers for each pair of steps and site afterwards.
/// </summary>
/// <param name="where">The sites.</param>
public sealed class RecordedChanges(Where where) : ITrajectoryStatistic
{
    private readonly Dictionary<int, SiteChanges> _sums = [];
    private readonly List<int> _order = [];

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlace> Places { get; } = [new(where) { LookBack = RecordedPlace.All, Text = true }];

    /// <summary>What was recorded of each site, in the order in which the network computes them.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public IReadOnlyList<SiteChanges> Sites => _order.Count == 0 ? throw new InvalidOperationException("Nothing was recorded yet.") : [.. _order.Select(i => _sums[i].Mean())];

    /// <inheritdoc/>
    public ITrajectory Begin(RunInfo run, RowId row) => new Trajectory(this);

    /// <summary>BAC from what was recorded: the best steps of each site, made fit for each other.</summary>
    /// <param name="updates">Computed steps of each site before the repair, 1 to all; published 5 to 20 of 100.</param>
    /// <param name="repaired">How many sites, those that change most, are also computed wherever a feed-forward part after them is; published 3.</param>
    /// <param name="forceFrom">The step from which on all are computed; null for none. Published: 99 of DDPM's 100.</param>
    /// <param name="objective">What the steps make as large as possible.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public BlockAdaptiveCaching FitBlocks(int updates, int repaired = 3, int? forceFrom = null, SegmentObjective objective = SegmentObjective.Anchor)
    {
        var schedules = Sites.Select(s => new BlockSchedule(s.Site.Path, s.Site.Kind == SiteKind.FeedForward, BlockSchedules.Volatility(s.Distance), BlockSchedules.Of(s.Similarity, updates, objective)));
        return new([.. BubblingUnion.Of([.. schedules], repaired).Select(s => new SiteSchedule(Where.Path(s.Path), Forced(s.Steps, forceFrom)))]);
    }

    private IReadOnlyList<int> Forced(IReadOnlyList<int> steps, int? from) => from is { } first ? BlockSchedules.ForceFrom(steps, first, _sums[_order[0]].Steps) : steps;

    private sealed class Trajectory(RecordedChanges changes) : ITrajectory
    {
        private readonly Dictionary<int, SiteChanges> _sites = [];
        private readonly List<int> _order = [];

        public void See(in RecordedValue value)
        {
            if (!_sites.TryGetValue(value.Site.Index, out var site))
            {
                _sites[value.Site.Index] = site = SiteChanges.Of(value.Site, value.Step.Count);
                _order.Add(value.Site.Index);
            }

            site.Add(value);
        }

        public void Complete()
        {
            foreach (var index in _order)
            {
                if (changes._sums.TryGetValue(index, out var sum))
                {
                    sum.Add(_sites[index]);
                }
                else
                {
                    changes._sums[index] = _sites[index];
                    changes._order.Add(index);
                }
            }
        }
    }
}
