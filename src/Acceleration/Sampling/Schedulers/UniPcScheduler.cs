namespace Acceleration;

/// <summary>The reference's UniPCMultistepScheduler.</summary>
internal static class UniPcScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var solver = new UniPc(config.Order(9))
        {
            // The class takes settings of its kin for bh2.
            Bh1 = config.Choice("solver_type", "bh2", ("bh2", false), ("bh1", true), ("midpoint", false), ("heun", false), ("logrho", false)),
            OfNoise = !config.Get("predict_x0", true),
            LowerOrderFinal = config.Get("lower_order_final", true),
            Uncorrected = config.Get<int[]>("disable_corrector", []) is { Length: > 0 } steps ? [.. steps.Where(s => s >= 0).Distinct().Order()] : null,
        };
        if (config.Says("solver_p"))
        {
            throw new SchedulerConfigException("solver_p", "another scheduler as predictor is not supported; null is.");
        }

        var endsClean = MultistepLevels.EndIsClean(config);
        if (solver.Bh1 && endsClean)
        {
            throw new SchedulerConfigException("final_sigmas_type", "'zero' does not go with solver_type 'bh1', whose last step is then not finite; 'sigma_min' does.");
        }

        return Made(config, solver, endsClean);
    }

    private static Scheduler Made(SchedulerConfig config, UniPc solver, bool endsClean)
    {
        var (table, shape) = (config.Noise().WithFiniteTerminalSnr(), config.Shape());
        var (max, min) = (config.Get<double?>("sigma_max", null), config.Get<double?>("sigma_min", null));
        var levels = new MultistepLevels(table, shape)
        {
            Spacing = config.Spacing("linspace"),
            Offset = config.Get("steps_offset", 0),
            EndsClean = endsClean,
            Max = max,
            Min = min,
            Stays = true,
        };
        var type = config.Choice("time_shift_type", "exponential", ("exponential", TimeShift.Exponential), ("linear", TimeShift.Linear));
        var terminal = config.Get<double?>("shift_terminal", null) is { } given and not 0 ? given : (double?)null;
        var flow = FlowMultistepLevels.Of(config, endsClean ? 0 : null);
        if (flow is not null && shape is not (SigmaShape.Plain or SigmaShape.Karras))
        {
            DpmSolverScheduler.RequirePlain(shape, flow);
        }

        if (terminal is not null && flow is null)
        {
            throw new SchedulerConfigException("shift_terminal", "it needs use_flow_sigmas.");
        }

        return new(solver, FlowMultistepLevels.Prediction(config, flow is not null), call => flow is null ? levels.On(WithoutLevels(call))
            : shape == SigmaShape.Plain ? flow.FromNoise(call, type, terminal)
            : flow.Shaped(WithoutLevels(call), shape, max ?? table.SigmaRatios[^1], min ?? table.SigmaRatios[0]))
        {
            Noise = flow is null ? table : null,

            // As in the reference, which bounds clean samples alone.
            Clip = config.Threshold() is { } clip && solver.RefuseClip() is null ? clip : null,
            Takes = SchedulerInputs.Sigmas | (flow is null ? SchedulerInputs.None : SchedulerInputs.Mu),
        };
    }

    private static SchedulerCall WithoutLevels(SchedulerCall call) =>
        call.Sigmas is null ? call : throw new ArgumentException("Noise levels can be given to plain flow levels alone (use_flow_sigmas).", nameof(call));
}
