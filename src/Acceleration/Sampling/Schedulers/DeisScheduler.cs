namespace Acceleration;

/// <summary>The reference's DEISMultistepScheduler.</summary>
internal static class DeisScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var solver = new Deis(config.Order(3, more: true)) { LowerOrderFinal = config.Get("lower_order_final", true) };

        // The class takes settings of its kin for its own.
        _ = config.Choice("algorithm_type", "deis", ("deis", 0), ("dpmsolver", 0), ("dpmsolver++", 0));
        _ = config.Choice("solver_type", "logrho", ("logrho", 0), ("midpoint", 0), ("heun", 0), ("bh1", 0), ("bh2", 0));
        config.Expect("time_shift_type", "exponential", "these solvers shift by exp(mu).");
        var (table, shape) = (config.Noise(rescales: false), config.Shape());
        var levels = new MultistepLevels(table, shape) { Spacing = config.Spacing("linspace"), Offset = config.Get("steps_offset", 0), EndsClean = false, Stays = true };
        var flow = FlowMultistepLevels.Of(config, to: null);
        DpmSolverScheduler.RequirePlain(shape, flow);
        return new(solver, FlowMultistepLevels.Prediction(config, flow is not null), call => flow?.FromBelow(call) ?? levels.On(call))
        {
            Noise = flow is null ? table : null,
            Clip = config.Threshold(),
            Takes = flow is null ? SchedulerInputs.None : SchedulerInputs.Mu,
        };
    }
}
