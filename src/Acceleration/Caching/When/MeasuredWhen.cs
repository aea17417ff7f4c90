namespace Acceleration;

/// <summary>
/// A decision on what is measured while sampling. Decided per sample on its conditional row; where several sites are cached, the first one that a step reaches decides for all, because each decision stalls a
/// GPU. What is measured is a statistic (<see cref="IStatistic"/>); rows and branches, the one read from the device, limits and the trace are the same for all.
/// </summary>
public abstract record MeasuredWhen : IWhen
{
    /// <inheritdoc/>
    public virtual string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public virtual IReadOnlyList<Signal> Signals => [];

    /// <inheritdoc/>
    public virtual bool NeedsProbe => false;

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    public virtual int MostInARow => 0;

    /// <summary>Most skipped steps of a stage; 0 for no bound.</summary>
    public virtual int MostInAll => 0;

    /// <summary>What the errors of skipped steps in a row stay below, added up; 0 for no bound.</summary>
    public virtual double MostSummed => 0;

    /// <summary>Whether an error that equals the limit skips, too; a limit of 0 skips nothing all the same.</summary>
    public virtual bool SkipsAtLimit => false;

    /// <summary>Whether every guidance branch decides for itself, rather than as the conditional one.</summary>
    public virtual bool ByBranch => false;

    /// <summary>Whether every site decides for itself, at one read from the device each.</summary>
    public virtual bool BySite => false;

    /// <summary>Below which error a step is skipped.</summary>
    public abstract double Limit(StepInfo step);

    /// <summary>Below which error a site is left out, where every site decides for itself (<see cref="BySite"/>) and its limit follows those before it; else that of the step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="before">The errors of the same sample at the sites before it in this step, in the order of the sites; of those where something could be measured.</param>
    public virtual double Limit(StepInfo step, IReadOnlyList<float> before) => Limit(step);

    /// <summary>Whether a step is computed whatever is measured: warm-up, the last steps.</summary>
    public abstract bool Forces(StepInfo step);

    /// <summary>Starts measuring in one request.</summary>
    public abstract IStatistic Measure(RunInfo info, RunStore store);

    /// <inheritdoc/>
    public virtual string? Refuse(RunInfo info) => null;

    /// <inheritdoc/>
    public virtual string? Refuse(RunInfo info, Site site) => null;

    /// <inheritdoc/>
    public virtual string? NeverActs(RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return StepInfo.All(info.Stages).All(Forces) ? $"its first and last steps, which are computed whatever is measured, are all {info.Stages.Sum(s => s.Steps)} steps of the run" : null;
    }

    /// <inheritdoc/>
    public IWhenRun Begin(RunInfo info, RunStore store, string strategy) => new MeasuredWhenRun(this, Measure(info, store), store, strategy);
}
