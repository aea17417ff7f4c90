using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One component of a whole model, as its files state it.</summary>
/// <param name="Name">What the model calls it, for example <c>unet</c>.</param>
/// <param name="ClassName">Its class, as its makers call it; null where nothing says it.</param>
public sealed record ModelComponent(string Name, string? ClassName)
{
    /// <summary>Numbers in its weights; null where it has none, as tokenizers and schedulers, or they cannot be read.</summary>
    public long? Parameters { get; init; }

    /// <summary>Bytes of its weights.</summary>
    public long Bytes { get; init; }

    /// <summary>Element types of its weights, that of most numbers first.</summary>
    public IReadOnlyList<ScalarType> Types { get; init; } = [];

    /// <summary>Why its weights cannot be read; null where they can, or there are none.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads the headers of a component's weights.</summary>
    internal static ModelComponent Of(IModelSource source, string name, string? className)
    {
        if (HasNoWeights(name))
        {
            return new(name, className);
        }

        try
        {
            using var file = source.Open(name);
            return new(name, CheckpointConfig.Of(file).ClassName ?? className)
            {
                Parameters = file.Tensors.Values.Sum(Count),
                Bytes = file.Tensors.Values.Sum(t => t.Bytes),
                Types = [.. file.Tensors.Values.GroupBy(t => t.DType).OrderByDescending(g => g.Sum(Count)).Select(g => g.Key)],
            };
        }
        catch (CheckpointException e)
        {
            return new(name, className) { Problem = e.Message };
        }
    }

    private static bool HasNoWeights(string name) => name == "scheduler" || name.StartsWith("tokenizer", StringComparison.Ordinal) || name.StartsWith("feature_extractor", StringComparison.Ordinal);

    private static long Count(TensorEntry tensor) => tensor.Shape.Aggregate(1L, (product, side) => product * side);
}
