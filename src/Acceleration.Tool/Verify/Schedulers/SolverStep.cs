using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>One bare step of a solver: a network call, and noise where the solver draws some.</summary>
internal static class SolverStep
{
    /// <param name="grid">Noise levels.</param>
    /// <param name="solver">A solver with one call per step.</param>
    /// <param name="k">The step.</param>
    /// <param name="state">Where it starts.</param>
    /// <param name="network">Model input and step → output.</param>
    /// <param name="type">What the output is.</param>
    /// <param name="clip">Bounds on the clean sample.</param>
    /// <param name="noise">The draw of a step.</param>
    /// <exception cref="InvalidOperationException">The solver draws noise and there is none, or it makes several calls.</exception>
    public static (SolverState State, Prediction Prediction) Take(
        Schedule grid, ISolver solver, int k, SolverState state, Func<Tensor, int, Tensor> network, PredictionType type, SampleClip? clip, Func<int, Tensor?>? noise)
    {
        if (solver.Calls(grid, k) != 1)
        {
            throw new InvalidOperationException($"{solver.Name} makes {solver.Calls(grid, k)} calls in step {k}; one is expected.");
        }

        var input = solver.Input(state, grid, k, 0);
        var prediction = new Prediction(network(input.Latents, k), type, input.Unscaled, input.At, clip);
        var update = solver.Step(state, grid, k, 0, prediction);
        var next = update.NoiseScale is null ? update.Mean : update.Mean + (update.NoiseScale * Drawn(noise, k));
        return (update.Next with { Latents = next }, prediction);
    }

    private static Tensor Drawn(Func<int, Tensor?>? noise, int step) =>
        noise?.Invoke(step) ?? throw new InvalidOperationException($"Step {step} draws noise, but none is expected.");
}
