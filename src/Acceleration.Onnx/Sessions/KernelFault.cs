using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Acceleration.Onnx;

/// <summary>
/// Operators that are not computed in the type that a model has them in. Of float16 ONNX Runtime computes on the CPU in float32 what it has no kernel for; of bfloat16 it does not, and has hardly any.
/// </summary>
internal static partial class KernelFault
{
    /// <summary>The operator and what would be right; null where the message is of something else.</summary>
    /// <param name="file">The model.</param>
    /// <param name="message">What ONNX Runtime says.</param>
    public static string? Of(string file, string message)
    {
        if (Missing().Match(message) is { Success: true } missing)
        {
            var (op, set, node) = (missing.Groups[1].Value, missing.Groups[2].Value, missing.Groups[3].Value);
            var remedy = IsBFloat16(file)
                ? "The model is in bfloat16, in which the CPU computes hardly any operator: export it in float32 or float16, or take a provider that has it."
                : "Export it with another type there, or take a provider that has it.";
            return $"the operator '{op}' of set {set}{(node.Length > 0 ? $", node '{node}'," : "")} has no kernel for its type on this provider. {remedy}";
        }

        return Invalid().Match(message) is { Success: true } invalid
            ? $"the operator '{invalid.Groups[3].Value}', node '{invalid.Groups[4].Value}', does not take {invalid.Groups[1].Value} ('{invalid.Groups[2].Value}') in the model's operator set: export it in float32 or float16."
            : null;
    }

    private static bool IsBFloat16(string file)
    {
        try
        {
            var graph = ModelReader.Read(file).Graph;
            var types = graph.Initializer.Select(w => w.DataType).Concat(graph.Input.Select(i => i.Type?.TensorType?.ElemType ?? 0)).Concat(graph.Node.Where(n => n.OpType == "Cast").SelectMany(n => n.Attribute).Select(a => (int)a.I));
            return types.Contains((int)TensorElementType.BFloat16);
        }
        catch (OnnxException)
        {
            // What ONNX Runtime has read is not refused for this.
            return false;
        }
    }

    [GeneratedRegex(@"Could not find an implementation for ([\w.]+)\((\d+)\)(?: node with name '([^']*)')?")]
    private static partial Regex Missing();

    [GeneratedRegex(@"Type 'tensor\((\w+)\)' of input parameter \(([^)]*)\) of operator \((\w+)\) in node \(([^)]*)\) is invalid")]
    private static partial Regex Invalid();
}
