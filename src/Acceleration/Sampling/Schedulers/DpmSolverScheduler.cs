namespace Acceleration;

/// <summary>The reference's DPMSolverMultistepScheduler.</summary>
internal static class DpmSolverScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var solver = new DpmSolver(config.Order(3, more: true))
        {
            Algorithm = Algorithm(config),
            Heun = IsHeun(config),
            LowerOrderFinal = config.Get("lower_order_final", true),
            EulerAtFinal = config.Get("euler_at_final", false),
        };
        var (table, shape) = (config.Noise().WithFiniteTerminalSnr(), config.Shape(lu: true));
        var endsClean = MultistepLevels.EndIsClean(config);
        RequireEnd(config, solver.Algorithm, endsClean);
        var levels = new MultistepLevels(table, shape)
        {
            Spacing = config.Spacing("linspace"),
            Offset = config.Get("steps_offset", 0),
            EndsClean = endsClean,
            LambdaMin = MultistepLevels.LowestOf(config),
            CutsTimes = config.Get("beta_schedule", "linear") == "squaredcos_cap_v2",
        };
        return Made(config, solver, table, shape, levels, endsClean);
    }

    /// <summary>What the DPM-Solver classes share from here on.</summary>
    public static Scheduler Made(SchedulerConfig config, ISolver solver, NoiseTable table, SigmaShape shape, MultistepLevels levels, bool endsClean)
    {
        // Bounds the output's channels there; here the first half of them is the mean wherever a network learned its variance.
        _ = config.Choice("variance_type", "none", ("none", 0), ("learned", 1), ("learned_range", 2));
        config.Expect("time_shift_type", "exponential", "these solvers shift by exp(mu).");
        var flow = FlowMultistepLevels.Of(config, endsClean ? 0 : table.SigmaRatios[0]);
        RequirePlain(shape, flow);
        return new(solver, FlowMultistepLevels.Prediction(config, flow is not null), call => flow?.FromBelow(call) ?? levels.On(call))
        {
            Noise = flow is null ? table : null,
            Clip = config.Threshold(),
            Takes = flow is null ? SchedulerInputs.Timesteps : SchedulerInputs.Mu,
        };
    }

    /// <summary>The class takes settings of its kin for its own nearest.</summary>
    public static DpmAlgorithm Algorithm(SchedulerConfig config) => config.Choice(
        "algorithm_type",
        "dpmsolver++",
        ("dpmsolver++", DpmAlgorithm.PlusPlus),
        ("dpmsolver", DpmAlgorithm.Noise),
        ("sde-dpmsolver++", DpmAlgorithm.StochasticPlusPlus),
        ("sde-dpmsolver", DpmAlgorithm.StochasticNoise),
        ("deis", DpmAlgorithm.PlusPlus));

    public static bool IsHeun(SchedulerConfig config) =>
        config.Choice("solver_type", "midpoint", ("midpoint", false), ("heun", true), ("logrho", false), ("bh1", false), ("bh2", false));

    public static void RequireEnd(SchedulerConfig config, DpmAlgorithm algorithm, bool endsClean)
    {
        if (endsClean && !DpmTerms.IsClean(algorithm))
        {
            throw new SchedulerConfigException("final_sigmas_type", $"'zero' does not go with algorithm_type '{config.Get("algorithm_type", "")}', which needs 'sigma_min'.");
        }
    }

    /// <exception cref="SchedulerConfigException">The reference would take levels of a variance-preserving network for those of a flow.</exception>
    public static void RequirePlain(SigmaShape shape, FlowMultistepLevels? flow)
    {
        if (flow is not null && shape != SigmaShape.Plain)
        {
            throw new SchedulerConfigException("use_flow_sigmas", $"true does not go with {shape.ToString().ToLowerInvariant()} levels, which are of sigma/alpha.");
        }
    }
}
