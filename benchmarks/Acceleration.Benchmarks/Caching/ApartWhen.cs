namespace Acceleration.Benchmarks;

/// <summary>Each sample is computed at steps of its own, one in every few: in no step do all samples do the same.</summary>
/// <param name="Every">N: sample s is computed in step i where i + s is a multiple of it.</param>
internal sealed record ApartWhen(int Every) : IWhen
{
    public string Tag => $"apart{Every}";

    public IWhenRun Begin(RunInfo info, RunStore store, string strategy) => new Run(Every);

    private sealed class Run(int every) : IWhenRun
    {
        public Func<RowId, bool> Skip(in WhenCall call)
        {
            var step = call.Step.Index;
            return row => (step + row.Sample) % every != 0;
        }

        public void Dispose()
        {
        }
    }
}
