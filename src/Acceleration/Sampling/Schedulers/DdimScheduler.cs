namespace Acceleration;

/// <summary>The reference's DDIMScheduler.</summary>
internal static class DdimScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var (spacing, offset, ends) = (config.Spacing("leading"), config.Get("steps_offset", 0), config.Get("set_alpha_to_one", true));
        var (clip, threshold) = (config.PlainClip(otherwise: true), config.Threshold());
        return new(new Ddim(), config.DiscretePrediction(), call => new DdimGrid(call.Steps) { Spacing = spacing, Offset = offset, EndsClean = ends, Strict = false })
        {
            Noise = config.Noise(),
            Clip = threshold ?? clip,
        };
    }
}
