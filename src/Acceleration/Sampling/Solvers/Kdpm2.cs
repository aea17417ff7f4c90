using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// DPM-Solver-2 in sigma space: to the level halfway in ln σ, then over the whole step along the slope found there. Two network calls in each step, one in a last step that arrives at the clean sample. Computes in the dtype of
/// the latents.
/// </summary>
[Entry("kdpm2", "kdpm")]
[UsualSchedule(typeof(SigmaGrid))]
public sealed record Kdpm2 : ISolver
{
    /// <summary>Goes below the next level and noises up to it, as <see cref="EulerAncestral"/> does.</summary>
    [InTag("a")]
    public bool Ancestral { get; init; }

    /// <inheritdoc/>
    public string Name => Ancestral ? "kdpm-a" : "kdpm";

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.Why(grid, asksBetween: true);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => grid.Targets[step].Sigma == 0 ? 1 : 2;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) =>
        SigmaLevels.Input(state.Latents, call == 0 ? grid.Points[step] : SigmaLevels.Between(grid, Middle(grid, step)));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule is not one of sigma space.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        SigmaLevels.Require(grid, step, "KDPM2");
        var (from, ends) = (grid.Points[step].Sigma, Ends(grid, step));
        var start = call == 0 ? state.Latents : state.History[0];

        // Taken before the scope opens: the prediction remembers its conversions.
        var (x0, leading) = (now.X0, now.LeadsApart ? now.LeadingEpsilon : null);

        using var scope = NewDisposeScope();
        var slope = leading ?? (now.X - x0).Over(now.At.Sigma);
        var mean = start.Plus(slope.Times((call == 0 ? Middle(grid, step) : ends.Down) - from)).MoveToOuterDisposeScope();
        return call == 1 && Ancestral
            ? new(mean, tensor(ends.Up, mean.dtype, mean.device).MoveToOuterDisposeScope(), SolverState.Start(mean))
            : new(mean, null, new(mean, call == 0 && Calls(grid, step) == 2 ? [start] : []));
    }

    /// <summary>Halfway down in ln σ; 0 where the step ends there.</summary>
    private float Middle(Schedule grid, int step)
    {
        var (from, to) = (grid.Points[step].Sigma, Ends(grid, step).Down);
        return to == 0 ? 0 : MathF.Exp((MathF.Log(from) + MathF.Log(to)) * 0.5f);
    }

    private AncestralLevels Ends(Schedule grid, int step)
    {
        var (from, to) = (grid.Points[step].Sigma, grid.Targets[step].Sigma);
        return Ancestral ? AncestralLevels.Of(from, to) : new(to, 0);
    }
}
