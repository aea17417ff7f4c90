using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>oneDNN's products with a fused activation, and its convolutions with a kernel in its own order, which libtorch registers for its own compiler and TorchSharp does not bind.</summary>
internal static class OneDnn
{
    private const int LargestStride = 2;
    private const int LargestPadding = 3;

    private static readonly Lazy<jit.ScriptModule?> Module = new(Load);
    private static readonly Lazy<bool> Float32 = new(() => Computes(ScalarType.Float32));
    private static readonly Lazy<bool> BFloat16 = new(() => Computes(ScalarType.BFloat16));
    private static readonly Lazy<bool> Float32Kernels = new(() => Convolves(ScalarType.Float32));
    private static readonly Lazy<bool> BFloat16Kernels = new(() => Convolves(ScalarType.BFloat16));

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

    /// <summary>Whether kernels can be put into oneDNN's order for convolutions of a type, a stride and a padding.</summary>
    public static bool HasKernels(ScalarType type, int stride, int padding) => stride <= LargestStride && padding <= LargestPadding && type switch
    {
        ScalarType.Float32 => Float32Kernels.Value,
        ScalarType.BFloat16 => BFloat16Kernels.Value,
        _ => false,
    };

    /// <summary>A kernel in oneDNN's order: its elements can be reached by <see cref="Convolve"/> and <c>to_dense</c> alone.</summary>
    public static Tensor Pack(Tensor kernel, int stride, int padding) => (Tensor)Module.Value!.invoke($"pack_{stride}_{padding}", kernel);

    /// <summary>A convolution with a packed kernel.</summary>
    /// <param name="x">[rows, inputs, height, width].</param>
    /// <param name="packed">By <see cref="Pack"/>, for this stride and padding.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="padding">0 to 3.</param>
    /// <returns>[rows, outputs, ...], channels side by side.</returns>
    public static Tensor Convolve(Tensor x, Tensor packed, Tensor bias, int stride, int padding) => (Tensor)Module.Value!.invoke($"convolve_{stride}_{padding}", x, packed, bias);

    private static bool Computes(ScalarType type)
    {
        using var scope = NewDisposeScope();
        return Runs(() =>
        {
            var x = ones(2, 8, type, CPU);
            LinearGelu(x, x, null, GeluForm.Tanh);
        });
    }

    private static bool Convolves(ScalarType type)
    {
        using var scope = NewDisposeScope();
        return Runs(() =>
        {
            var kernel = ones([8, 8, 3, 3], type, CPU);
            Convolve(kernel, Pack(kernel, 1, 1), ones(8, type, CPU), 1, 1);
        }) && KeepsTheOrder(type);
    }

    /// <summary>
    /// Whether the order in which a kernel is packed is the one in which it is read. On processors without AVX-512 it is not: oneDNN then puts it into another in every call, element by element, and that takes up to thirty times as long as libtorch's own call.
    /// </summary>
    private static bool KeepsTheOrder(ScalarType type)
    {
        var (image, kernel, bias) = (ones([1, 16, 16, 128], type, CPU).permute(0, 3, 1, 2), ones([128, 128, 3, 3], type, CPU), ones(128, type, CPU));
        var packed = Pack(kernel, 1, 1);
        return Least(() => Convolve(image, packed, bias, 1, 1)) < 2 * Least(() => nn.functional.conv2d(image, kernel, bias, [1, 1], [1, 1]));

        static TimeSpan Least(Func<Tensor> call)
        {
            var least = TimeSpan.MaxValue;
            for (var i = 0; i < 6; i++)
            {
                var from = Stopwatch.GetTimestamp();
                call().Dispose();
                var taken = Stopwatch.GetElapsedTime(from);
                least = taken < least ? taken : least;
            }

            return least;
        }
    }

    private static bool Runs(Action work)
    {
        if (Module.Value is null)
        {
            return false;
        }

        try
        {
            work();
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
        var products = Method("tanh", "tanh", bias: false) + Method("tanh_bias", "tanh", bias: true) + Method("erf", "none", bias: false) + Method("erf_bias", "none", bias: true);
        var convolutions = from stride in Enumerable.Range(1, LargestStride) from padding in Enumerable.Range(0, LargestPadding + 1) select Convolution(stride, padding);
        return ScriptArchive.Load(products + string.Concat(convolutions));
    }

    private static string Convolution(int stride, int padding) => $"""
          def pack_{stride}_{padding}(self, kernel: Tensor) -> Tensor:
            return torch.mkldnn_reorder_conv2d_weight(torch.to_mkldnn(kernel), [{padding}, {padding}], [{stride}, {stride}], [1, 1], 1)
          def convolve_{stride}_{padding}(self, x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
            none = annotate(List[Optional[number]], [])
            return ops.mkldnn._convolution_pointwise(x, kernel, bias, [{padding}, {padding}], [{stride}, {stride}], [1, 1], 1, "none", none, "")

        """;

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
