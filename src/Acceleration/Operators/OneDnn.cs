using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>oneDNN's products with a fused activation, which libtorch registers for its own compiler and TorchSharp does not bind.</summary>
internal static class OneDnn
{
    private static readonly Lazy<jit.ScriptModule?> Module = new(Load);
    private static readonly Lazy<bool> Float32 = new(() => Computes(ScalarType.Float32));
    private static readonly Lazy<bool> BFloat16 = new(() => Computes(ScalarType.BFloat16));

    // The function behind the operator. Its mangled name holds its signature, so a libtorch that has it takes these arguments.
    private const string Function =
        "_ZN2at6native28mkldnn_convolution_pointwiseERKNS_6TensorES3_RKSt8optionalIS1_EN3c108ArrayRefIlEESA_SA_lSt17basic_string_viewIcSt11char_traitsIcEENS8_4ListIS4_INS8_6ScalarEEEES4_ISE_E";

    /// <summary>Whether this libtorch has the operator and this processor computes it in a type: bfloat16 needs AVX-512.</summary>
    public static bool HasLinearGelu(ScalarType type) => type switch
    {
        ScalarType.Float32 => Float32.Value,
        ScalarType.BFloat16 => BFloat16.Value,
        _ => false,
    };

    /// <summary>gelu(x·Wᵀ + b) in one operator, the activation in the product's registers.</summary>
    /// <param name="x">[..., K].</param>
    /// <param name="weight">[N, K].</param>
    /// <param name="bias">[N], or null.</param>
    /// <param name="form">The form of GELU.</param>
    /// <returns>[..., N].</returns>
    public static Tensor LinearGelu(Tensor x, Tensor weight, Tensor? bias, GeluForm form) => (Tensor)(bias is null
        ? Module.Value!.invoke(form == GeluForm.Tanh ? "tanh" : "erf", x, weight)
        : Module.Value!.invoke(form == GeluForm.Tanh ? "tanh_bias" : "erf_bias", x, weight, bias));

    private static bool Computes(ScalarType type)
    {
        if (Module.Value is null)
        {
            return false;
        }

        using var scope = NewDisposeScope();
        var x = ones(2, 8, type, CPU);
        try
        {
            LinearGelu(x, x, null, GeluForm.Tanh);
            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    private static jit.ScriptModule? Load()
    {
        // Asking TorchScript for an operator that is not there would end the process, so the library is asked for the function. libtorch is loaded by now and is
        // found by its name alone; where the symbols are hidden, as on Windows, the operator counts as missing.
        var present = OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libtorch_cpu.so", out var library)
            && NativeLibrary.TryGetExport(library, Function, out _);
        if (!present)
        {
            return null;
        }

        using var detached = NewDisposeScope();
        return ScriptArchive.Load(Method("tanh", "tanh", bias: false) + Method("tanh_bias", "tanh", bias: true) + Method("erf", "none", bias: false) + Method("erf_bias", "none", bias: true));
    }

    // A 1×1 convolution over channels-last views, see MatrixProduct.Convolve. The list of scalars is for other activations. Only tensors can be passed in.
    private static string Method(string name, string algorithm, bool bias) => $"""
          def {name}(self, x: Tensor, weight: Tensor{(bias ? ", bias: Tensor" : "")}) -> Tensor:
            none = annotate(List[Optional[number]], [])
            image = torch.permute(torch.reshape(x, [1, 1, -1, torch.size(weight, 1)]), [0, 3, 1, 2])
            kernel = torch.unsqueeze(torch.unsqueeze(weight, -1), -1)
            y = ops.mkldnn._convolution_pointwise(image, kernel, {(bias ? "bias" : "None")}, [0, 0], [1, 1], [1, 1], 1, "gelu", none, "{algorithm}")
            return torch.reshape(torch.permute(y, [0, 2, 3, 1]), torch.add(torch.slice(torch.size(x), None, -1), [torch.size(weight, 0)]))

        """;
}
