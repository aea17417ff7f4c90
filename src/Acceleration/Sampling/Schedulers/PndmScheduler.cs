namespace Acceleration;

/// <summary>The reference's PNDMScheduler.</summary>
internal static class PndmScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var (spacing, offset) = (config.Spacing("leading"), config.Get("steps_offset", 0));
        var (ends, skips) = (config.Get("set_alpha_to_one", false), config.Get("skip_prk_steps", false));
        return new(
            new Pndm(),
            config.DiscretePrediction(sample: false),
            call => new PndmGrid(call.Steps) { Spacing = spacing, Offset = offset, EndsClean = ends, RungeKutta = !skips })
        {
            Noise = config.Noise(rescales: false),
        };
    }
}
