namespace Acceleration.Tests.Caching;

/// <summary>Skips what a test says, sample by sample.</summary>
internal sealed record BySample(Func<int, int, bool> Skips) : IWhen
{
    public string Tag => "by-sample";

    public IWhenRun Begin(RunInfo info, RunStore store, string strategy) => new Started(Skips, strategy);

    private sealed class Started(Func<int, int, bool> skips, string strategy) : IWhenRun
    {
        public Func<RowId, bool> Skip(in WhenCall call)
        {
            var (step, site) = (call.Step.Index, call.At.Site);
            foreach (var row in call.At.Rows.Where(r => r.Branch <= Branch.Conditional || site.Kind == SiteKind.Correction))
            {
                call.At.Record(new(strategy, site.Path, row.Sample, skips(step, row.Sample)));
            }

            return row => skips(step, row.Sample);
        }

        public void Dispose()
        {
        }
    }
}
