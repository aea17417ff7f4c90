using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration;

/// <summary>
/// The kernel of a convolution, in the order in which oneDNN reads it on this processor. libtorch otherwise puts it into that order in every call, which few rows, or a wide kernel on a small image, feel as much as the convolution itself.
/// Results are those of libtorch's own call, bit for bit where that takes oneDNN too. Its tensors belong to the dispose scope in which it was made.
/// </summary>
public sealed class PackedKernel
{
    private readonly Tensor _packed;
    private readonly Tensor _bias;
    private readonly int _stride;
    private readonly int _padding;
    private readonly long _inputs;

    private PackedKernel(Tensor packed, Tensor bias, int stride, int padding, long inputs) => (_packed, _bias, _stride, _padding, _inputs) = (packed, bias, stride, padding, inputs);

    /// <summary>Packs a kernel.</summary>
    /// <param name="kernel">[outputs, inputs, height, width], float32 or bfloat16. It is no longer needed afterwards.</param>
    /// <param name="bias">[outputs], of the same type.</param>
    /// <param name="stride">Pixels from one output to the next, at least 1.</param>
    /// <param name="padding">Zeros around the image, at least 0.</param>
    /// <returns>Null where there is nothing to gain: on other devices, for other types, and where this libtorch or processor cannot do it.</returns>
    /// <exception cref="ArgumentException">The kernel and the bias do not fit each other.</exception>
    public static PackedKernel? Of(Tensor kernel, Tensor bias, int stride = 1, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(bias);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        if (kernel.ndim != 4 || bias.ndim != 1 || bias.size(0) != kernel.size(0) || bias.dtype != kernel.dtype)
        {
            throw new ArgumentException($"A convolution's kernel is [outputs, inputs, height, width] and its bias [outputs], of one type; they are {kernel.dtype} [{string.Join(", ", kernel.shape)}] and {bias.dtype} [{string.Join(", ", bias.shape)}].", nameof(kernel));
        }

        return kernel.device_type == TorchSharp.DeviceType.CPU && kernel.numel() > 0 && OneDnn.HasKernels(kernel.dtype, stride, padding)
            ? new(OneDnn.Pack(kernel, stride, padding), bias, stride, padding, kernel.size(1))
            : null;
    }

    /// <summary>Convolves.</summary>
    /// <param name="x">[rows, inputs, height, width], of the kernel's type.</param>
    /// <returns>[rows, outputs, ...], channels side by side.</returns>
    /// <exception cref="ArgumentException">The images have other channels or another type.</exception>
    public Tensor Convolve(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.ndim != 4 || x.size(1) != _inputs || x.dtype != _bias.dtype)
        {
            throw new ArgumentException($"The kernel takes {_bias.dtype} [rows, {_inputs}, height, width]; got {x.dtype} [{string.Join(", ", x.shape)}].", nameof(x));
        }

        if (!is_grad_enabled() || !x.requires_grad)
        {
            return OneDnn.Convolve(x, _packed, _bias, _stride, _padding);
        }

        // Nothing is known of the packed form's gradients. The graph holds what it needs of the kernel.
        using var kernel = _packed.to_dense();
        return functional.conv2d(x, kernel, _bias, [_stride, _stride], [_padding, _padding]);
    }
}
