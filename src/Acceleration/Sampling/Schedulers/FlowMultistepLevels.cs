namespace Acceleration;

/// <summary>Flow levels of the DPM-Solver, UniPC and DEIS classes of the reference, which take the same keys in two ways.</summary>
internal sealed class FlowMultistepLevels
{
    private readonly double _shift;
    private readonly bool _isDynamic;
    private readonly int _trainSteps;

    private FlowMultistepLevels(double shift, bool isDynamic, int trainSteps) => (_shift, _isDynamic, _trainSteps) = (shift, isDynamic, trainSteps);

    /// <summary>σ at the end of the last step; null for the last level.</summary>
    public double? To { get; init; }

    /// <summary>Flow levels, or null where the configuration does not use them.</summary>
    public static FlowMultistepLevels? Of(SchedulerConfig config, double? to)
    {
        var (isUsed, shift, isDynamic) = (config.Get("use_flow_sigmas", false), config.Get("flow_shift", 1.0), config.Get("use_dynamic_shifting", false));
        return isUsed ? new(shift, isDynamic, config.TrainSteps()) { To = to } : null;
    }

    /// <summary>What the network predicts: on flow levels the flow, x0 or ε, on others not the flow.</summary>
    public static PredictionType Prediction(SchedulerConfig config, bool onFlow)
    {
        var type = config.Prediction();
        return type == (onFlow ? PredictionType.Velocity : PredictionType.Flow)
            ? throw new SchedulerConfigException("prediction_type", $"'{config.Get("prediction_type", "")}' does not go with use_flow_sigmas {(onFlow ? "true" : "false")}.")
            : type;
    }

    /// <summary>As DPM-Solver and DEIS have them: from 1 − 1/T to 0.</summary>
    public IGrid FromBelow(SchedulerCall call) => new FlowMultistepGrid(call.Steps, call.Mu is { } mu ? Math.Exp(RequireDynamic(mu)) : _shift) { StartsBelow = true, To = To, TrainSteps = _trainSteps };

    /// <summary>As UniPC has them: from 1 to 1/T, or given by the pipeline.</summary>
    /// <param name="call">What the pipeline asks for.</param>
    /// <param name="type">How its μ acts.</param>
    /// <param name="terminal">The last level after stretching, or null.</param>
    public IGrid FromNoise(SchedulerCall call, TimeShift type, double? terminal)
    {
        var shift = !_isDynamic ? _shift
            : call.Mu is not { } mu ? throw new ArgumentException("use_dynamic_shifting needs mu, which depends on the resolution.", nameof(call))
            : type == TimeShift.Linear ? mu : Math.Exp(mu);
        return call.Sigmas is { } given
            ? new GivenLevels(call, given.Count, _ => MultistepSchedule.Flow("flow-given", FlowSigmas.UniPc([.. given], _isDynamic ? FlowShift.Dynamic(shift, TimeShift.Linear) : FlowShift.Static(shift), terminal), To, _trainSteps))
            : new FlowMultistepGrid(call.Steps, shift) { Dynamic = _isDynamic, Terminal = terminal, To = To, TrainSteps = _trainSteps };
    }

    /// <summary>As UniPC has them where a shape of σ/α is asked for.</summary>
    public IGrid Shaped(SchedulerCall call, SigmaShape shape, double max, double min) =>
        new FlowMultistepGrid(call.Steps) { Shape = shape, Max = max, Min = min, To = To, TrainSteps = _trainSteps };

    private double RequireDynamic(double mu) => _isDynamic ? mu : throw new ArgumentException("mu is given, which needs use_dynamic_shifting.");
}
