namespace Acceleration;

/// <summary>The reference's HeunDiscreteScheduler.</summary>
internal static class HeunScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var (table, levels) = (config.Noise(start: 0.00085, end: 0.012, rescales: false), config.SigmaLevels(shapes: true));
        return new(new Heun(), config.DiscretePrediction(sample: true), call => (IGrid?)call.AtGivenTimes(table, levels(call)) ?? levels(call))
        {
            Noise = table,
            Takes = SchedulerInputs.Timesteps,
            Clip = config.PlainClip(otherwise: false),
        };
    }
}
