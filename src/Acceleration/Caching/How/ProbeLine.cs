namespace Acceleration;

/// <summary>
/// DiCache's approximation (Bu et al., 2025, arXiv 2508.17356): the residual of the chain lies on the line through its last two values, as far along as the residual of the first blocks, which is known, lies between its own.
/// </summary>
/// <param name="Most">Most that it may run ahead, at least 1: 2 would be as far beyond the last value as that lies beyond the one before. Published: 1.5 (FLUX), 2 (Wan 2.1).</param>
[Entry("probeLine", "probe")]
public sealed record ProbeLine(double Most = 1.5) : IHow
{
    /// <summary>Most that it may run ahead.</summary>
    [InTag]
    [AtLeast(1.0)]
    public double Most { get; init => field = Require.AtLeast(1.0, value); } = Require.AtLeast(1.0, Most, nameof(Most));

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Quantity Quantity => Quantity.Residual;

    /// <inheritdoc/>
    public int Entries => 2;

    /// <inheritdoc/>
    public bool NeedsProbe => true;

    /// <inheritdoc/>
    public IHowRun Begin(RunInfo info, RunStore store) => new ProbeLineRun(this, store);
}
