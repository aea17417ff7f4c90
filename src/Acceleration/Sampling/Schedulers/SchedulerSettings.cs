namespace Acceleration;

/// <summary>Settings that several published classes share.</summary>
internal static class SchedulerSettings
{
    /// <summary>The training noise levels.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="start">The class's own default of beta_start.</param>
    /// <param name="end">The class's own default of beta_end.</param>
    /// <param name="schedule">The class's own default of beta_schedule.</param>
    /// <param name="rescales">Whether the class has rescale_betas_zero_snr.</param>
    public static NoiseTable Noise(this SchedulerConfig config, double start = 1e-4, double end = 0.02, string schedule = "linear", bool rescales = true)
    {
        var shape = config.Choice(
            "beta_schedule",
            schedule,
            ("linear", BetaSchedule.Linear),
            ("scaled_linear", BetaSchedule.ScaledLinear),
            ("squaredcos_cap_v2", BetaSchedule.SquaredCosCapV2),
            ("exp", BetaSchedule.Exponential),
            ("laplace", BetaSchedule.Laplace),
            ("sigmoid", BetaSchedule.Sigmoid));
        var (first, last) = (config.Get("beta_start", start), config.Get("beta_end", end));
        var trainSteps = config.TrainSteps();
        var zeroSnr = rescales && config.Get("rescale_betas_zero_snr", false);
        if (config.Get<float[]?>("trained_betas", null) is not { } betas)
        {
            return NoiseTable.Make(shape, first, last, trainSteps, zeroSnr);
        }

        return betas.Length == trainSteps
            ? NoiseTable.FromBetas(betas, zeroSnr)
            : throw new SchedulerConfigException("trained_betas", $"it has {betas.Length} values for num_train_timesteps = {trainSteps}; they must be as many.");
    }

    public static int TrainSteps(this SchedulerConfig config)
    {
        var steps = config.Get("num_train_timesteps", 1000);
        return steps is >= 1 and <= Schedule.MostSteps
            ? steps
            : throw new SchedulerConfigException("num_train_timesteps", $"{steps} is not between 1 and {Schedule.MostSteps}.");
    }

    /// <summary>The solver's order.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="most">The highest.</param>
    /// <param name="more">Whether the class takes a higher one for the highest.</param>
    public static int Order(this SchedulerConfig config, int most, bool more = false)
    {
        var order = config.Get("solver_order", 2);
        return order >= 1 && (more || order <= most)
            ? Math.Min(order, most)
            : throw new SchedulerConfigException("solver_order", $"{order} is not supported; orders are 1 to {most}.");
    }

    /// <summary>How timesteps are picked.</summary>
    public static TimestepSpacing Spacing(this SchedulerConfig config, string otherwise) => config.Choice(
        "timestep_spacing",
        otherwise,
        ("linspace", TimestepSpacing.Linspace),
        ("leading", TimestepSpacing.Leading),
        ("trailing", TimestepSpacing.Trailing));

    /// <summary>What the network predicts.</summary>
    public static PredictionType Prediction(this SchedulerConfig config, string otherwise = "epsilon") => config.Choice(
        "prediction_type",
        otherwise,
        ("epsilon", PredictionType.Epsilon),
        ("sample", PredictionType.Sample),
        ("v_prediction", PredictionType.Velocity),
        ("flow_prediction", PredictionType.Flow));

    /// <summary>What a network of a class predicts that has no flows.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="sample">Whether the class knows networks that predict the sample.</param>
    public static PredictionType DiscretePrediction(this SchedulerConfig config, bool sample = true)
    {
        config.Expect("predict_epsilon", true, "say prediction_type instead, which has replaced it.");
        (string, PredictionType)[] known = [("epsilon", PredictionType.Epsilon), ("v_prediction", PredictionType.Velocity)];
        return config.Choice("prediction_type", "epsilon", sample ? [.. known, ("sample", PredictionType.Sample)] : known);
    }

    /// <summary>Dynamic thresholding, or null.</summary>
    public static SampleClip? Threshold(this SchedulerConfig config)
    {
        var clip = new SampleClip(ThresholdingRatio: config.Get("dynamic_thresholding_ratio", 0.995), MaxValue: config.Get("sample_max_value", 1.0));
        return config.Get("thresholding", false) ? clip : null;
    }

    /// <summary>Plain clipping, or null.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="otherwise">Whether the class clips where its configuration says nothing.</param>
    public static SampleClip? PlainClip(this SchedulerConfig config, bool otherwise)
    {
        var clip = new SampleClip(config.Get("clip_sample_range", 1.0));
        return config.Get("clip_sample", otherwise) ? clip : null;
    }

    /// <summary>How levels are distributed between the ends: at most one shape.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="lu">Whether the class has use_lu_lambdas.</param>
    public static SigmaShape Shape(this SchedulerConfig config, bool lu = false)
    {
        (string Key, bool On, SigmaShape Shape)[] shapes =
        [
            ("use_karras_sigmas", config.Get("use_karras_sigmas", false), SigmaShape.Karras),
            ("use_exponential_sigmas", config.Get("use_exponential_sigmas", false), SigmaShape.Exponential),
            ("use_beta_sigmas", config.Get("use_beta_sigmas", false), SigmaShape.Beta),
            ("use_lu_lambdas", lu && config.Get("use_lu_lambdas", false), SigmaShape.Lu),
        ];
        var on = shapes.Where(s => s.On).ToArray();
        return on.Length switch
        {
            0 => SigmaShape.Plain,
            1 => on[0].Shape,
            _ => throw new SchedulerConfigException(on[1].Key, $"only one shape of noise levels can be used, not {string.Join(" and ", on.Select(s => s.Key))}."),
        };
    }
}
