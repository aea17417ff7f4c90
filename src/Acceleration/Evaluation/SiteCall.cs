using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A site as a hook meets it.</summary>
/// <param name="Site">The site.</param>
/// <param name="Evaluation">The evaluation that raised it.</param>
public readonly record struct SiteCall(Site Site, Evaluation Evaluation)
{
    /// <summary>Step, and network call within the step.</summary>
    public StepInfo Step => Evaluation.Step;

    /// <summary>The rows here.</summary>
    public RowSet Rows => Evaluation.Rows;

    /// <summary>Token layout here, where the network has stated one.</summary>
    public TokenLayout? Layout => Evaluation.Layout;

    /// <summary>The key under which something is remembered for this site and network call.</summary>
    public StoreKey Key(string name) => new(name, Site.Index, Step.Call);

    /// <summary>A published signal for the rows here, or null if the network has not published it.</summary>
    public Tensor? Signal(Signal signal) => Evaluation.Signal(signal);

    /// <summary>The latents in x = α·x0 + σ·ε of some of the rows here, at the prediction, where rows are samples.</summary>
    internal Tensor Unscaled(RowSet rows)
    {
        var (all, x) = (Rows, Evaluation.ForRows(Evaluation.Call.Unscaled!));
        return rows.Count == all.Count ? x : all.Take(x, [.. rows.Select(all.IndexOf)]);
    }

    /// <summary>Writes a decision into the trace.</summary>
    public void Record(Decision decision) => Evaluation.Call.Trace.Add(decision);

    /// <summary>Writes down one decision that holds for several samples.</summary>
    /// <param name="decision">That of the first.</param>
    /// <param name="samples">All of them; not changed afterwards.</param>
    internal void Record(Decision decision, int[] samples) => Evaluation.Call.Trace.Add(decision, samples);

    /// <summary>Reads values back from the device: the only way a strategy may, so that synchronisations are counted.</summary>
    public float[] Read(Tensor values) => Evaluation.Call.Read(values);

    /// <summary>Tells the trace that a hook saved multiply-adds inside a body it ran (sparse attention).</summary>
    public void CountSaved(double multiplyAdds) => Evaluation.Call.Trace.Count(Rows, -multiplyAdds);
}
