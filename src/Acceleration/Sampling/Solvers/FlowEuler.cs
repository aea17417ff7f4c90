using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Euler's method on a rectified flow: x' = x + (σ' − σ)·v. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
[Entry("flowEuler", "flow-euler")]
[UsualSchedule(typeof(FlowGrid))]
public sealed record FlowEuler : ISolver
{
    private const float FlowTolerance = 1e-5f;

    /// <summary>Goes to the predicted x0 and noises it anew in every step, x' = (1 − σ')·x0 + σ'·n, as few-step distilled networks want it.</summary>
    [InTag("sde")]
    public bool Stochastic { get; init; }

    /// <inheritdoc/>
    public string Name => "flow-euler";

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule is not one of a flow.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        if (!IsFlow(from) || !IsFlow(to))
        {
            throw new ArgumentException($"Schedule {grid.Name}: step {step} from {from} to {to} is not on a flow, alpha = 1 - sigma. Flow Euler needs a {nameof(FlowSchedule)}.");
        }

        // Taken before the scope opens: the prediction remembers its conversions.
        var velocity = now.LeadingVelocity;

        using var scope = NewDisposeScope();
        var dtype = state.Latents.dtype;
        var (x, v) = (Wide(state.Latents), Wide(velocity));
        var moved = Stochastic ? (x - v.Times(from.Sigma)).Times(1 - to.Sigma) : x.Plus(v.Times(to.Sigma - from.Sigma));
        var mean = (moved.dtype == dtype ? moved : moved.to_type(dtype)).MoveToOuterDisposeScope();
        var noise = Stochastic ? tensor(to.Sigma, mean.dtype, mean.device).MoveToOuterDisposeScope() : null;
        return new(mean, noise, state with { Latents = mean });
    }

    private static bool IsFlow(GridPoint p) => MathF.Abs(p.Alpha + p.Sigma - 1) <= FlowTolerance;

    private static Tensor Wide(Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to_type(ScalarType.Float32) : x;
}
