namespace Acceleration;

/// <summary>Skips where it is told to from outside, between steps: for calibrations that try out what skipping costs.</summary>
internal sealed class ScriptedWhen : IWhen
{
    /// <summary>Whether the next step is skipped.</summary>
    public bool Skips { get; set; }

    public string Tag => "scripted";

    public IWhenRun Begin(RunInfo info, RunStore store, string strategy) => new Run(this);

    private sealed class Run(ScriptedWhen when) : IWhenRun
    {
        public Func<RowId, bool> Skip(in WhenCall call)
        {
            var skips = when.Skips;
            return _ => skips;
        }

        public void Dispose()
        {
        }
    }
}
