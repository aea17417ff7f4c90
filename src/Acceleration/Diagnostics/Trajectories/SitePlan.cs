namespace Acceleration;

/// <summary>Which values of which sites of a network some statistics want.</summary>
internal sealed class SitePlan
{
    private readonly Dictionary<int, Place> _places = [];

    public SitePlan(IReadOnlyList<ITrajectoryStatistic> statistics, SiteMap sites)
    {
        Statistics = statistics;
        var wanted = statistics.Select(s => s.Places).ToArray();
        foreach (var site in sites.All)
        {
            RecordedPlace[] places = [.. wanted.SelectMany(w => w).Where(p => p.Where.Matches(site))];
            if (places.Length > 0)
            {
                _places[site.Index] = new(
                    site,
                    places.Any(p => p.Input),
                    places.Any(p => p.Output),
                    places.Any(p => p.Text),
                    [.. places.SelectMany(p => p.Signals).Distinct()],
                    places.Max(p => p.LookBack),
                    [.. wanted.Select((w, i) => (i, w.ToList().FindIndex(p => p.Where.Matches(site)))).Where(s => s.Item2 >= 0)]);
            }
        }

        // Where a place is nowhere, its own selector is claimed, so that the refusal names it.
        Claims = [.. wanted.SelectMany(w => w).Where(p => !sites.All.Any(p.Where.Matches)).Select(p => p.Where).Distinct(), .. _places.Values.Select(p => Where.Path(p.Site.Path))];
    }

    public IReadOnlyList<ITrajectoryStatistic> Statistics { get; }

    public IReadOnlyList<Where> Claims { get; }

    public IReadOnlyList<Signal> Signals => [.. _places.Values.SelectMany(p => p.Signals).Distinct()];

    public Place this[Site site] => _places[site.Index];

    /// <param name="Site">The site.</param>
    /// <param name="Input">Whether its input is wanted.</param>
    /// <param name="Output">Whether its output is wanted.</param>
    /// <param name="Text">Whether the text stream is wanted, too.</param>
    /// <param name="Signals">Published signals that are wanted.</param>
    /// <param name="LookBack">How far anybody looks back.</param>
    /// <param name="Statistics">Who looks, and for which of its places.</param>
    internal sealed record Place(Site Site, bool Input, bool Output, bool Text, IReadOnlyList<Signal> Signals, int LookBack, IReadOnlyList<(int Statistic, int Place)> Statistics)
    {
        public long Kept(int steps) => Math.Min(LookBack, steps - 1L) + 1;
    }
}
