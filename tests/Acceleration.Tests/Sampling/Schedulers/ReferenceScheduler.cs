namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Schedule and solver that stand for a configured scheduler of the reference.</summary>
internal sealed record ReferenceScheduler(Schedule Grid, ISolver Solver, PredictionType Type, SampleClip? Clip, NoiseTable? Table)
{
    public static ReferenceScheduler Of(SchedulerFixture fixture)
    {
        var config = new ReferenceConfig(fixture.Json("config"));
        var call = new ReferenceConfig(fixture.Json("set_timesteps_kwargs"));
        var step = new ReferenceConfig(fixture.Json("step_kwargs"));
        var made = fixture.SchedulerClass switch
        {
            "DDIMScheduler" => Ddim(config, step, fixture.Steps),
            "FlowMatchEulerDiscreteScheduler" => FlowEuler(config, call, fixture.Steps),
            var other => throw new NotSupportedException($"Unknown scheduler {other}."),
        };
        config.RequireAllRead();
        call.RequireAllRead();
        step.RequireAllRead();
        return made;
    }

    private static ReferenceScheduler Ddim(ReferenceConfig config, ReferenceConfig step, int steps)
    {
        var table = config.NoiseTable();
        var grid = DdimSchedule.Make(
            table, steps, config.Spacing("leading"), config.Get("steps_offset", 0), config.Get("set_alpha_to_one", true));
        var solver = new Ddim { Eta = step.Get("eta", 0.0), UseClippedModelOutput = step.Get("use_clipped_model_output", false) };
        var type = config.Choice(
            "prediction_type",
            "epsilon",
            ("epsilon", PredictionType.Epsilon),
            ("sample", PredictionType.Sample),
            ("v_prediction", PredictionType.Velocity));
        var range = new SampleClip(config.Get("clip_sample_range", 1.0));
        var threshold = new SampleClip(
            ThresholdingRatio: config.Get("dynamic_thresholding_ratio", 0.995), MaxValue: config.Get("sample_max_value", 1.0));
        var (thresholds, clips) = (config.Get("thresholding", false), config.Get("clip_sample", true));
        return new(grid, solver, type, thresholds ? threshold : clips ? range : null, table);
    }

    private static ReferenceScheduler FlowEuler(ReferenceConfig config, ReferenceConfig call, int steps)
    {
        var solver = new FlowEuler { Stochastic = config.Get("stochastic_sampling", false) };
        return new(FlowGrid(config, call, steps), solver, PredictionType.Flow, null, null);
    }

    public static Schedule FlowGrid(ReferenceConfig config, ReferenceConfig call, int steps)
    {
        // Where μ is given these only say how a pipeline found it.
        foreach (var key in (string[])["base_image_seq_len", "max_image_seq_len", "base_shift", "max_shift"])
        {
            config.Get(key, 0.0);
        }

        var type = config.Choice(
            "time_shift_type", "exponential", ("exponential", TimeShift.Exponential), ("linear", TimeShift.Linear));
        var factor = config.Get("shift", 1.0);
        var dynamic = config.Get("use_dynamic_shifting", false);
        var mu = call.Get<double?>("mu", null);
        var shift = !dynamic ? FlowShift.Static(factor)
            : mu is { } given ? FlowShift.Dynamic(given, type)
            : throw new NotSupportedException("Dynamic shifting needs mu.");

        var shapes = new[]
        {
            (On: config.Get("use_karras_sigmas", false), Shape: SigmaShape.Karras),
            (On: config.Get("use_exponential_sigmas", false), Shape: SigmaShape.Exponential),
            (On: config.Get("use_beta_sigmas", false), Shape: SigmaShape.Beta),
            (On: true, Shape: SigmaShape.Plain),
        };
        var shape = shapes.First(s => s.On).Shape;
        var (terminal, invert) = (config.Get<double?>("shift_terminal", null), config.Get("invert_sigmas", false));
        var trainSteps = config.Get("num_train_timesteps", 1000);
        return call.Get<double[]?>("sigmas", null) is { } sigmas
            ? FlowSchedule.FromSigmas(sigmas, shift, terminal, shape, invert, trainSteps)
            : FlowSchedule.Make(steps, shift, terminal, shape, invert, trainSteps);
    }
}
