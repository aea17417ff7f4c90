namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>What configurations of the reference's solvers in ln(α/σ) say, and what of it cannot be followed.</summary>
public sealed class LogSnrConfigTests
{
    [Fact]
    public void WhatAModelsFileSaysIsWhatRuns()
    {
        // As published with a text-to-image network, Python's infinity and keys of other classes included.
        var made = Scheduler.FromConfig("""
            {"_class_name": "DPMSolverMultistepScheduler", "_diffusers_version": "0.22.0", "algorithm_type": "dpmsolver++", "beta_end": 0.02, "beta_schedule": "linear", "beta_start": 0.0001,
             "lambda_min_clipped": -Infinity, "solver_order": 2, "use_karras_sigmas": true, "skip_prk_steps": true}
            """);
        Assert.Equal(new DpmSolver(), made.Solver);
        Assert.Equal(new MultistepGrid(20) { Shape = SigmaShape.Karras }, made.Grid(20));
        Assert.Equal(["skip_prk_steps"], made.Foreign);

        var video = Scheduler.FromConfig("""{"_class_name": "UniPCMultistepScheduler", "use_flow_sigmas": true, "flow_shift": 3.0, "prediction_type": "flow_prediction", "solver_order": 2, "disable_corrector": [1, 0]}""");
        Assert.Equal(new UniPc { Uncorrected = [0, 1] }, video.Solver);
        Assert.Equal(new FlowMultistepGrid(50, 3), video.Grid(50));
        Assert.Null(video.Noise);
    }

    [Theory]
    [InlineData("DPMSolverMultistepScheduler", "algorithm_type", """{"algorithm_type": "rk4"}""")]
    [InlineData("DPMSolverMultistepScheduler", "final_sigmas_type", """{"algorithm_type": "dpmsolver"}""")]
    [InlineData("DPMSolverMultistepScheduler", "use_flow_sigmas", """{"use_flow_sigmas": true, "use_karras_sigmas": true, "prediction_type": "flow_prediction"}""")]
    [InlineData("DPMSolverMultistepScheduler", "prediction_type", """{"prediction_type": "flow_prediction"}""")]
    [InlineData("DPMSolverMultistepScheduler", "time_shift_type", """{"time_shift_type": "linear"}""")]
    [InlineData("DPMSolverSinglestepScheduler", "algorithm_type", """{"algorithm_type": "sde-dpmsolver"}""")]
    [InlineData("UniPCMultistepScheduler", "solver_p", """{"solver_p": {"_class_name": "DDIMScheduler"}}""")]
    [InlineData("UniPCMultistepScheduler", "final_sigmas_type", """{"solver_type": "bh1"}""")]
    [InlineData("UniPCMultistepScheduler", "shift_terminal", """{"shift_terminal": 0.1}""")]
    [InlineData("UniPCMultistepScheduler", "use_flow_sigmas", """{"use_flow_sigmas": true, "use_beta_sigmas": true, "prediction_type": "flow_prediction"}""")]
    [InlineData("DEISMultistepScheduler", "solver_type", """{"solver_type": "tab"}""")]
    [InlineData("DEISMultistepScheduler", "solver_order", """{"solver_order": 0}""")]
    [InlineData("DPMSolverSinglestepScheduler", "solver_order", """{"solver_order": 4}""")]
    [InlineData("UniPCMultistepScheduler", "solver_order", """{"solver_order": 10}""")]
    [InlineData("DPMSolverMultistepScheduler", "solver_orders", """{"solver_orders": 2}""")]
    public void WhatCannotBeFollowedIsRefusedByName(string name, string? key, string json) =>
        Assert.Equal(key, Assert.Throws<SchedulerConfigException>(() => Scheduler.FromConfig(json, name)).Key);

    [Theory]
    [InlineData("use_karras_sigmas")]
    [InlineData("use_exponential_sigmas")]
    [InlineData("use_beta_sigmas")]
    public void OneStepThatEndsWithNoiseIsTheClasses(string shape)
    {
        var json = $$"""{"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "final_sigmas_type": "sigma_min", "{{shape}}": true}""";
        foreach (var (name, end) in ((string, double)[])[("UniPCMultistepScheduler", 14.6146), ("DEISMultistepScheduler", 14.6146), ("DPMSolverMultistepScheduler", 0.0291675), ("DPMSolverSinglestepScheduler", 0.0291675)])
        {
            var schedule = Scheduler.FromConfig(json, name).Schedule(1);
            Near.All([14.6146, end], [.. new[] { schedule.Points[0], schedule.Targets[0] }.Select(p => (double)p.Sigma / p.Alpha)], 1e-5);
            Near.All([0.0291675], [.. Scheduler.FromConfig(json, name).Schedule(5).Targets.TakeLast(1).Select(p => (double)p.Sigma / p.Alpha)], 1e-5);
        }

        var bounded = Scheduler.FromConfig($$"""{"sigma_max": 10.0, "sigma_min": 0.1, "final_sigmas_type": "sigma_min", "{{shape}}": true}""", "UniPCMultistepScheduler");
        Near.All([10], [.. bounded.Schedule(1).Targets.Select(p => (double)p.Sigma / p.Alpha)], 1e-5);
    }

    [Fact]
    public void AboveThreeTheOrderIsThree()
    {
        Assert.Equal(new Deis(3), Scheduler.FromConfig("""{"solver_order": 4}""", "DEISMultistepScheduler").Solver);
        Assert.Equal(new DpmSolver(3), Scheduler.FromConfig("""{"solver_order": 5}""", "DPMSolverMultistepScheduler").Solver);
    }

    [Fact]
    public void UniPcOfNoisePassesOverThresholding()
    {
        Assert.NotNull(Scheduler.FromConfig("""{"thresholding": true}""", "UniPCMultistepScheduler").Clip);
        Assert.Null(Scheduler.FromConfig("""{"thresholding": true, "predict_x0": false, "final_sigmas_type": "sigma_min"}""", "UniPCMultistepScheduler").Clip);
    }

    [Fact]
    public void ACallThatDoesNotGoWithTheConfigurationIsRefused()
    {
        var dpm = Scheduler.FromConfig("""{"use_karras_sigmas": true}""", "DPMSolverMultistepScheduler");
        Assert.Throws<ArgumentException>(() => dpm.Grid(new SchedulerCall(2) { Timesteps = [999, 500] }));
        var dynamic = Scheduler.FromConfig("""{"use_flow_sigmas": true, "use_dynamic_shifting": true, "prediction_type": "flow_prediction"}""", "UniPCMultistepScheduler");
        Assert.Contains("mu", Assert.Throws<ArgumentException>(() => dynamic.Grid(5)).Message);
        var flow = Scheduler.FromConfig("""{"use_flow_sigmas": true, "prediction_type": "flow_prediction"}""", "DEISMultistepScheduler");
        Assert.Contains("use_dynamic_shifting", Assert.Throws<ArgumentException>(() => flow.Grid(new SchedulerCall(5) { Mu = 1 })).Message);
        var plain = Scheduler.FromConfig("{}", "UniPCMultistepScheduler");
        Assert.Throws<ArgumentException>(() => plain.Grid(new SchedulerCall(2) { Sigmas = [1, 0.5] }));
    }

    [Fact]
    public void PythonsWordsForNumbersAreReadOutsideOfTexts()
    {
        var read = PythonJson.Parse("""{"a": -Infinity, "b": [NaN, Infinity], "c": "say \"NaN\" or Infinity", "d": 1}""");
        Assert.Equal("-Infinity", read.GetProperty("a").GetString());
        Assert.Equal(["NaN", "Infinity"], read.GetProperty("b").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal("say \"NaN\" or Infinity", read.GetProperty("c").GetString());
        Assert.Equal(1, read.GetProperty("d").GetInt32());
    }
}
