namespace Acceleration;

/// <summary>The reference's DPMSolverSinglestepScheduler.</summary>
internal static class DpmSinglestepScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var algorithm = DpmSolverScheduler.Algorithm(config);
        if (algorithm == DpmAlgorithm.StochasticNoise)
        {
            throw new SchedulerConfigException("algorithm_type", "'sde-dpmsolver' has no singlestep form; supported are dpmsolver++, dpmsolver, sde-dpmsolver++.");
        }

        var solver = new DpmSinglestep(config.Order(3)) { Algorithm = algorithm, Heun = DpmSolverScheduler.IsHeun(config), LowerOrderFinal = config.Get("lower_order_final", false) };
        var (table, shape) = (config.Noise(rescales: false), config.Shape());
        var endsClean = MultistepLevels.EndIsClean(config);
        DpmSolverScheduler.RequireEnd(config, algorithm, endsClean);
        return DpmSolverScheduler.Made(config, solver, table, shape, new(table, shape) { EndsClean = endsClean, LambdaMin = MultistepLevels.LowestOf(config) }, endsClean);
    }
}
