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
            if (call.Site.Kind != SiteKind.Chain || call.Step.Call == 0)
            {
                Record(call, skip);
            }

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
            foreach (var sample in call.Rows.Select(r => r.Sample).Distinct())
            {
                call.Record(new(strategy, call.Site.Path, sample, skip));
            }
        }
    }
}
