namespace Acceleration;

/// <summary>The reference's EulerAncestralDiscreteScheduler.</summary>
internal static class EulerAncestralScheduler
{
    public static Scheduler Of(SchedulerConfig config) => new(new EulerAncestral(), config.DiscretePrediction(sample: false), config.SigmaLevels(shapes: false))
    {
        Noise = config.Noise().WithFiniteTerminalSnr(),
    };
}
