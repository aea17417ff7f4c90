namespace Acceleration;

/// <summary>Noise levels of a variance-preserving network as DPM-Solver, UniPC and DEIS have them: <see cref="MultistepSchedule.Make"/>.</summary>
/// <param name="Steps">N, 1..train steps.</param>
[Entry("multistep", "multi")]
public sealed record MultistepGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Steps { get; init => field = Require.StepsOf<MultistepGrid>(value); } = Require.StepsOf<MultistepGrid>(Steps);

    /// <summary>How timesteps are picked, where <see cref="Shape"/> is plain.</summary>
    [InTag]
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Linspace;

    /// <summary>Added to leading timesteps (1 for Stable Diffusion).</summary>
    [InTag("o")]
    [AtLeast(0)]
    public int Offset { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Plain, or another distribution over the whole table.</summary>
    [InTag]
    public SigmaShape Shape { get; init => field = Ends(value); } = SigmaShape.Plain;

    /// <summary>Whether the last step arrives at the clean sample; else at the smallest level.</summary>
    [InTag("first")]
    public bool EndsClean { get; init; } = true;

    /// <summary>Training steps whose ln(α/σ) is below it are left out; null for none. −5.1 suits cosine tables.</summary>
    [InTag("min")]
    public double? LambdaMin { get; init => field = value is { } given ? Require.Finite(given) : null; }

    /// <summary>Whether the network is told the whole part of a shaped level's time; else the nearest whole step.</summary>
    [InTag("cut")]
    public bool CutsTimes { get; init; }

    /// <summary>The largest σ/α of a shape; null for the table's.</summary>
    [InTag("hi")]
    [Above(0)]
    public double? Max { get; init => field = Require.Above(0, value); }

    /// <summary>The smallest σ/α of a shape; null for the table's.</summary>
    [InTag("lo")]
    [Above(0)]
    public double? Min { get; init => field = Require.Above(0, value); }

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network) =>
        MultistepSchedule.Make(TrainingSteps.Of(network), Steps, Spacing, Offset, Shape, EndsClean, LambdaMin, CutsTimes, Max, Min);

    private static SigmaShape Ends(SigmaShape shape) => shape != SigmaShape.LogLinear
        ? shape
        : throw new ArgumentOutOfRangeException(nameof(Shape), shape, "These solvers have no such levels; exponential ones are uniform in ln sigma, too.");
}
