namespace Acceleration;

/// <summary>Training steps of a variance-preserving network, picked as DDIM does: <see cref="DdimSchedule.Make"/>.</summary>
/// <param name="Steps">N, 1..train steps.</param>
[Entry("ddim", "steps")]
public sealed record DdimGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Steps { get; init => field = Require.StepsOf<DdimGrid>(value); } = Require.StepsOf<DdimGrid>(Steps);

    /// <summary>How timesteps are picked.</summary>
    [InTag]
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Linspace;

    /// <summary>Added to leading timesteps (1 for Stable Diffusion).</summary>
    [InTag("o")]
    [AtLeast(0)]
    public int Offset { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Whether the last step arrives at the clean sample; else at the first training step's noise level.</summary>
    [InTag("first")]
    public bool EndsClean { get; init; } = true;

    /// <summary>Whether every step arrives where the next one starts; else T div N training steps lower, as the reference has it whatever the spacing.</summary>
    [InTag("loose")]
    public bool Strict { get; init; } = true;

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network) => DdimSchedule.Make(TrainingSteps.Of(network), Steps, Spacing, Offset, EndsClean, Strict);
}
