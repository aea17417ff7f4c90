namespace Acceleration;

/// <summary>A decision in one request. One decision per step and sample, on the conditional branch, followed by the others.</summary>
public interface IWhenRun : IDisposable
{
    /// <summary>
    /// Decides for the samples of this call that have no decision yet in this step, and tells for each row whether it may be skipped. A row with
    /// nothing to be approximated from is computed whatever the answer.
    /// </summary>
    Func<RowId, bool> Skip(in SiteCall call, Value input);

    /// <summary>Sees rows that were really computed.</summary>
    void Observe(in SiteCall call, RowSet rows, Value input, Value output)
    {
    }

    /// <summary>A new stage begins; the store has been emptied.</summary>
    void StageChanged(in StageInfo stage)
    {
    }

    /// <summary>Skipped steps that can follow <paramref name="step"/> at most, before one is computed.</summary>
    int Horizon(StepInfo step) => step.Count;
}
