namespace Acceleration;

/// <summary>The reference's FlowMatchEulerDiscreteScheduler.</summary>
internal static class FlowEulerScheduler
{
    public static Scheduler Of(SchedulerConfig config)
    {
        var (baseTokens, maxTokens, baseShift, maxShift) = (config.Get("base_image_seq_len", 256), config.Get("max_image_seq_len", 4096), config.Get("base_shift", 0.5), config.Get("max_shift", 1.15));
        var (factor, type) = (config.Get("shift", 1.0), config.Choice("time_shift_type", "exponential", ("exponential", TimeShift.Exponential), ("linear", TimeShift.Linear)));
        var (isDynamic, shape) = (config.Get("use_dynamic_shifting", false), config.Shape());
        // The class takes 0 for none.
        var (terminal, inverted) = (config.Get<double?>("shift_terminal", null) is { } given and not 0 ? given : (double?)null, config.Get("invert_sigmas", false));
        var trainSteps = config.TrainSteps();
        return new(new FlowEuler { Stochastic = config.Get("stochastic_sampling", false) }, PredictionType.Flow, call =>
        {
            var shift = !isDynamic ? factor
                : call.Mu is not { } mu ? throw new ArgumentException("use_dynamic_shifting needs mu, which depends on the resolution.", nameof(call))
                : type == TimeShift.Linear ? mu : Math.Exp(mu);
            return Given(call, trainSteps) is { } sigmas
                ? new GivenLevels(call, sigmas.Count, _ => FlowSchedule.FromSigmas([.. sigmas], isDynamic ? FlowShift.Dynamic(shift, TimeShift.Linear) : FlowShift.Static(shift), terminal, shape, inverted, trainSteps))
                : new FlowGrid(call.Steps, shift) { Dynamic = isDynamic, Terminal = terminal, Shape = shape, Inverted = inverted, ToSmallest = true, TrainSteps = trainSteps };
        })
        {
            MuOf = isDynamic ? tokens => FlowShift.Mu(tokens, baseShift, maxShift, baseTokens, maxTokens) : null,
            Takes = SchedulerInputs.Mu | SchedulerInputs.Sigmas | SchedulerInputs.Timesteps,
        };
    }

    /// <summary>Levels before the shift that a call gives, as such or as timesteps; those as such count where it gives both.</summary>
    private static IReadOnlyList<double>? Given(SchedulerCall call, int trainSteps) =>
        call is { Sigmas: { } s, Timesteps: { } t } && s.Count != t.Count ? throw new ArgumentException($"{s.Count} sigmas and {t.Count} timesteps are given; they must be as many.", nameof(call))
        : call.Sigmas ?? call.Timesteps?.Select(t => (double)((float)t / trainSteps)).ToArray();
}
