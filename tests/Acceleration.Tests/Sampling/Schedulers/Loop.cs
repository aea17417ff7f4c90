using Acceleration.Tool;
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
        Schedule grid, ISolver solver, int k, SolverState state, Func<Tensor, int, Tensor> network, PredictionType type, SampleClip? clip, Func<int, Tensor>? noise) =>
        SolverStep.Take(grid, solver, k, state, network, type, clip, noise);

    /// <summary>Asserts |actual − expected| ≤ tolerance·max|expected|.</summary>
    public static void Close(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual).abs().max().ToDouble();
        var largest = expected.abs().max().ToDouble();
        Assert.True(error <= tolerance * largest, $"{what}: error {error:G3}, allowed {tolerance * largest:G3}");
    }
}
