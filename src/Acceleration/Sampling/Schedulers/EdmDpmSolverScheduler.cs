namespace Acceleration;

/// <summary>The reference's EDMDPMSolverMultistepScheduler.</summary>
internal static class EdmDpmSolverScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var solver = new DpmSolver(config.Order(3, more: true))
        {
            // The class takes a setting of its kin for its own nearest.
            Algorithm = config.Choice("algorithm_type", "dpmsolver++", ("dpmsolver++", DpmAlgorithm.PlusPlus), ("sde-dpmsolver++", DpmAlgorithm.StochasticPlusPlus), ("deis", DpmAlgorithm.PlusPlus)),
            Heun = DpmSolverScheduler.IsHeun(config),
            LowerOrderFinal = config.Get("lower_order_final", true),
            EulerAtFinal = config.Get("euler_at_final", false),
        };
        if (solver is { Algorithm: DpmAlgorithm.StochasticPlusPlus, Order: > 2 })
        {
            throw new SchedulerConfigException("solver_order", $"{solver.Order} does not go with algorithm_type 'sde-dpmsolver++', which has orders 1 and 2 in this class.");
        }

        var levels = EdmEulerScheduler.Levels(config);
        return new(solver, EdmEulerScheduler.Prediction(config), call => call.Steps == 1 && !levels.EndsClean ? Once(call, levels) : levels with { Steps = call.Steps }) { Clip = config.Threshold() };
    }

    /// <summary>One step from the largest level to the smallest, where <see cref="EdmGrid"/> has the former alone and stays there.</summary>
    private static GivenLevels Once(SchedulerCall call, EdmGrid levels) => new(call, 1, network =>
    {
        var both = (levels with { Steps = 2 }).On(network);
        return new(both.Name, both.Points[..1], both.Targets[..1], both.InitialNoiseScale) { Level = both.Level };
    });
}
