using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Acceleration.Onnx;

/// <summary>What ONNX Runtime says, as one exception with the file and the remedy.</summary>
internal static partial class SessionFault
{
    private const string Packages = "an application references Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu (CUDA), of the version of Microsoft.ML.OnnxRuntime.Managed";

    public static bool IsOurs(Exception e) => e is OnnxRuntimeException or TypeInitializationException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException;

    public static OnnxException InLoading(string file, Exception e) => new(file, e is OnnxRuntimeException ? KernelFault.Of(file, e.Message) ?? Reason(e.Message) : Native(e), e);

    public static OnnxException InCall(string file, OnnxRuntimeException e) => new(file, $"the call failed: {Bare(e.Message)}", e);

    /// <summary>The native library is missing or another version's.</summary>
    private static string Native(Exception e)
    {
        var root = e.GetBaseException();

        // An older library has no table of functions for a newer managed part: it returns null.
        return root is EntryPointNotFoundException or ArgumentNullException or NullReferenceException
            ? $"the native library of ONNX Runtime is of another version ({root.Message}): {Packages}."
            : $"the native library of ONNX Runtime cannot be loaded: {Packages}. {root.Message}";
    }

    private static string Reason(string message)
    {
        if (message.Contains("opset", StringComparison.OrdinalIgnoreCase) && Support().Match(message) is { Success: true })
        {
            return $"its operator set is newer than this ONNX Runtime knows; export it for an older one, or take a newer ONNX Runtime. {Bare(message)}";
        }

        if (message.Contains("External data", StringComparison.OrdinalIgnoreCase) || message.Contains("External initializer", StringComparison.OrdinalIgnoreCase) || message.Contains("external_data", StringComparison.OrdinalIgnoreCase))
        {
            return $"its weights lie in a file of their own, which is missing, too short or outside of the model's folder: copy the model with all files beside it. {Bare(message)}";
        }

        if (message.Contains("InvalidProtobuf", StringComparison.Ordinal) || message.Contains("Protobuf parsing failed", StringComparison.Ordinal))
        {
            return "it is not an ONNX model, or only a part of one: its bytes cannot be read as one.";
        }

        return message.Contains("is not a registered function/op", StringComparison.Ordinal)
            ? $"it uses an operator that this ONNX Runtime does not have. {Bare(message)}"
            : Bare(message);
    }

    private static string Bare(string message) => Code().Replace(message, "").Trim();

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*")]
    private static partial Regex Code();

    [GeneratedRegex(@"under development|only \*guarantees\* support|Unsupported model|Current official support", RegexOptions.IgnoreCase)]
    private static partial Regex Support();
}
