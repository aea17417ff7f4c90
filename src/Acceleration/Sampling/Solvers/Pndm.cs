using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// PNDM (Liu et al., 2022): directions of several calls are combined as numerical methods do it, and each step transfers x' = (α'/α)·x + (σ' − σ·α'/α)·ε exactly (equation 11). Where the grid has levels within its first steps
/// (<see cref="PndmGrid"/>), these are steps of Runge and Kutta of four calls, or one of two calls; all else is Adams and Bashforth, of order 4 once three steps are remembered.
/// </summary>
/// <remarks>
/// Of networks that predict v the outputs themselves are combined, and made ε at the latents where the step begins, as the reference has it. Takes no bounds on the clean sample. Computes in the dtype of the latents.
/// </remarks>
[Entry("pndm", "pndm")]
[UsualSchedule(typeof(PndmGrid))]
public sealed record Pndm : ISolver
{
    /// <inheritdoc/>
    public string Name => "pndm";

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => PndmStart.Calls(grid.Inner(step).Length);

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) =>
        new(state.Latents, state.Latents, call == 0 ? grid.Points[step] : PndmStart.At(grid, step, call));

    /// <inheritdoc/>
    public string? RefuseClip() => AdamsBashforth.Unbounded;

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.WhyUnscaled(grid) ?? Enumerable.Range(0, grid.Steps).Select(k => Why(grid, k)).FirstOrDefault(w => w is not null);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The step starts at pure noise, where ε says nothing about x0.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        var from = grid.Points[step];
        if (Why(grid, step) is { } why)
        {
            throw new ArgumentException($"PNDM: {why}");
        }

        // Taken before the scope opens: the prediction remembers its conversions.
        var leading = Leading(now);
        var kept = (now.Type == PredictionType.Velocity ? now.Output : now.Epsilon).alias();
        if (Calls(grid, step) > 1)
        {
            return PndmStart.Step(state, grid, step, call, leading, kept, now.Type);
        }

        using var scope = NewDisposeScope();
        var mean = Moved(state.Latents, AdamsBashforth.Direction(leading, state.History), from, grid.Targets[step], now.Type).MoveToOuterDisposeScope();
        return new(mean, null, new(mean, AdamsBashforth.Push(kept, state.History)));
    }

    /// <summary>x, taken along a direction from one level to another.</summary>
    internal static Tensor Moved(Tensor x, Tensor direction, GridPoint from, GridPoint to, PredictionType type)
    {
        var (kept, lost) = ((double)to.Alpha / from.Alpha, to.Sigma - (from.Sigma * ((double)to.Alpha / from.Alpha)));
        var epsilon = type == PredictionType.Velocity ? Conversions.Epsilon(direction, type, x, from) : direction;
        return x.Times(kept).Plus(epsilon.Times(lost));
    }

    private static string? Why(Schedule grid, int step) => grid.Points[step].Alpha > 0 ? null
        : $"Step {step} of schedule {grid.Name} starts at alpha 0, where epsilon says nothing about the clean sample; PNDM needs a schedule that does not begin with pure noise.";

    /// <summary>v where the network predicts it, else ε; of the leading terms where a hook has changed them.</summary>
    private static Tensor Leading(Prediction now)
    {
        if (now.Type != PredictionType.Velocity)
        {
            return now.LeadingEpsilon;
        }

        return ReferenceEquals(now.LeadingEpsilon, now.Epsilon) && ReferenceEquals(now.LeadingX0, now.X0)
            ? now.Output
            : now.LeadingEpsilon.Times(now.At.Alpha) - now.LeadingX0.Times(now.At.Sigma);
    }
}
