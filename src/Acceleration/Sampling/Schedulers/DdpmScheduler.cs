namespace Acceleration;

/// <summary>The reference's DDPMScheduler.</summary>
internal static class DdpmScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var variance = config.Get("variance_type", "fixed_small") == "fixed_large_log"
            ? throw new SchedulerConfigException("variance_type", "'fixed_large_log' takes the root of a logarithm below zero in the reference, which is no number; fixed_large is what it means.")
            : config.Choice(
                "variance_type",
                "fixed_small",
                ("fixed_small", DdpmVariance.FixedSmall),
                ("fixed_small_log", DdpmVariance.FixedSmallLog),
                ("fixed_large", DdpmVariance.FixedLarge),
                ("learned", DdpmVariance.Learned),
                ("learned_range", DdpmVariance.LearnedRange));
        var (spacing, offset) = (config.Spacing("leading"), config.Get("steps_offset", 0));
        var (clip, threshold) = (config.PlainClip(otherwise: true), config.Threshold());
        return new(
            new Ddpm { Variance = variance },
            config.DiscretePrediction(),
            call => call.WholeTimesteps() is { } given ? new TimestepGrid(given) : new DdimGrid(call.Steps) { Spacing = spacing, Offset = offset })
        {
            Noise = config.Noise(),
            Clip = threshold ?? clip,
            Takes = SchedulerInputs.Timesteps,
        };
    }
}
