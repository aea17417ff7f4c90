using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Heun's method of second order on a rectified flow: two network calls in each step, one in a last step that arrives at the clean sample. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
[Entry("flowHeun", "flow-heun")]
[UsualSchedule(typeof(FlowGrid))]
public sealed record FlowHeun : ISolver
{
    /// <summary>
    /// Fresh noise in each step; null for none. As in the reference it is added after the network was asked, and N of its amount counts network calls. The second call draws as well, and what it draws has no influence.
    /// </summary>
    [InTag("churn")]
    public Churn? Churn { get; init; }

    /// <inheritdoc/>
    public string Name => "flow-heun";

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => FlowLevels.Why(grid);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => grid.Targets[step].Sigma == 0 ? 1 : 2;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, call == 0 ? grid.Points[step] : grid.Targets[step]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule is not one of a flow.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        FlowLevels.Require(grid, step, "Flow Heun");
        var (from, to) = (grid.Points[step].Sigma, grid.Targets[step].Sigma);
        var raised = Churn?.Raised(from, (2 * grid.WholeSteps) - 1) ?? from;
        var slope = now.Widened().LeadingVelocity;
        if (raised == from)
        {
            return call == 0 ? HeunStep.First(state, slope, to - from, Calls(grid, step) == 1) : HeunStep.Second(state, slope, to - from);
        }

        if (call == 0)
        {
            var first = HeunStep.First(state, slope.Times(from / raised), to - raised, Calls(grid, step) == 1);
            return first with { NoiseScale = Scale(first.Mean, Churn!.Deviation(from, raised)) };
        }

        // The start with its noise is what led here, less the way: noise is added to an update after the solver has made it.
        using var scope = NewDisposeScope();
        var start = state.Latents - state.History[0].Times(to - raised);
        var second = HeunStep.Second(state with { History = [state.History[0], start] }, slope, to - raised);
        return new(second.Mean.MoveToOuterDisposeScope(), Scale(second.Mean, 0).MoveToOuterDisposeScope(), second.Next);
    }

    private static Tensor Scale(Tensor like, float deviation) => tensor(deviation, like.dtype, like.device);
}
