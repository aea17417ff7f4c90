namespace Acceleration;

/// <summary>
/// The sampler of Karras et al. (2022), algorithm 2: fresh noise raises the latents to σ̂ before the network is asked, then <see cref="Heun"/>'s step from there. Two network calls in each step, one in a last step that arrives at
/// the clean sample. Computes in the dtype of the latents.
/// </summary>
[Entry("edmHeun", "edm-heun")]
[UsualSchedule(typeof(EdmGrid))]
public sealed record EdmHeun : ISolver
{
    /// <summary>Fresh noise in each step; null for none. The network is asked at levels between those of the schedule, so <see cref="Schedule.Level"/> must be known.</summary>
    [InTag("churn")]
    public Churn? Churn { get; init; }

    /// <inheritdoc/>
    public string Name => "edm-heun";

    /// <inheritdoc/>
    public double NoiseBefore(Schedule grid, int step) => Start(grid, step).Sigma is var raised && raised == grid.Points[step].Sigma ? 0 : Churn!.Deviation(grid.Points[step].Sigma, raised);

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.Why(grid, asksBetween: Churn is not null);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => grid.Targets[step].Sigma == 0 ? 1 : 2;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => SigmaLevels.Input(state.Latents, call == 0 ? Start(grid, step) : grid.Targets[step]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule is not one of sigma space.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        SigmaLevels.Require(grid, step, "EDM Heun");
        var (slope, distance) = (EulerStep.Slope(now), grid.Targets[step].Sigma - Start(grid, step).Sigma);
        return call == 0 ? HeunStep.First(state, slope, distance, Calls(grid, step) == 1) : HeunStep.Second(state, slope, distance);
    }

    /// <summary>The level at which the step starts once noise is added.</summary>
    private GridPoint Start(Schedule grid, int step)
    {
        var from = grid.Points[step];
        return Churn?.Raised(from.Sigma, grid.WholeSteps) is { } raised && raised != from.Sigma ? SigmaLevels.Between(grid, raised) : from;
    }
}
