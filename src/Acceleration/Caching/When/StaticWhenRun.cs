namespace Acceleration;

/// <summary>A row is skipped while its newest computed step is the newest that the schedule wants computed.</summary>
internal sealed class StaticWhenRun(StaticWhen when, RunStore store, string strategy) : IWhenRun
{
    // A pure function of the step, kept so that a long run of skipped steps is not walked back in each of them.
    private (Schedule? Grid, int Step, int Computed) _newest;

    public Func<RowId, bool> Skip(in SiteCall call, Value input)
    {
        var due = Due(call.Step);
        var key = Computed(call);

        // Once for each sample, whether its branches come in one call or in several.
        foreach (var row in call.Rows.Where(r => r.Branch <= Branch.Conditional))
        {
            call.Record(new(strategy, call.Site.Path, row.Sample, Skips(key, row, due)));
        }

        return row => Skips(key, row, due);
    }

    public void Observe(in SiteCall call, RowSet rows, Value input, Value output)
    {
        foreach (var row in rows)
        {
            store.SetScalar(Computed(call), row, call.Step.Index);
        }
    }

    public int Horizon(StepInfo step)
    {
        var skipped = 0;
        while (step.Index + skipped + 1 < step.Count && when.Skips(step.Index + skipped + 1, step.Count))
        {
            skipped++;
        }

        return skipped;
    }

    public void Dispose()
    {
    }

    private static StoreKey Computed(in SiteCall call) => call.Key("computed");

    private bool Skips(StoreKey key, RowId row, int due) => store.Scalar(key, row) is { } computed && computed >= due && due < int.MaxValue;

    /// <summary>The newest step up to now that the schedule wants computed; beyond all steps where that is the present one.</summary>
    private int Due(StepInfo step)
    {
        var (known, computed) = ReferenceEquals(_newest.Grid, step.Grid) && _newest.Step <= step.Index ? (_newest.Step, _newest.Computed) : (-1, -1);
        var newest = step.Index;
        while (newest > known && when.Skips(newest, step.Count))
        {
            newest--;
        }

        _newest = (step.Grid, step.Index, newest > known ? newest : computed);
        return _newest.Computed == step.Index ? int.MaxValue : _newest.Computed;
    }
}
