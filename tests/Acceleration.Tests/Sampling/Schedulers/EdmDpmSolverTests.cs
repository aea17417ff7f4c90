using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>EDMDPMSolverMultistepScheduler: final samples of the reference class on m = x/2 + 0.1, with every draw of noise 0.25, and its settings.</summary>
public sealed class EdmDpmSolverTests
{
    private const string Name = "EDMDPMSolverMultistepScheduler";

    [Theory]
    [InlineData(5, "", 0.93901, -0.326596, 0.306207, 1.782748)]
    [InlineData(5, "\"solver_order\": 1", 0.633449, -0.205695, 0.213877, 1.192879)]
    [InlineData(5, "\"solver_order\": 3", 1.130133, -0.408651, 0.360741, 2.155989)]
    [InlineData(5, "\"solver_order\": 3, \"solver_type\": \"heun\", \"prediction_type\": \"v_prediction\"", 0.440843, -0.292427, 0.074208, 0.92969)]
    [InlineData(5, "\"algorithm_type\": \"sde-dpmsolver++\"", 0.2891, 0.39924, 0.34417, 0.215673)]
    [InlineData(5, "\"sigma_schedule\": \"exponential\", \"algorithm_type\": \"sde-dpmsolver++\", \"solver_type\": \"heun\"", 0.188798, 0.729135, 0.458967, -0.171427)]
    [InlineData(5, "\"sigma_schedule\": \"exponential\", \"final_sigmas_type\": \"sigma_min\", \"solver_type\": \"heun\"", 1.122791, -0.399117, 0.361837, 2.137394)]
    [InlineData(15, "\"sigma_schedule\": \"exponential\", \"solver_order\": 3", 1.237486, -0.438248, 0.399619, 2.354642)]
    [InlineData(1, "", 0.303134, -0.076568, 0.113283, 0.556269)]
    [InlineData(1, "\"final_sigmas_type\": \"sigma_min\"", 0.305127, -0.077567, 0.11378, 0.560255)]
    public void ItIsTheReferences(int steps, string settings, params double[] expected)
    {
        using var scope = NewDisposeScope();
        var scheduler = Of(settings);
        var grid = scheduler.Schedule(steps);
        var x = tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);
        var end = Loop.Run(grid, scheduler.Solver, x * grid.InitialNoiseScale, (m, _) => (m * 0.5f) + 0.1f, scheduler.Prediction, scheduler.Clip, _ => full_like(x, 0.25f));

        // The recorded numbers have six decimals.
        Assert.All(expected.Zip(end.to_type(ScalarType.Float64).data<double>()), p => Assert.Equal(p.First, p.Second, Math.Max(2e-5 * Math.Abs(p.First), 1e-6)));
    }

    [Fact]
    public void ItsSettingsAreThoseOfItsParts()
    {
        Assert.Equal((new DpmSolver(), new EdmGrid(8) { UnitAdded = true }, PredictionType.Preconditioned), (Of("").Solver, Of("").Grid(8), Of("").Prediction));
        Assert.Equal(new DpmSolver(3) { Heun = true, LowerOrderFinal = false, EulerAtFinal = true }, Of("\"solver_order\": 4, \"solver_type\": \"heun\", \"lower_order_final\": false, \"euler_at_final\": true").Solver);
        Assert.Equal(0.9, Of("\"thresholding\": true, \"dynamic_thresholding_ratio\": 0.9").Clip!.ThresholdingRatio);
    }

    [Theory]
    [InlineData("algorithm_type", "\"algorithm_type\": \"dpmsolver\"")]
    [InlineData("solver_order", "\"algorithm_type\": \"sde-dpmsolver++\", \"solver_order\": 3")]
    [InlineData("prediction_type", "\"prediction_type\": \"sample\"")]
    public void WhatTheClassCannotDoIsRefusedByName(string key, string settings) => Assert.Equal(key, Assert.Throws<SchedulerConfigException>(() => Of(settings)).Key);

    private static Scheduler Of(string settings) => Scheduler.FromConfig($"{{{settings}}}", Name);
}
