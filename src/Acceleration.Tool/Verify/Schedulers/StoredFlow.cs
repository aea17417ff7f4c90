namespace Acceleration.Tool;

/// <summary>The noise levels of a configured FlowMatchEulerDiscreteScheduler.</summary>
internal static class StoredFlow
{
    public static Schedule Grid(StoredConfig config, StoredConfig call, int steps)
    {
        // Where μ is given these only say how a pipeline found it.
        config.Ignore("base_image_seq_len", "max_image_seq_len", "base_shift", "max_shift");
        var shift = Shift(config, call);
        var shape = Shape(config);
        var (terminal, invert) = (config.Get<double?>("shift_terminal", null), config.Get("invert_sigmas", false));
        var trainSteps = config.Get("num_train_timesteps", 1000);
        if (call.Get<double[]?>("sigmas", null) is not { } sigmas)
        {
            return FlowSchedule.Make(steps, shift, terminal, shape, invert, trainSteps);
        }

        return sigmas.Length == steps
            ? FlowSchedule.FromSigmas(sigmas, shift, terminal, shape, invert, trainSteps)
            : throw new NotKnownException($"set_timesteps_kwargs: sigmas are {sigmas.Length} for {steps} steps.");
    }

    private static FlowShift Shift(StoredConfig config, StoredConfig call)
    {
        var type = config.Choice(
            "time_shift_type", "exponential", ("exponential", TimeShift.Exponential), ("linear", TimeShift.Linear));
        var factor = config.Get("shift", 1.0);
        var mu = call.Get<double?>("mu", null);
        return !config.Get("use_dynamic_shifting", false) ? FlowShift.Static(factor)
            : mu is { } given ? FlowShift.Dynamic(given, type)
            : throw new NotKnownException("config: use_dynamic_shifting needs mu in set_timesteps_kwargs.");
    }

    private static SigmaShape Shape(StoredConfig config)
    {
        (bool On, SigmaShape Shape)[] shapes =
        [
            (config.Get("use_karras_sigmas", false), SigmaShape.Karras),
            (config.Get("use_exponential_sigmas", false), SigmaShape.Exponential),
            (config.Get("use_beta_sigmas", false), SigmaShape.Beta),
        ];
        var on = shapes.Where(s => s.On).Select(s => s.Shape).ToArray();
        return on.Length switch
        {
            0 => SigmaShape.Plain,
            1 => on[0],
            _ => throw new NotKnownException($"config: only one shape of sigmas can be used, not {string.Join(" and ", on)}."),
        };
    }
}
