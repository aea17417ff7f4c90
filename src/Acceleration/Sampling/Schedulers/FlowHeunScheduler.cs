namespace Acceleration;

/// <summary>The reference's FlowMatchHeunDiscreteScheduler.</summary>
internal static class FlowHeunScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var (shift, trainSteps) = (config.Get("shift", 1.0), config.TrainSteps());
        return new(new FlowHeun(), PredictionType.Flow, call => new FlowGrid(call.Steps, shift) { ToSmallest = true, TrainSteps = trainSteps });
    }
}
