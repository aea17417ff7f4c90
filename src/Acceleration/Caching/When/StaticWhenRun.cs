namespace Acceleration;

/// <summary>A row is skipped while its newest computed step is the newest that the schedule wants computed.</summary>
internal sealed class StaticWhenRun(StaticWhen when, RunStore store, string strategy) : IWhenRun
{
    // Pure functions of the step, kept so that a long run of skipped steps is not walked back in each of them.
    private readonly Dictionary<int, (Schedule Grid, int Step, int Computed)> _newest = [];

    // The rows that decide, of the last call: those of most calls are the same.
    private Deciders? _deciders;

    public Func<RowId, bool> Skip(in WhenCall call)
    {
        var due = Due(call.Step, call.At.Site);
        var computed = store.Scalars(Computed(call));
        Record(call.At, r => Skips(computed, r, due));
        return row => Skips(computed, row, due);
    }

    public void Observe(in WhenCall call, RowSet rows, Value input, Value output)
    {
        store.SetScalars(Computed(call), rows, call.Step.Index);
    }

    public int Horizon(StepInfo step, Site site, int entries)
    {
        var (last, computed) = (step.Index, 0);
        for (var i = step.Index + 1; i < step.Count && computed < entries; i++)
        {
            if (when.Skips(step.Other(i), site))
            {
                last = i;
            }
            else
            {
                computed++;
            }
        }

        return last - step.Index;
    }

    public void Dispose()
    {
    }

    private static StoreKey Computed(in WhenCall call) => call.Key("computed");

    private static bool Skips(IReadOnlyDictionary<RowId, double>? computed, RowId row, int due) => due < int.MaxValue && computed is not null && computed.TryGetValue(row, out var step) && step >= due;

    /// <summary>Once for each sample, or each correction, whether its branches come in one call or in several; in one entry where all do the same, as they nearly always do.</summary>
    private void Record(in SiteCall at, Func<RowId, bool> skips)
    {
        var apart = at.Site.Kind == SiteKind.Correction;
        if (_deciders is not { } deciders || deciders.Apart != apart || !deciders.Of.Equals(at.Rows))
        {
            _deciders = deciders = Deciders.Among(at.Rows, apart);
        }

        if (deciders.Rows.Length == 0)
        {
            return;
        }

        var first = skips(deciders.Rows[0]);
        if (Array.TrueForAll(deciders.Rows, r => skips(r) == first))
        {
            at.Record(new(strategy, at.Site.Path, deciders.Samples[0], first), deciders.Samples);
            return;
        }

        foreach (var row in deciders.Rows)
        {
            at.Record(new(strategy, at.Site.Path, row.Sample, skips(row)));
        }
    }

    /// <summary>The newest step up to now that the schedule wants computed; beyond all steps where that is the present one.</summary>
    private int Due(StepInfo step, Site site)
    {
        var (known, computed) = _newest.TryGetValue(site.Index, out var n) && ReferenceEquals(n.Grid, step.Grid) && n.Step <= step.Index ? (n.Step, n.Computed) : (-1, -1);
        var newest = step.Index;
        while (newest > known && when.Skips(newest == step.Index ? step : step.Other(newest), site))
        {
            newest--;
        }

        computed = newest > known ? newest : computed;
        _newest[site.Index] = (step.Grid, step.Index, computed);
        return computed == step.Index ? int.MaxValue : computed;
    }

    private sealed record Deciders(RowSet Of, bool Apart, RowId[] Rows, int[] Samples)
    {
        public static Deciders Among(RowSet rows, bool apart)
        {
            RowId[] deciding = [.. rows.Where(r => r.Branch <= Branch.Conditional || apart)];
            return new(rows, apart, deciding, Array.ConvertAll(deciding, r => r.Sample));
        }
    }
}
