using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>x0 and ε from different guidance, so that x is not α·x0 + σ·ε of them.</summary>
public sealed class LeadingTermTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void FlowEulerGoesToTheCleanSampleOfOneAndTheNoiseOfTheOther(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var grid = FlowSchedule.Make(5, FlowShift.Static(3));
        var now = Now(grid, PredictionType.Flow, dtype);
        var (x0, epsilon) = (now.LeadingX0, now.LeadingEpsilon);
        var sigma = grid.Targets[1].Sigma;

        var mean = new FlowEuler().Step(SolverState.Start(now.X), grid, 1, 0, now).Mean;
        var anew = new FlowEuler { Stochastic = true }.Step(SolverState.Start(now.X), grid, 1, 0, now).Mean;

        Assert.Equal(dtype, mean.dtype);
        var tolerance = dtype == ScalarType.Float32 ? 1e-6 : 1e-2;
        Loop.Close((x0 * (1 - sigma)) + (epsilon * sigma), mean, tolerance, "both");
        Loop.Close(x0 * (1 - sigma), anew, tolerance, "noised anew");
        Assert.True((mean - (now.X + ((epsilon - x0) * (sigma - grid.Points[1].Sigma)))).abs().max().ToDouble() > 0.1, "the pair lies on a line with x: the test says nothing");
    }

    private static Prediction Now(Schedule grid, PredictionType type, ScalarType dtype = ScalarType.Float32)
    {
        var generator = new Generator(21);
        Tensor Any() => randn([2, 3, 4, 4], generator: generator).to_type(dtype);
        return new Prediction(Any(), type, Any(), grid.Points[1]).WithLeading(Any(), Any());
    }
}
