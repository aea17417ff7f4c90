namespace Acceleration;

/// <summary>
/// A decision known before the run: the same for all samples. A computed step that a row missed, because an outer strategy left the site out, is made up for when
/// the row comes by again, so that what is reused is never older than the schedule says.
/// </summary>
public abstract record StaticWhen : IWhen
{
    /// <inheritdoc/>
    public virtual string Tag => PlanTag.Of(this);

    /// <summary>Whether a step is skipped. It follows from <see cref="StepInfo.Index"/>, <see cref="StepInfo.Count"/> and the noise levels alone.</summary>
    public abstract bool Skips(StepInfo step);

    /// <summary>Whether a step is skipped at a site, where sites differ.</summary>
    public virtual bool Skips(StepInfo step, Site site) => Skips(step);

    /// <inheritdoc/>
    public virtual string? Refuse(RunInfo info) => null;

    /// <inheritdoc/>
    public virtual string? NeverActs(RunInfo info) => null;

    /// <inheritdoc/>
    public IWhenRun Begin(RunInfo info, RunStore store, string strategy) => new StaticWhenRun(this, store, strategy);
}
