namespace Acceleration.Tests.Caching;

/// <summary>Skips what a test says, sample by sample.</summary>
internal sealed record BySample(Func<int, int, bool> Skips) : IWhen
{
    public string Tag => "by-sample";

    public IWhenRun Begin(RunInfo info, RunStore store, string strategy) => new Started(Skips);

    private sealed class Started(Func<int, int, bool> skips) : IWhenRun
    {
        public Func<RowId, bool> Skip(in WhenCall call)
        {
            var step = call.Step.Index;
            return row => skips(step, row.Sample);
        }

        public void Dispose()
        {
        }
    }
}
