namespace Acceleration.Onnx;

/// <summary>How a model is loaded, and what its files do not say.</summary>
public sealed record OnnxOptions
{
    /// <summary>What computes it.</summary>
    public OnnxProvider Provider { get; init; } = OnnxProvider.Cpu;

    /// <summary>Whether operators that <see cref="Provider"/> does not know may be computed on the CPU; else such a model is refused.</summary>
    public bool AllowCpuOperators { get; init; } = true;

    /// <summary>Threads of one operator; null for as many as libtorch has. They sleep between calls, because libtorch's work on the same processors then.</summary>
    public int? Threads { get; init => field = value is < 1 ? throw new ArgumentOutOfRangeException(nameof(Threads), value, "Threads are at least 1, or null for libtorch's number.") : value; }

    /// <summary>Whether threads hold their processors between calls: measured by the benchmarks, which is what <see cref="Threads"/> rests on.</summary>
    internal bool ThreadsSpin { get; init; }

    /// <summary>
    /// Whether the multiply-adds of a model that is not split are counted while it is loaded: a second session makes two or three calls of two and three rows, for which the model's memory is taken once more. Otherwise one token is said to cost 1,
    /// so that what strategies spare is told in network calls, and in tokens where the resolution changes. A split model knows what its parts cost.
    /// </summary>
    public bool CountsWork { get; init; }

    /// <summary>What the network predicts; null for what a scheduler_config.json beside the model says.</summary>
    public PredictionType? Prediction { get; init; }

    /// <summary>The training noise schedule of variance-preserving networks; null for what a scheduler_config.json says.</summary>
    public NoiseTable? Noise { get; init; }

    /// <summary>What the network is taken to predict where neither <see cref="Prediction"/> nor a scheduler_config.json says it; null to refuse it then. For looking at a model or splitting it, where that matters little.</summary>
    public PredictionType? AssumedPrediction { get; init; }

    /// <summary>As <see cref="AssumedPrediction"/>, of the training noise schedule.</summary>
    public NoiseTable? AssumedNoise { get; init; }

    /// <summary>Latent size of one sample, [channels, height, width] or [channels, frames, height, width]; null for what the model or a config.json beside it says.</summary>
    public IReadOnlyList<long>? SampleSize { get; init; }

    /// <summary>Classes of a class-conditional network, whose label of that number means none; null for what a config.json says.</summary>
    public int? Classes { get; init; }

    /// <summary>Side of a patch in latent pixels; null for what a config.json says, or 1.</summary>
    public int? Patch { get; init; }

    /// <summary>What the timestep is multiplied with before the model is told it: 0.001 for FLUX. Null for what is usual for the kind of network.</summary>
    public double? TimeScale { get; init; }

    /// <summary>Inputs by the model's names that are not to be recognised, but are what is said here.</summary>
    public IReadOnlyDictionary<string, OnnxInput> Inputs { get; init; } = new Dictionary<string, OnnxInput>();

    /// <summary>The output that is the prediction; null for the only one, or the first.</summary>
    public string? Output { get; init; }

    /// <summary>Name for reports; null for the file's or folder's.</summary>
    public string? Name { get; init; }
}
