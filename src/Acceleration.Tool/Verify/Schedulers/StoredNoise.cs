namespace Acceleration.Tool;

/// <summary>Settings of schedulers that several families share.</summary>
internal static class StoredNoise
{
    /// <summary>The training noise levels of a scheduler's settings.</summary>
    public static NoiseTable NoiseTable(this StoredConfig config)
    {
        var schedule = config.Choice(
            "beta_schedule",
            "linear",
            ("linear", BetaSchedule.Linear),
            ("scaled_linear", BetaSchedule.ScaledLinear),
            ("squaredcos_cap_v2", BetaSchedule.SquaredCosCapV2),
            ("exp", BetaSchedule.Exponential),
            ("laplace", BetaSchedule.Laplace),
            ("sigmoid", BetaSchedule.Sigmoid));
        var (start, end) = (config.Get("beta_start", 1e-4), config.Get("beta_end", 0.02));
        var trainSteps = config.Get("num_train_timesteps", 1000);
        var zeroSnr = config.Get("rescale_betas_zero_snr", false);
        return config.Get<float[]?>("trained_betas", null) is { } betas
            ? Acceleration.NoiseTable.FromBetas(betas, zeroSnr)
            : Acceleration.NoiseTable.Make(schedule, start, end, trainSteps, zeroSnr);
    }

    /// <summary>How timesteps are picked.</summary>
    public static TimestepSpacing Spacing(this StoredConfig config, string otherwise) => config.Choice(
        "timestep_spacing",
        otherwise,
        ("linspace", TimestepSpacing.Linspace),
        ("leading", TimestepSpacing.Leading),
        ("trailing", TimestepSpacing.Trailing));

    /// <summary>What the network predicts.</summary>
    public static PredictionType Prediction(this StoredConfig config) => config.Choice(
        "prediction_type",
        "epsilon",
        ("epsilon", PredictionType.Epsilon),
        ("sample", PredictionType.Sample),
        ("v_prediction", PredictionType.Velocity));
}
