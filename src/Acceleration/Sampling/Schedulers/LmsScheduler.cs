namespace Acceleration;

/// <summary>The reference's LMSDiscreteScheduler.</summary>
internal static class LmsScheduler
{
    public static Scheduler Of(SchedulerConfig config) => new(new Lms(), config.DiscretePrediction(sample: true), config.SigmaLevels(shapes: true))
    {
        Noise = config.Noise(rescales: false),
    };
}
