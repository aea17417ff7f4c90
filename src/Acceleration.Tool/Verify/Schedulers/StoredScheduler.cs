namespace Acceleration.Tool;

/// <summary>Schedule and solver that stand for a configured scheduler of the reference.</summary>
/// <param name="Grid">Its noise levels.</param>
/// <param name="Solver">Its update rule.</param>
/// <param name="Type">What its network predicts.</param>
/// <param name="Clip">Its bounds on clean samples.</param>
/// <param name="Table">Its training noise levels; null for flows.</param>
internal sealed record StoredScheduler(Schedule Grid, ISolver Solver, PredictionType Type, SampleClip? Clip, NoiseTable? Table)
{
    private static readonly Dictionary<string, Func<StoredConfig, StoredConfig, StoredConfig, int, StoredScheduler>> Families = new()
    {
        ["DDIMScheduler"] = (config, _, step, steps) => Ddim(config, step, steps),
        ["FlowMatchEulerDiscreteScheduler"] = FlowEuler,
    };

    /// <summary>The classes that can be rebuilt.</summary>
    public static string Known => string.Join(", ", Families.Keys);

    /// <summary>Whether a class can be rebuilt.</summary>
    public static bool Knows(string? name) => name is not null && Families.ContainsKey(name);

    /// <summary>Rebuilds a scheduler.</summary>
    /// <param name="name">Its class.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="call">What its set_timesteps was called with, beside the number of steps.</param>
    /// <param name="step">What its step was called with, beside the tensors.</param>
    /// <param name="steps">Number of steps.</param>
    /// <exception cref="NotKnownException">The class or a setting is not known, or has no meaning here.</exception>
    public static StoredScheduler Of(string name, StoredConfig config, StoredConfig call, StoredConfig step, int steps)
    {
        if (!Families.TryGetValue(name, out var family))
        {
            throw new NotKnownException($"scheduler {name} is not known yet. Known are {Known}.");
        }

        StoredScheduler made;
        try
        {
            made = family(config, call, step, steps);
        }
        catch (ArgumentException e)
        {
            throw new NotKnownException($"{name} cannot be rebuilt: {e.Message}", e);
        }

        config.RequireAllRead();
        call.RequireAllRead();
        step.RequireAllRead();
        return made;
    }

    private static StoredScheduler Ddim(StoredConfig config, StoredConfig step, int steps)
    {
        var table = config.NoiseTable();
        var grid = DdimSchedule.Make(
            table, steps, config.Spacing("leading"), config.Get("steps_offset", 0), config.Get("set_alpha_to_one", true));
        var solver = new Ddim { Eta = step.Get("eta", 0.0), UseClippedModelOutput = step.Get("use_clipped_model_output", false) };
        var range = new SampleClip(config.Get("clip_sample_range", 1.0));
        var threshold = new SampleClip(
            ThresholdingRatio: config.Get("dynamic_thresholding_ratio", 0.995), MaxValue: config.Get("sample_max_value", 1.0));
        var (thresholds, clips) = (config.Get("thresholding", false), config.Get("clip_sample", true));
        return new(grid, solver, config.Prediction(), thresholds ? threshold : clips ? range : null, table);
    }

    private static StoredScheduler FlowEuler(StoredConfig config, StoredConfig call, StoredConfig step, int steps)
    {
        var solver = new FlowEuler { Stochastic = config.Get("stochastic_sampling", false) };
        return new(StoredFlow.Grid(config, call, steps), solver, PredictionType.Flow, null, null);
    }
}
