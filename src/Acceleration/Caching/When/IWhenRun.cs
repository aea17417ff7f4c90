namespace Acceleration;

/// <summary>A decision in one request. One decision per step and sample, on the conditional branch, followed by the others.</summary>
public interface IWhenRun : IDisposable
{
    /// <summary>
    /// Decides for the samples of this call that have no decision yet in this step, and tells for each row whether it may be skipped. A row with
    /// nothing to be approximated from is computed whatever the answer.
    /// </summary>
    Func<RowId, bool> Skip(in WhenCall call);

    /// <summary>Sees rows that were really computed: their input, and their output behind the last range.</summary>
    /// <param name="call">The call as it was decided on.</param>
    /// <param name="rows">The computed rows.</param>
    /// <param name="input">Input of these rows.</param>
    /// <param name="output">Output of these rows.</param>
    void Observe(in WhenCall call, RowSet rows, Value input, Value output)
    {
    }

    /// <summary>A new stage begins; the store has been emptied.</summary>
    void StageChanged(in StageInfo stage)
    {
    }

    /// <summary>Steps after <paramref name="step"/> within which the last lies that can be skipped at a site before <paramref name="entries"/> others are computed: as long as what is computed now is of use.</summary>
    int Horizon(StepInfo step, Site site, int entries) => step.Count;
}
