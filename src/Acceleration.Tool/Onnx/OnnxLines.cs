using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace Acceleration.Tool;

/// <summary>ONNX Runtime, or why it does not load. Without it all but ONNX models works.</summary>
internal static class OnnxLines
{
    public static IReadOnlyList<DoctorLine> Of()
    {
        try
        {
            return [Loaded()];
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return [new("ONNX Runtime", e.GetBaseException().Message, "ONNX models need the package Microsoft.ML.OnnxRuntime, or Microsoft.ML.OnnxRuntime.Gpu for CUDA, of the version of its managed part")];
        }
    }

    // On its own, so that a library that does not load fails inside the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DoctorLine Loaded() => new("ONNX Runtime", $"{OrtEnv.Instance().GetVersionString()}, {string.Join(", ", OrtEnv.Instance().GetAvailableProviders().Select(p => p.Replace("ExecutionProvider", "", StringComparison.Ordinal)))}");
}
