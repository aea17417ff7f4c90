using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its type.</param>
/// <param name="Size">Its size; −1 for what a call chooses.</param>
/// <param name="Symbols">Names of chosen sizes; empty where there is none.</param>
internal sealed record Port(string Name, ScalarType DType, IReadOnlyList<long> Size, IReadOnlyList<string> Symbols)
{
    public int Rank => Size.Count;

    public bool IsFloat => DType is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float64;

    public bool IsInteger => DType is ScalarType.Int64 or ScalarType.Int32;

    /// <exception cref="OnnxException">It is no tensor, or of a type that libtorch does not have.</exception>
    public static Port Of(string file, string name, NodeMetadata given) =>
        given.IsTensor && ElementTypes.Torch(given.ElementDataType) is { } type
            ? new(name, type, [.. given.Dimensions.Select(d => (long)d)], given.SymbolicDimensions)
            : throw new OnnxException(file, $"'{name}' is {(given.IsTensor ? $"a tensor of type {given.ElementDataType}" : given.OnnxValueType.ToString())}, which cannot be handed over.");

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {DType.ToString().ToLowerInvariant()} [{string.Join(", ", Size.Select((s, i) => s >= 0 ? $"{s}" : i < Symbols.Count && Symbols[i].Length > 0 ? Symbols[i] : "?"))}]";
}
