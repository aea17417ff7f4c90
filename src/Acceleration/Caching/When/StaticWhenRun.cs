namespace Acceleration;

/// <summary>A row is skipped while its newest computed step is the newest that the schedule wants computed.</summary>
internal sealed class StaticWhenRun(StaticWhen when, RunStore store, string strategy) : IWhenRun
{
    // Pure functions of the step, kept so that a long run of skipped steps is not walked back in each of them.
    private readonly Dictionary<int, (Schedule Grid, int Step, int Computed)> _newest = [];

    public Func<RowId, bool> Skip(in WhenCall call)
    {
        var due = Due(call.Step, call.At.Site);
        var key = Computed(call);
        var apart = call.At.Site.Kind == SiteKind.Correction;

        // Once for each sample, or each correction, whether its branches come in one call or in several.
        foreach (var row in call.At.Rows.Where(r => r.Branch <= Branch.Conditional || apart))
        {
            call.At.Record(new(strategy, call.At.Site.Path, row.Sample, Skips(key, row, due)));
        }

        return row => Skips(key, row, due);
    }

    public void Observe(in WhenCall call, RowSet rows, Value input, Value output)
    {
        foreach (var row in rows)
        {
            store.SetScalar(Computed(call), row, call.Step.Index);
        }
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

    private bool Skips(StoreKey key, RowId row, int due) => store.Scalar(key, row) is { } computed && computed >= due && due < int.MaxValue;

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
}
