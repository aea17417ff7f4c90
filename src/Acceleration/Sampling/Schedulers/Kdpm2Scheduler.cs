namespace Acceleration;

/// <summary>The reference's KDPM2DiscreteScheduler and KDPM2AncestralDiscreteScheduler.</summary>
internal static class Kdpm2Scheduler
{
    public static Scheduler Of(SchedulerConfig config) => Of(config, new Kdpm2());

    public static Scheduler Ancestral(SchedulerConfig config) => Of(config, new Kdpm2 { Ancestral = true });

    private static Scheduler Of(SchedulerConfig config, Kdpm2 solver)
    {
        var levels = config.SigmaLevels(shapes: true);
        return new(solver, config.DiscretePrediction(sample: false), call => levels(call) is var grid && grid.Shape == SigmaShape.Karras ? grid with { WholeTimes = true } : grid)
        {
            Noise = config.Noise(start: 0.00085, end: 0.012, rescales: false),
        };
    }
}
