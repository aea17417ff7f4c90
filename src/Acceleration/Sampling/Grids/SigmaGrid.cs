namespace Acceleration;

/// <summary>Noise levels S = σ/α of a variance-preserving network for solvers in sigma space (Euler, Heun, KDPM2, LMS), at training steps and between them.</summary>
/// <param name="Steps">N, 1..train steps.</param>
[Entry("sigma", "sigma")]
public sealed record SigmaGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Steps { get; init => field = Require.StepsOf<SigmaGrid>(value); } = Require.StepsOf<SigmaGrid>(Steps);

    /// <summary>How timesteps are picked. Linspace is not rounded; leading starts below the noisiest level.</summary>
    [InTag]
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Linspace;

    /// <summary>Added to leading timesteps (1 for Stable Diffusion).</summary>
    [InTag("o")]
    [AtLeast(0)]
    public int Offset { get; init => field = Require.AtLeast(0, value); }

    /// <summary>How levels are distributed between the first and the last one; the network is then told the fractional steps that have them.</summary>
    [InTag]
    public SigmaShape Shape { get; init; } = SigmaShape.Plain;

    /// <summary>First level of a shape other than plain and log-linear, above 0; null for the one the spacing gives.</summary>
    [InTag("max")]
    [Above(0)]
    public double? Largest { get; init => field = Require.Above(0, value); }

    /// <summary>Last level of a shape other than plain and log-linear, above 0; null for the one the spacing gives.</summary>
    [InTag("min")]
    [Above(0)]
    public double? Smallest { get; init => field = Require.Above(0, value); }

    /// <summary>Whether the last step arrives at the clean sample; else at the first training step's noise level.</summary>
    [InTag("first")]
    public bool EndsClean { get; init; } = true;

    /// <summary>Whether times of a shape other than plain are rounded to whole training steps.</summary>
    [InTag("round")]
    public bool WholeTimes { get; init; }

    /// <summary>Whether the network is told ¼·ln S instead of a training step (v-predicting networks that were tuned so).</summary>
    [InTag("cont")]
    public bool Continuous { get; init; }

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network)
    {
        var table = TrainingSteps.Of(network).WithFiniteTerminalSnr();
        var times = Timesteps.Euler(table.TrainSteps, Steps, Spacing, Offset);
        var end = EndsClean ? 0 : table.SigmaRatios[0];
        var name = $"sigma-{Spacing.ToString().ToLowerInvariant()}{(Shape == SigmaShape.Plain ? "" : $"-{Shape.ToString().ToLowerInvariant()}")}";
        if (Shape == SigmaShape.LogLinear)
        {
            // The published list has a level more than there are steps, so that its end is never reached.
            return SigmaSchedule.Make(name, table, times, Sigmas.LogLinear(table, Steps), Spacing, Continuous, wholeSteps: Steps + 1);
        }

        var levels = Sigmas.Plain<double>(table, times);
        if (Shape != SigmaShape.Plain)
        {
            levels = Sigmas.Between(Shape, Largest ?? levels[0], Smallest ?? levels[^1], Steps);
            times = Array.ConvertAll(levels, s => SigmaLookup.TimeOf(table, s));
            times = WholeTimes ? Array.ConvertAll(times, Math.Round) : times;
        }

        return SigmaSchedule.Make(name, table, times, [.. levels, end], Spacing, Continuous);
    }
}
