using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>A graph of a split model as it is written, which ONNX Runtime has found good.</summary>
/// <param name="File">Its file.</param>
/// <param name="Model">What is in it; large weights are not.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Outputs">What it makes.</param>
internal sealed record PartModel(string File, ModelProto Model, IReadOnlyList<Port> Inputs, IReadOnlyList<Port> Outputs);
