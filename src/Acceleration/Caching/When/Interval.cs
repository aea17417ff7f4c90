namespace Acceleration;

/// <summary>Computes the first steps, then every n-th, and the last.</summary>
/// <param name="Every">N: one computed step in every N, at least 1; 1 computes all.</param>
/// <param name="Warmup">Steps computed at the start, at least 1. Counting to N begins at the last of them.</param>
/// <param name="ForceLast">Whether the last step is computed whatever the count: it decides detail.</param>
[Entry("interval", "every")]
public sealed record Interval(int Every, int Warmup = 1, bool ForceLast = true) : StaticWhen
{
    /// <summary>One computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Every { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Every, nameof(Every));

    /// <summary>Steps computed at the start.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Warmup, nameof(Warmup));

    /// <summary>Whether the last step is computed whatever the count.</summary>
    [InTag("f")]
    public bool ForceLast { get; init; } = ForceLast;

    /// <summary>Steps by which counting begins after the last of the warm-up: 2 where the step after it is a skipped one, as in diffusers' TaylorSeer.</summary>
    [InTag("p")]
    [AtLeast(0)]
    public int Phase { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Whether it counts backwards from the last step, which then is a computed one, as FORA does.</summary>
    [InTag("e")]
    public bool FromEnd { get; init; }

    /// <summary>The step from which on all are computed; null for none.</summary>
    [InTag("u")]
    [AtLeast(0)]
    public int? Until { get; init => field = Require.AtLeast(0, value); }

    /// <inheritdoc/>
    public override bool Skips(StepInfo step) =>
        step.Index >= Warmup && Count(step) % Every != 0 && !(step.Index >= Until) && !(ForceLast && step.IsLast);

    /// <inheritdoc/>
    public override string? NeverActs(RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return Every == 1 || StepInfo.All(info.Stages).Any(Skips) ? null : $"of {info.Stages.Sum(s => s.Steps)} steps {Tag} computes every one";
    }

    private int Count(StepInfo step) => FromEnd ? step.Count - 1 - step.Index : step.Index - Warmup + 1 - Phase;
}
