namespace Acceleration;

/// <summary>The reference's IPNDMScheduler: for networks that predict v and are told a time from 1 to 0.</summary>
internal static class IpndmScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        // Of no influence: levels are made for each run.
        _ = config.TrainSteps();
        return new(
            new Ipndm(),
            PredictionType.Velocity,
            config.Get<float[]?>("trained_betas", null) is { } levels
                ? call => new GivenLevels(call, levels.Length - 1, _ => IpndmGrid.Through(levels))
                : call => new IpndmGrid(call.Steps));
    }
}
