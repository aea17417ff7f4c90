using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>A convolution of images. Does not own its tensors.</summary>
public sealed class Conv2d
{
    private readonly ScalarType _type;
    private readonly Func<Tensor, Tensor> _convolve;

    /// <summary>Makes one.</summary>
    /// <param name="weight">[outputs, inputs, kernel, kernel].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros around the image; null for half the kernel.</param>
    public Conv2d(Tensor weight, Tensor? bias, int stride = 1, int? padding = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        (_type, MultiplyAdds) = (weight.dtype, weight.numel());
        var zeros = padding ?? (weight.size(2) / 2);
        long[] strides = [stride, stride], paddings = [zeros, zeros];
        _convolve = x => functional.conv2d(x, weight, bias!, strides, paddings);
    }

    private Conv2d(PackedKernel packed, ScalarType type, double multiplyAdds) => (_convolve, _type, MultiplyAdds) = (packed.Convolve, type, multiplyAdds);

    /// <summary>Multiply-adds of one output pixel.</summary>
    public double MultiplyAdds { get; }

    /// <summary>One whose kernel is put into the order of the machine, where it has one of its own; null where not.</summary>
    /// <inheritdoc cref="Conv2d(Tensor, Tensor?, int, int?)"/>
    internal static Conv2d? Packed(Tensor weight, Tensor bias, int stride, int? padding) =>
        PackedKernel.Of(weight, bias, stride, padding ?? (int)(weight.size(2) / 2)) is { } packed ? new(packed, weight.dtype, weight.numel()) : null;

    /// <summary>Takes <c>name.weight</c> and <c>name.bias</c>.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="inputs">Channels of its input.</param>
    /// <param name="outputs">Channels of its output.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros around the image; null for half the kernel.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="dtype">Type to compute in; null for the source's own.</param>
    public static Conv2d Read(
        IWeightSource weights, string name, long inputs, long outputs, int kernel = 3, int stride = 1, int? padding = null, bool hasBias = true, ScalarType? dtype = null) => new(
        weights.Take(name + ".weight", [outputs, inputs, kernel, kernel], dtype),
        hasBias ? weights.Take(name + ".bias", [outputs], dtype) : null,
        stride,
        padding);

    /// <summary>Convolves, in the type of the weight.</summary>
    /// <param name="x">[rows, inputs, height, width].</param>
    /// <returns>[rows, outputs, ...], in the type of the weight.</returns>
    public Tensor Apply(Tensor x)
    {
        using var converted = x.dtype == _type ? null : x.to(_type);
        var result = _convolve(converted ?? x);
        CountedMultiplyAdds.Current?.Add(MultiplyAdds * result.size(0) * result.size(2) * result.size(3));
        return result;
    }
}
