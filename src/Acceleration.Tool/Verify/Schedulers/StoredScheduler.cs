namespace Acceleration.Tool;

/// <summary>A configured scheduler of the reference, for one recorded run.</summary>
/// <param name="Grid">Its noise levels.</param>
/// <param name="Solver">Its update rule.</param>
/// <param name="Type">What its network predicts.</param>
/// <param name="Clip">Its bounds on clean samples.</param>
/// <param name="Table">Its training noise levels; null where it has none.</param>
internal sealed record StoredScheduler(Schedule Grid, ISolver Solver, PredictionType Type, SampleClip? Clip, NoiseTable? Table)
{
    /// <summary>What <see cref="Grid"/> was made from.</summary>
    public required IGrid Levels { get; init; }

    /// <summary>Whether its latents are the clean sample with noise of any deviation, of which the network is given a scaled copy.</summary>
    public bool IsInSigmaSpace => Grid.Points.All(p => p.Alpha == 1 && p.Sigma > 0);

    /// <summary>The classes that can be rebuilt.</summary>
    public static string Known => string.Join(", ", Scheduler.Known);

    /// <summary>Whether a class can be rebuilt.</summary>
    public static bool Knows(string? name) => name is not null && Scheduler.Known.Contains(name);

    /// <summary>Rebuilds a scheduler.</summary>
    /// <param name="name">Its class.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="call">What its set_timesteps was called with, beside the number of steps.</param>
    /// <param name="step">What its step was called with, beside the tensors.</param>
    /// <param name="steps">Number of steps.</param>
    /// <exception cref="NotKnownException">The class or a setting is not known, or has no meaning here.</exception>
    public static StoredScheduler Of(string name, StoredConfig config, StoredConfig call, StoredConfig step, int steps)
    {
        try
        {
            var made = Made(name, config);
            var levels = made.Grid(Call(call, steps));
            var grid = made.Schedule(Call(call, steps));
            var solver = StoredStep.Apply(made.Solver, step);
            call.RequireAllRead();
            step.RequireAllRead();
            return new(grid, solver, made.Prediction, made.Clip, made.Noise) { Levels = levels };
        }
        catch (ArgumentException e)
        {
            throw new NotKnownException($"{name} cannot be rebuilt: {e.Message}", e);
        }
    }

    /// <summary>A configured scheduler.</summary>
    /// <exception cref="NotKnownException">The class or a setting is not known.</exception>
    public static Scheduler Made(string name, StoredConfig config)
    {
        try
        {
            var made = Scheduler.FromConfig(config.Json, name);

            // A recorded configuration is complete: what its class does not know is no setting of another one.
            return made.Foreign.Count == 0 ? made : throw new NotKnownException($"{name}: {string.Join(", ", made.Foreign)} {(made.Foreign.Count == 1 ? "is a setting that is" : "are settings that are")} not known here.");
        }
        catch (SchedulerConfigException e)
        {
            throw new NotKnownException(e.Message, e);
        }
    }

    private static SchedulerCall Call(StoredConfig call, int steps) => new(steps)
    {
        Mu = call.Get<double?>("mu", null),
        Sigmas = call.Get<double[]?>("sigmas", null),
        Timesteps = call.Get<double[]?>("timesteps", null),
        Strength = call.Get("strength", 1.0),
        OriginalSteps = call.Get<int?>("original_inference_steps", null),
    };
}
