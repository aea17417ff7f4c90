namespace Acceleration;

/// <summary>Published schedulers in samplers.</summary>
public static class SchedulerExtensions
{
    private const float Tolerance = 1e-6f;

    /// <summary>Solves as a published scheduler does. A plan can hold it, unless the network states no noise table of its own.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="scheduler">The scheduler, for example of <see cref="Scheduler.FromFile"/>.</param>
    /// <param name="steps">N, at least 1.</param>
    /// <param name="mu">μ of a schedule that shifts with the resolution; null where it does not.</param>
    /// <inheritdoc cref="Solve(SamplerBuilder, Scheduler, SchedulerCall)" path="/exception"/>
    public static SamplerBuilder Solve(this SamplerBuilder builder, Scheduler scheduler, int steps, double? mu = null) => builder.Solve(scheduler, new SchedulerCall(steps) { Mu = mu });

    /// <summary>Solves as a published scheduler does. A plan can hold it, unless noise levels or timesteps are given, or the network states no noise table of its own.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="scheduler">The scheduler, for example of <see cref="Scheduler.FromFile"/>.</param>
    /// <param name="call">What is asked of it.</param>
    /// <exception cref="ArgumentException">It is configured for a network that predicts something else or was trained on other noise levels, or cannot do what is asked for.</exception>
    public static SamplerBuilder Solve(this SamplerBuilder builder, Scheduler scheduler, SchedulerCall call)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(scheduler);
        var network = builder.Network;
        if (scheduler.Prediction != network.Prediction)
        {
            throw new ArgumentException($"{scheduler.ClassName} is configured for a network that predicts {Words(scheduler.Prediction)}, and {network.Name} predicts {Words(network.Prediction)}. Use the configuration that was published with it.", nameof(scheduler));
        }

        RequireSameLevels(scheduler, network);
        var grid = scheduler.Grid(call);
        var lacks = network.Noise is null && scheduler.Noise is not null;
        return lacks || !Description.Has(grid.GetType())
            ? builder.Solve(scheduler.Solver, grid.On(lacks ? network with { Noise = scheduler.Noise } : network), scheduler.Clip)
            : builder.Solve(scheduler.Solver, grid, scheduler.Clip);
    }

    private static void RequireSameLevels(Scheduler scheduler, DenoiserInfo network)
    {
        if (network.Noise?.WithFiniteTerminalSnr() is not { } own || scheduler.Noise?.WithFiniteTerminalSnr() is not { } configured)
        {
            return;
        }

        if (own.TrainSteps != configured.TrainSteps)
        {
            throw Other($"{configured.TrainSteps} training steps", $"{own.TrainSteps}");
        }

        for (var t = 0; t < own.TrainSteps; t++)
        {
            if (MathF.Abs(own.AlphaBars[t] - configured.AlphaBars[t]) > Tolerance)
            {
                throw Other(FormattableString.Invariant($"a cumulative alpha of {configured.AlphaBars[t]} at training step {t}"), FormattableString.Invariant($"{own.AlphaBars[t]}"));
            }
        }

        ArgumentException Other(string there, string here) =>
            new($"{scheduler.ClassName} is configured for {there}, and {network.Name} was trained with {here}. Use the configuration that was published with it.", nameof(scheduler));
    }

    private static string Words(PredictionType type) => type switch
    {
        PredictionType.Epsilon => "the noise (epsilon)",
        PredictionType.Sample => "the clean sample (sample)",
        PredictionType.Velocity => "v (v_prediction)",
        PredictionType.Flow => "the velocity of a flow (flow_prediction)",
        _ => type.ToString(),
    };
}
