namespace Acceleration;

/// <summary>The reference's EDMEulerScheduler.</summary>
internal static class EdmEulerScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var grid = Levels(config);
        return new(new EdmEuler(), Prediction(config), call => grid with { Steps = call.Steps });
    }

    /// <summary>The levels that the EDM classes share, of one step.</summary>
    public static EdmGrid Levels(SchedulerConfig config)
    {
        // Its own levels count training steps alone, which no run does.
        _ = config.TrainSteps();
        return new(1)
        {
            Largest = config.Get("sigma_max", 80.0),
            Smallest = config.Get("sigma_min", 0.002),
            SigmaData = config.Get("sigma_data", 0.5),
            Rho = config.Get("rho", 7.0),
            Exponential = config.Choice("sigma_schedule", "karras", ("karras", false), ("exponential", true)),
            EndsClean = config.EndsClean(),
            UnitAdded = true,
        };
    }

    /// <summary>What their networks predict.</summary>
    public static PredictionType Prediction(SchedulerConfig config) =>
        config.Choice("prediction_type", "epsilon", ("epsilon", PredictionType.Preconditioned), ("v_prediction", PredictionType.Velocity));
}
