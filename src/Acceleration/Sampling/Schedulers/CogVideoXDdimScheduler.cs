namespace Acceleration;

/// <summary>The reference's CogVideoXDDIMScheduler: DDIM on noise levels that are moved before they are rescaled to zero terminal SNR. The class has clipping among its settings and never clips.</summary>
internal static class CogVideoXDdimScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var (spacing, offset, ends) = (config.Spacing("leading"), config.Get("steps_offset", 0), config.Get("set_alpha_to_one", true));
        var (shift, toZero) = (config.Get("snr_shift_scale", 3.0), config.Get("rescale_betas_zero_snr", false));
        if (!(shift > 0 && double.IsFinite(shift)))
        {
            throw new SchedulerConfigException("snr_shift_scale", FormattableString.Invariant($"it is {shift}; it must be above 0."));
        }

        _ = (config.Get("clip_sample", true), config.Get("clip_sample_range", 1.0), config.Get("sample_max_value", 1.0));
        return new(new Ddim(), config.DiscretePrediction(), call => new DdimGrid(call.Steps) { Spacing = spacing, Offset = offset, EndsClean = ends, Strict = false })
        {
            Noise = config.Noise(0.00085, 0.012, "scaled_linear", rescales: false).Moved(shift, toZero),
        };
    }
}
