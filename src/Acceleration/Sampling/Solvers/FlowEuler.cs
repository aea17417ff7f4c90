using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Euler's method on a rectified flow: x' = x + (σ' − σ)·v, which is (1 − σ')·x0 + σ'·ε. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
[Entry("flowEuler", "flow-euler")]
[UsualSchedule(typeof(FlowGrid))]
public sealed record FlowEuler : ISolver
{
    /// <summary>Goes to the predicted x0 and noises it anew in every step, x' = (1 − σ')·x0 + σ'·n, as few-step distilled networks want it.</summary>
    [InTag("sde")]
    public bool Stochastic { get; init; }

    /// <inheritdoc/>
    public string Name => "flow-euler";

    /// <inheritdoc/>
    public bool TakesCleanAndNoiseApart => !Stochastic;

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => FlowLevels.Why(grid);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule is not one of a flow.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        FlowLevels.Require(grid, step, "Flow Euler");
        var (from, to) = (grid.Points[step], grid.Targets[step]);

        // Taken before the scope opens: the prediction remembers its conversions.
        var apart = now.LeadsApart ? (X0: now.LeadingX0, Epsilon: now.LeadingEpsilon) : default;
        var velocity = now.LeadsApart ? null : now.LeadingVelocity;

        using var scope = NewDisposeScope();
        var x = Wide.Of(state.Latents);
        var moved = velocity is not null ? Moved(x, Wide.Of(velocity), from.Sigma, to.Sigma) : Joined(Wide.Of(apart.X0), Wide.Of(apart.Epsilon), to.Sigma);
        var mean = Wide.Result(moved, state.Latents.dtype);
        var noise = Stochastic ? tensor(to.Sigma, mean.dtype, mean.device).MoveToOuterDisposeScope() : null;
        return new(mean, noise, state with { Latents = mean });
    }

    private Tensor Moved(Tensor x, Tensor v, float from, float to) => Stochastic ? (x - v.Times(from)).Times(1 - to) : x.Plus(v.Times(to - from));

    /// <summary>Where x0 and ε come from different guidance, or a hook has changed them, x need not lie on the line between them.</summary>
    private Tensor Joined(Tensor x0, Tensor epsilon, float to) => Stochastic ? x0.Times(1 - to) : x0.Times(1 - to).Plus(epsilon.Times(to));
}
