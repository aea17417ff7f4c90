namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Configurations of the reference's classes in sigma space, setting by setting.</summary>
public sealed class SigmaConfigTests
{
    private const string StableDiffusion = "\"beta_schedule\": \"scaled_linear\", \"beta_start\": 0.00085, \"beta_end\": 0.012";

    public static TheoryData<string, ISolver> Classes => new()
    {
        { "EulerDiscreteScheduler", new Euler() },
        { "EulerAncestralDiscreteScheduler", new EulerAncestral() },
        { "HeunDiscreteScheduler", new Heun() },
        { "KDPM2DiscreteScheduler", new Kdpm2() },
        { "KDPM2AncestralDiscreteScheduler", new Kdpm2 { Ancestral = true } },
        { "LMSDiscreteScheduler", new Lms() },
        { "EDMEulerScheduler", new EdmEuler() },
        { "FlowMatchHeunDiscreteScheduler", new FlowHeun() },
    };

    [Theory]
    [MemberData(nameof(Classes))]
    public void AnEmptyConfigurationHasTheClassesDefaults(string name, ISolver solver)
    {
        var made = Of(name);
        Assert.Equal(solver, made.Solver);
        Assert.Null(made.Clip);
        Assert.Equal(name.StartsWith("EDM", StringComparison.Ordinal) ? PredictionType.Preconditioned : solver is FlowHeun ? PredictionType.Flow : PredictionType.Epsilon, made.Prediction);
        (double Start, double End)? betas = solver switch
        {
            Heun or Kdpm2 => (0.00085, 0.012),
            EdmEuler or FlowHeun => null,
            _ => (1e-4, 0.02),
        };
        Assert.Equal(betas is null, made.Noise is null);
        if (betas is { } ends)
        {
            Assert.Equal(((float)ends.Start, (float)ends.End), (made.Noise!.Betas[0], made.Noise.Betas[^1]));
            Assert.Equal(new SigmaGrid(10), made.Grid(10));
        }

        Assert.Equal(10, made.Schedule(10).Steps);
    }

    [Fact]
    public void EulerHasAllItsSettings()
    {
        Assert.Equal(new SigmaGrid(7) { Spacing = TimestepSpacing.Leading, Offset = 1, EndsClean = false }, Euler("\"timestep_spacing\": \"leading\", \"steps_offset\": 1, \"final_sigmas_type\": \"sigma_min\"").Grid(7));
        Assert.Equal(new SigmaGrid(7) { Shape = SigmaShape.Karras, Largest = 20, Smallest = 0.1 }, Euler("\"use_karras_sigmas\": true, \"sigma_max\": 20.0, \"sigma_min\": 0.1").Grid(7));
        Assert.Equal(new SigmaGrid(7), Euler("\"sigma_max\": 20.0, \"sigma_min\": 0.1").Grid(7));
        Assert.Equal(new SigmaGrid(7) { Shape = SigmaShape.LogLinear }, Euler("\"interpolation_type\": \"log_linear\"").Grid(7));
        Assert.Equal(new SigmaGrid(7) { Continuous = true }, Euler("\"timestep_type\": \"continuous\", \"prediction_type\": \"v_prediction\"").Grid(7));
        Assert.Equal(new SigmaGrid(7), Euler("\"timestep_type\": \"continuous\"").Grid(7));
        Assert.Equal(PredictionType.Sample, Euler("\"prediction_type\": \"original_sample\"").Prediction);
        Assert.Equal(PredictionType.Sample, Euler("\"prediction_type\": \"sample\"").Prediction);

        var zero = Euler("\"rescale_betas_zero_snr\": true, \"prediction_type\": \"v_prediction\", \"timestep_spacing\": \"trailing\"");
        Near.All([4096], [zero.Noise!.SigmaRatios[^1]], 1e-6);
    }

    [Fact]
    public void OtherShapesOnLogLinearLevelsRunOverTheWholeTable()
    {
        var made = Euler("\"interpolation_type\": \"log_linear\", \"use_karras_sigmas\": true, \"timestep_spacing\": \"leading\"");
        var grid = made.Schedule(6);
        Assert.Equal((6, 6), (grid.Steps, grid.WholeSteps));
        Near.All([made.Noise!.SigmaRatios[^1], made.Noise.SigmaRatios[0]], [grid.Points[0].Sigma, grid.Points[^1].Sigma], 1e-6);
    }

    [Fact]
    public void ACallMayGiveLevelsOrTimes()
    {
        var euler = Euler("");
        Assert.Equal([10f, 2f], euler.Schedule(new SchedulerCall(2) { Sigmas = [10, 2, 0.5] }).Points.Select(p => p.Sigma));
        Assert.Equal([2f, 0.5f], euler.Schedule(new SchedulerCall(2) { Sigmas = [10, 2, 0.5] }).Targets.Select(p => p.Sigma));
        Assert.Equal([900, 300], euler.Schedule(new SchedulerCall(2) { Timesteps = [900, 300] }).Points.Select(p => p.Time));
        Assert.Equal([900, 300], Of("HeunDiscreteScheduler").Schedule(new SchedulerCall(2) { Timesteps = [900, 300] }).Points.Select(p => p.Time));
        var logLinear = Euler("\"interpolation_type\": \"log_linear\"").Schedule(new SchedulerCall(2) { Timesteps = [900, 300] });
        Assert.Equal((900, 3), (logLinear.Points[0].Time, logLinear.WholeSteps));
        Near.All([euler.Noise!.SigmaRatios[^1]], [logLinear.Points[0].Sigma], 1e-6);

        Assert.Contains("3 levels are given for 2 steps", Refused(euler, new(2) { Sigmas = [10, 2, 1, 0] }));
        Assert.Contains("not both", Refused(euler, new(2) { Sigmas = [10, 2, 0], Timesteps = [900, 300] }));
        Assert.Contains("karras levels", Refused(Euler("\"use_karras_sigmas\": true"), new(2) { Timesteps = [900, 300] }));
        Assert.Contains("continuous times", Refused(Euler("\"timestep_type\": \"continuous\", \"prediction_type\": \"v_prediction\""), new(2) { Timesteps = [900, 300] }));
        foreach (var name in Classes.Select(c => c.Data.Item1).Where(n => n is not ("EulerDiscreteScheduler" or "HeunDiscreteScheduler")))
        {
            Assert.Contains("Timesteps is given", Refused(Of(name), new(2) { Timesteps = [900, 300] }));
        }
    }

    [Fact]
    public void FlowEulerTakesTimestepsForLevelsBeforeTheShift()
    {
        var flow = Of("FlowMatchEulerDiscreteScheduler", "\"shift\": 3.0");
        var byTime = flow.Schedule(new SchedulerCall(3) { Timesteps = [1000, 600, 200] });
        Near.All(flow.Schedule(new SchedulerCall(3) { Sigmas = [1, 0.6, 0.2] }).Points.Select(p => (double)p.Sigma), byTime.Points.Select(p => (double)p.Sigma), 1e-6);
        Assert.Equal(byTime.Points, flow.Schedule(new SchedulerCall(3) { Sigmas = [1, (double)(600f / 1000), (double)(200f / 1000)], Timesteps = [3, 2, 1] }).Points);
        Assert.Contains("2 sigmas and 3 timesteps", Refused(flow, new(3) { Sigmas = [1, 0.6], Timesteps = [3, 2, 1] }));
        Assert.Equal(flow.Schedule(4).Points, Of("FlowMatchEulerDiscreteScheduler", "\"shift\": 3.0, \"shift_terminal\": 0.0").Schedule(4).Points);
    }

    [Fact]
    public void OtherClassesHaveTheirSettings()
    {
        Assert.Equal(new SampleClip(2), Of("HeunDiscreteScheduler", "\"clip_sample\": true, \"clip_sample_range\": 2.0").Clip);
        Assert.Equal(0.001, Of("HeunDiscreteScheduler", "\"beta_schedule\": \"exp\"").Noise!.Betas.Max(), 1);
        Assert.Equal(new SigmaGrid(5) { Shape = SigmaShape.Karras, WholeTimes = true }, Of("KDPM2DiscreteScheduler", "\"use_karras_sigmas\": true").Grid(5));
        Assert.Equal(new SigmaGrid(5) { Shape = SigmaShape.Beta }, Of("KDPM2AncestralDiscreteScheduler", "\"use_beta_sigmas\": true").Grid(5));
        Assert.Equal(new SigmaGrid(5) { Shape = SigmaShape.Exponential, Spacing = TimestepSpacing.Trailing }, Of("LMSDiscreteScheduler", "\"use_exponential_sigmas\": true, \"timestep_spacing\": \"trailing\"").Grid(5));
        Assert.Equal(
            new EdmGrid(5) { Largest = 10, Smallest = 0.1, SigmaData = 1, Rho = 5, Exponential = true, EndsClean = false, UnitAdded = true },
            Of("EDMEulerScheduler", "\"sigma_max\": 10.0, \"sigma_min\": 0.1, \"sigma_data\": 1.0, \"rho\": 5.0, \"sigma_schedule\": \"exponential\", \"final_sigmas_type\": \"sigma_min\", \"num_train_timesteps\": 500").Grid(5));
        Assert.Equal(PredictionType.Velocity, Of("EDMEulerScheduler", "\"prediction_type\": \"v_prediction\"").Prediction);
        Assert.Equal(new FlowGrid(5, 3) { ToSmallest = true, TrainSteps = 500 }, Of("FlowMatchHeunDiscreteScheduler", "\"shift\": 3.0, \"num_train_timesteps\": 500").Grid(5));
    }

    [Theory]
    [InlineData("EulerDiscreteScheduler", "prediction_type", "\"flow_prediction\"")]
    [InlineData("EulerDiscreteScheduler", "interpolation_type", "\"cubic\"")]
    [InlineData("EulerDiscreteScheduler", "final_sigmas_type", "\"one\"")]
    [InlineData("EulerDiscreteScheduler", "timestep_type", "\"other\"")]
    [InlineData("EulerDiscreteScheduler", "timestep_spacing", "\"log\"")]
    [InlineData("EulerDiscreteScheduler", "sigma_min", "\"small\"")]
    [InlineData("EulerAncestralDiscreteScheduler", "prediction_type", "\"sample\"")]
    [InlineData("KDPM2DiscreteScheduler", "prediction_type", "\"sample\"")]
    [InlineData("KDPM2AncestralDiscreteScheduler", "prediction_type", "\"sample\"")]
    [InlineData("EDMEulerScheduler", "prediction_type", "\"sample\"")]
    [InlineData("EDMEulerScheduler", "sigma_schedule", "\"linear\"")]
    public void WhatAClassDoesNotHaveIsRefusedByName(string name, string key, string value)
    {
        var e = Assert.Throws<SchedulerConfigException>(() => Of(name, $"\"{key}\": {value}"));
        Assert.Equal(key, e.Key);
        Assert.Contains(value.Trim('"'), e.Message);
    }

    [Fact]
    public void SettingsOfOtherClassesAreForeign()
    {
        Assert.Equal(["final_sigmas_type", "use_karras_sigmas"], Of("EulerAncestralDiscreteScheduler", "\"final_sigmas_type\": \"zero\", \"use_karras_sigmas\": true, \"rescale_betas_zero_snr\": false").Foreign);
        Assert.Equal(["rescale_betas_zero_snr"], Of("LMSDiscreteScheduler", "\"rescale_betas_zero_snr\": true").Foreign);
    }

    private static Scheduler Euler(string settings) => Of("EulerDiscreteScheduler", settings.Length == 0 ? StableDiffusion : $"{StableDiffusion}, {settings}");

    private static Scheduler Of(string name, string settings = "") => Scheduler.FromConfig($"{{ \"_class_name\": \"{name}\"{(settings.Length == 0 ? "" : ", ")}{settings} }}");

    private static string Refused(Scheduler scheduler, SchedulerCall call) => Assert.ThrowsAny<ArgumentException>(() => scheduler.Schedule(call)).Message;
}
