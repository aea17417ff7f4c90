namespace Acceleration;

/// <summary>The reference's LCMScheduler.</summary>
internal static class LcmScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        // Of no influence in the reference: timesteps are those of distillation, and the last step ends at its clean sample.
        _ = (config.Spacing("leading"), config.Get("steps_offset", 0), config.Get("set_alpha_to_one", true));
        var (distilled, scaling) = (config.Get("original_inference_steps", 50), config.Get("timestep_scaling", 10.0));
        var (clip, threshold) = (config.PlainClip(otherwise: false), config.Threshold());
        var noise = config.Noise(0.00085, 0.012, "scaled_linear");
        return distilled < 1 || distilled > noise.TrainSteps
            ? throw new SchedulerConfigException("original_inference_steps", $"{distilled} is not between 1 and num_train_timesteps = {noise.TrainSteps}.")
            : new(new Lcm { TimestepScaling = scaling }, config.DiscretePrediction(), call => Grid(call, distilled))
            {
                Noise = noise,
                Clip = threshold ?? clip,
                Takes = SchedulerInputs.Timesteps | SchedulerInputs.Strength | SchedulerInputs.OriginalSteps,
            };
    }

    private static IGrid Grid(SchedulerCall call, int distilled)
    {
        if (call.WholeTimesteps() is not { } given)
        {
            return new LcmGrid(call.Steps) { OriginalSteps = call.OriginalSteps ?? distilled, Strength = call.Strength };
        }

        var run = (int)(given.Length * call.Strength);
        return run > 0
            ? new TimestepGrid(given[^run..])
            : throw new ArgumentException(FormattableString.Invariant($"A strength of {call.Strength} leaves none of {given.Length} timesteps."));
    }
}
