using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>The bare sampling loop: one network call per step, noise from a function.</summary>
internal static class Loop
{
    public static Tensor Run(
        Schedule grid, ISolver solver, Tensor x, Func<Tensor, int, Tensor> network, PredictionType type, SampleClip? clip = null, Func<int, Tensor>? noise = null)
    {
        var state = SolverState.Start(x);
        for (var k = 0; k < grid.Steps; k++)
        {
            state = Step(grid, solver, k, state, network, type, clip, noise).State;
        }

        return state.Latents;
    }

    public static (SolverState State, Prediction Prediction) Step(
        Schedule grid, ISolver solver, int k, SolverState state, Func<Tensor, int, Tensor> network, PredictionType type, SampleClip? clip, Func<int, Tensor>? noise)
    {
        Assert.Equal(1, solver.Calls(grid, k));
        var input = solver.Input(state, grid, k, 0);
        var prediction = new Prediction(network(input.Latents, k), type, input.Unscaled, input.At, clip);
        var update = solver.Step(state, grid, k, 0, prediction);
        var next = update.NoiseScale is null ? update.Mean : update.Mean + (update.NoiseScale * Drawn(noise, k));
        return (update.Next with { Latents = next }, prediction);
    }

    /// <summary>Asserts |actual − expected| ≤ tolerance·max|expected|.</summary>
    public static void Close(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual).abs().max().ToDouble();
        var largest = expected.abs().max().ToDouble();
        Assert.True(error <= tolerance * largest, $"{what}: error {error:G3}, allowed {tolerance * largest:G3}");
    }

    private static Tensor Drawn(Func<int, Tensor>? noise, int step) =>
        noise?.Invoke(step) ?? throw new InvalidOperationException($"Step {step} draws noise, but none is expected.");
}
