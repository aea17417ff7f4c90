namespace Acceleration.Onnx;

/// <summary>A weight and where its numbers lie.</summary>
/// <param name="Name">Its name; of one in a node, that of what the node makes.</param>
/// <param name="Form">Type, as ONNX numbers it, and sizes.</param>
/// <param name="File">The model's file, or that of weights.</param>
/// <param name="Begin">Where they begin there.</param>
/// <param name="Bytes">How many bytes they have; null for all to the end of the file.</param>
internal sealed record StoredWeight(string Name, string Form, string File, long Begin, long? Bytes);
