using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The bare calls of a solver: a network call each, and noise where the solver draws some.</summary>
internal static class SolverStep
{
    /// <summary>All network calls of a run: the step, the call within it, and the number over all.</summary>
    public static IEnumerable<(int Step, int Call, int Index)> Calls(Schedule grid, ISolver solver)
    {
        var index = 0;
        for (var k = 0; k < grid.Steps; k++)
        {
            for (var c = 0; c < solver.Calls(grid, k); c++)
            {
                yield return (k, c, index++);
            }
        }
    }

    /// <summary>One whole step.</summary>
    /// <inheritdoc cref="Call"/>
    public static (SolverState State, Prediction Prediction) Take(
        Schedule grid, ISolver solver, int k, SolverState state, Func<Tensor, int, Tensor> network, PredictionType type, SampleClip? clip, Func<int, Tensor?>? noise)
    {
        Prediction? prediction = null;
        foreach (var at in Calls(grid, solver).Where(a => a.Step == k))
        {
            (state, prediction) = Call(grid, solver, at, state, network, type, clip, noise);
        }

        return (state, prediction!);
    }

    /// <param name="grid">Noise levels.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="at">The call, of <see cref="Calls"/>.</param>
    /// <param name="state">Where it starts.</param>
    /// <param name="network">Model input and number of the call → output, with twice the channels where it has learned its variance.</param>
    /// <param name="type">What the output is.</param>
    /// <param name="clip">Bounds on the clean sample.</param>
    /// <param name="noise">The draw of a call.</param>
    /// <exception cref="InvalidOperationException">The solver draws noise and there is none.</exception>
    public static (SolverState State, Prediction Prediction) Call(
        Schedule grid, ISolver solver, (int Step, int Call, int Index) at, SolverState state, Func<Tensor, int, Tensor> network, PredictionType type, SampleClip? clip, Func<int, Tensor?>? noise)
    {
        if (at.Call == 0 && solver.NoiseBefore(grid, at.Step) is var churn and > 0)
        {
            state = state with { Latents = state.Latents + (Drawn(noise, at.Index) * churn) };
        }

        var input = solver.Input(state, grid, at.Step, at.Call);
        var prediction = Predicted(network(input.Latents, at.Index), input, type, clip);
        var update = solver.Step(state, grid, at.Step, at.Call, prediction);
        var next = update.NoiseScale is null ? update.Mean : update.Mean + (update.NoiseScale * Drawn(noise, at.Index));
        return (update.Next with { Latents = next }, prediction);
    }

    private static Prediction Predicted(Tensor output, SolverInput input, PredictionType type, SampleClip? clip)
    {
        var channels = input.Latents.size(1);
        return output.size(1) == 2 * channels
            ? new(output.narrow(1, 0, channels), type, input.Unscaled, input.At, clip, output.narrow(1, channels, channels))
            : new(output, type, input.Unscaled, input.At, clip);
    }

    private static Tensor Drawn(Func<int, Tensor?>? noise, int call) =>
        noise?.Invoke(call) ?? throw new InvalidOperationException($"Network call {call} is followed by a draw of noise, but none is expected.");
}
