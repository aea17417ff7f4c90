using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>
/// Image-to-image with solvers of two calls: the reference leaves out two timesteps for each step, and goes on from the level after them. Final samples of its classes on m = x/2 + 0.1, with every draw of noise 0.25.
/// </summary>
public sealed class StrengthTests
{
    [Theory]
    [InlineData("HeunDiscreteScheduler", "", 4.519916, -2.610933, 0.954491, 9.273819)]
    [InlineData("HeunDiscreteScheduler", "\"use_karras_sigmas\": true", 4.053885, -2.409554, 0.822165, 8.362846)]
    [InlineData("KDPM2DiscreteScheduler", "", 4.542683, -2.622543, 0.96007, 9.3195)]
    [InlineData("KDPM2DiscreteScheduler", "\"use_karras_sigmas\": true", 4.059021, -2.415011, 0.822005, 8.375043)]
    [InlineData("KDPM2AncestralDiscreteScheduler", "", 2.375345, -0.6758, 0.849773, 4.409447)]
    [InlineData("FlowMatchHeunDiscreteScheduler", "\"shift\": 3.0", 0.560588, -0.390147, 0.085221, 1.194411)]
    public void EightOfTenStepsIsTheReferences(string name, string settings, params double[] expected)
    {
        using var scope = NewDisposeScope();
        var table = name.StartsWith("Flow", StringComparison.Ordinal) ? "" : "\"beta_schedule\": \"scaled_linear\"";
        var scheduler = Scheduler.FromConfig($"{{{string.Join(", ", new[] { table, settings }.Where(s => s.Length > 0))}}}", name);
        var whole = scheduler.Schedule(10);
        var part = new Stage(null, whole) { Strength = 0.8 }.Executed();
        Assert.Equal((8, 10, whole.Points[2]), (part.Steps, part.WholeSteps, part.Points[0]));

        // The last call stands alone in classes that end clean, whatever the strength.
        Assert.Equal(15, Enumerable.Range(0, part.Steps).Sum(k => scheduler.Solver.Calls(part, k)));
        var x = tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);
        var end = Loop.Run(part, scheduler.Solver, x * whole.InitialNoiseScale, (m, _) => (m * 0.5f) + 0.1f, scheduler.Prediction, noise: _ => full_like(x, 0.25f));
        Assert.All(expected.Zip(end.to_type(ScalarType.Float64).data<double>()), p => Assert.Equal(p.First, p.Second, Math.Max(2e-5 * Math.Abs(p.First), 2e-6)));
    }

    [Theory]
    [InlineData(10, 0.55, 4)]
    [InlineData(10, 0.05, 9)]
    [InlineData(4, 0.5, 2)]
    [InlineData(4, 1, 0)]
    public void WhatAStrengthLeavesOutIsRoundedDown(int steps, double strength, int left) =>
        Assert.Equal(steps - left, new Stage(null, FlowSchedule.Make(steps)) { Strength = strength }.Executed().Steps);
}
