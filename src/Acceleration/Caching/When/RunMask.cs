namespace Acceleration;

/// <summary>A published step mask of the cache-dit project, scaled to the steps of the run: its computed steps are <see cref="StepPatterns.Masked"/>. By itself it skips all others; within <see cref="Masked"/> they may be skipped where something measured allows it.</summary>
/// <param name="Mask">Which.</param>
[Entry("runMask", "mask")]
public sealed record RunMask(Scm Mask) : StaticWhen
{
    /// <summary>Which.</summary>
    [InTag]
    public Scm Mask { get; init; } = Known(Mask);

    /// <inheritdoc/>
    public override bool Skips(StepInfo step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return !StepPatterns.Masked(Mask, step.Count).Contains(step.Index);
    }

    private static Scm Known(Scm mask) => Enum.IsDefined(mask) ? mask : throw new ArgumentOutOfRangeException(nameof(Mask), mask, "There is no such mask.");
}
