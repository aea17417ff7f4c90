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

    /// <inheritdoc/>
    public override bool Skips(StepInfo step) =>
        step.Index >= Warmup && (step.Index - Warmup + 1) % Every != 0 && !(ForceLast && step.IsLast);
}
