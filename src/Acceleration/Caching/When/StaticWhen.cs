namespace Acceleration;

/// <summary>A decision known before the run: the same for all samples.</summary>
public abstract record StaticWhen : IWhen
{
    /// <inheritdoc/>
    public abstract string Tag { get; }

    /// <summary>Whether a step is skipped.</summary>
    public abstract bool Skips(int step, int steps);

    /// <inheritdoc/>
    public IWhenRun Begin(RunInfo info, RunStore store, string strategy) => new Started(this, strategy);

    private sealed class Started(StaticWhen when, string strategy) : IWhenRun
    {
        public Func<RowId, bool> Skip(in SiteCall call, Value input)
        {
            var skip = when.Skips(call.Step.Index, call.Step.Count);
            Record(call, skip);
            return _ => skip;
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

        private void Record(in SiteCall call, bool skip)
        {
            // Once for each sample, whether its branches come in one call or in several.
            foreach (var row in call.Rows.Where(r => r.Branch <= Branch.Conditional))
            {
                call.Record(new(strategy, call.Site.Path, row.Sample, skip));
            }
        }
    }
}
