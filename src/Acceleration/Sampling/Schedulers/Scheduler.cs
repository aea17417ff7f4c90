using System.Text.Json;

namespace Acceleration;

/// <summary>
/// A published scheduler, as its <c>scheduler_config.json</c> states it, in this library's parts: solver, noise levels, what the network predicts, and bounds on clean samples. Its numbers are those of the
/// reference class of that name.
/// </summary>
public sealed class Scheduler
{
    /// <summary>Characters of a configuration: forty times what a table of 1000 trained betas needs.</summary>
    internal const int LongestText = 1 << 20;
    private readonly Func<SchedulerCall, IGrid> _grid;

    internal Scheduler(ISolver solver, PredictionType prediction, Func<SchedulerCall, IGrid> grid) => (Solver, Prediction, _grid) = (solver, prediction, grid);

    /// <summary>The class, for example <c>DDIMScheduler</c>.</summary>
    public string ClassName { get; private set; } = "";

    /// <summary>How a prediction moves the latents.</summary>
    public ISolver Solver { get; }

    /// <summary>What the network predicts.</summary>
    public PredictionType Prediction { get; }

    /// <summary>Noise levels of training; null for flows and for networks that are told sigma itself.</summary>
    public NoiseTable? Noise { get; internal init; }

    /// <summary>Bounds on predicted clean samples; null for none.</summary>
    public SampleClip? Clip { get; internal init; }

    internal SchedulerInputs Takes { get; init; }

    internal Func<int, double>? MuOf { get; init; }

    /// <summary>Keys of the file that belong to other classes and have no influence on this one.</summary>
    public IReadOnlyList<string> Foreign { get; private set; } = [];

    /// <summary>Classes that can be read.</summary>
    public static IReadOnlyCollection<string> Known { get; } = [.. SchedulerFamilies.All.Keys];

    /// <summary>μ of a picture, for a schedule that shifts with the resolution: linear in its number of tokens, as the configuration says. Null where the noise levels do not depend on it.</summary>
    /// <param name="tokens">Image tokens of the network, at least 1.</param>
    public double? Mu(int tokens) => MuOf?.Invoke(Require.AtLeast(1, tokens, nameof(tokens)));

    /// <summary>The description of a run's noise levels, which a plan can hold.</summary>
    /// <param name="steps">N, at least 1.</param>
    public IGrid Grid(int steps) => Grid(new SchedulerCall(steps));

    /// <inheritdoc cref="Grid(int)"/>
    /// <param name="call">What the pipeline asks for.</param>
    /// <exception cref="ArgumentException">It asks for what this scheduler cannot do, or leaves out what it needs.</exception>
    public IGrid Grid(SchedulerCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireOnly(Takes, ClassName);
        return _grid(call);
    }

    /// <summary>The noise levels of a run.</summary>
    /// <param name="steps">N, at least 1.</param>
    public Schedule Schedule(int steps) => Schedule(new SchedulerCall(steps));

    /// <inheritdoc cref="Schedule(int)"/>
    /// <param name="call">What the pipeline asks for.</param>
    /// <exception cref="ArgumentException">It asks for what this scheduler cannot do, or leaves out what it needs.</exception>
    public Schedule Schedule(SchedulerCall call) => Grid(call).On(new DenoiserInfo { Name = ClassName, Prediction = Prediction, SampleSize = [1, 1, 1], Noise = Noise });

    /// <summary>Reads the configuration in a file.</summary>
    /// <param name="path">A <c>scheduler_config.json</c>, of 1,048,576 characters at most.</param>
    /// <param name="className">The class to read it as; null for the one it names.</param>
    /// <exception cref="SchedulerConfigException">It is not JSON, names a class or holds a key or value that is not known, or is too long; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scheduler FromFile(string path, string? className = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return FromConfig(BoundedText.Read(path, LongestText, "scheduler", reason => new SchedulerConfigException(null, reason)), className);
        }
        catch (SchedulerConfigException e)
        {
            throw e.In(path);
        }
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The text of a <c>scheduler_config.json</c>.</param>
    /// <param name="className">The class to read it as; null for the one it names.</param>
    /// <exception cref="SchedulerConfigException">It is not JSON, names a class or holds a key or value that is not known.</exception>
    public static Scheduler FromConfig(string json, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > LongestText)
        {
            throw new SchedulerConfigException(null, $"it has {json.Length} characters; {LongestText} at most.");
        }

        try
        {
            return FromConfig(PythonJson.Parse(json), className);
        }
        catch (JsonException e)
        {
            throw new SchedulerConfigException(null, LooksLikePath(json) ? $"'{PlanException.Shorten(json)}' looks like a path, not like JSON: use {nameof(Scheduler)}.{nameof(FromFile)}(path)." : $"it is not JSON: {e.Message}", e);
        }
    }

    private static bool LooksLikePath(string text) => text.Length > 0 && !text.AsSpan().ContainsAny("{\n") && (text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || text.AsSpan().ContainsAny("/\\"));

    /// <inheritdoc cref="FromConfig(string, string?)"/>
    public static Scheduler FromConfig(JsonElement json, string? className = null)
    {
        var config = new SchedulerConfig(json);
        var name = className ?? config.ClassName;
        if (!SchedulerFamilies.All.TryGetValue(name, out var family))
        {
            throw new SchedulerConfigException("_class_name", $"{(name.Length == 0 ? "it names no class" : $"'{PlanException.Shorten(name)}' is not supported")}; supported are {string.Join(", ", Known)}.");
        }

        try
        {
            var made = family(config);
            config.RequireKnown();
            (made.ClassName, made.Foreign) = (name, config.Foreign);
            return made;
        }
        catch (ArgumentException e)
        {
            throw new SchedulerConfigException(null, $"{name} cannot be made of it: {e.Message}", e);
        }
    }
}
