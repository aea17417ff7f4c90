namespace Acceleration;

/// <summary>The reference's EulerDiscreteScheduler.</summary>
internal static class EulerScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var table = config.Noise().WithFiniteTerminalSnr();

        // An old spelling of 'sample'.
        var prediction = config.Get("prediction_type", "") == "original_sample" ? PredictionType.Sample : config.DiscretePrediction(sample: true);
        var logLinear = config.Choice("interpolation_type", "linear", ("linear", false), ("log_linear", true));
        var continuous = config.Choice("timestep_type", "discrete", ("discrete", false), ("continuous", true)) && prediction == PredictionType.Velocity;
        var (largest, smallest, endsClean) = (config.Get<double?>("sigma_max", null), config.Get<double?>("sigma_min", null), config.EndsClean());
        var levels = config.SigmaLevels(shapes: true);
        return new(new Euler(), prediction, call =>
        {
            var plain = levels(call) with { EndsClean = endsClean, Continuous = continuous };
            var grid = plain.Shape != SigmaShape.Plain ? Between(plain) : logLinear ? plain with { Shape = SigmaShape.LogLinear } : plain;
            return call switch
            {
                { Sigmas: not null, Timesteps: not null } => throw new ArgumentException("Sigmas or timesteps are given, not both.", nameof(call)),
                { Sigmas: { } sigmas } => new GivenLevels(call, sigmas.Count - 1, _ => SigmaSchedule.FromLevels(table, sigmas, grid.Spacing, continuous)),
                _ => (IGrid?)call.AtGivenTimes(table, grid) ?? grid,
            };
        })
        {
            Noise = table,
            Takes = SchedulerInputs.Sigmas | SchedulerInputs.Timesteps,
        };

        // Other shapes run between the ends of what they replace, and log-linear levels run over the whole table.
        SigmaGrid Between(SigmaGrid grid) => grid with
        {
            Largest = largest ?? (logLinear ? table.SigmaRatios[^1] : null),
            Smallest = smallest ?? (logLinear ? table.SigmaRatios[0] : null),
        };
    }
}
